package io.tenure.jobs.fold;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.spark.unsafe.types.UTF8String;

/** The facts of the file that rows come from, looked up only when the file changes. */
final class CurrentFile {
  private final ReadFacts facts;

  /** The very object of the last row, which is mostly that of the next, too. */
  private UTF8String last;

  private UTF8String path;
  private ReadFacts.FileFacts file;

  CurrentFile(ReadFacts facts) {
    this.facts = facts;
  }

  ReadFacts.FileFacts of(UTF8String rowPath) {
    if (rowPath == last) {
      return file;
    }
    last = rowPath;
    if (path == null || !path.equals(rowPath)) {
      path = rowPath.copy();
      file = facts.file(spelled(path.toString()));
    }
    return file;
  }

  /** Spark has two spellings of a local path, {@code file:/x} and {@code file:///x}: the first. */
  private static String spelled(String path) {
    URI uri = URI.create(path);
    try {
      return new URI(uri.getScheme(), uri.getAuthority(), uri.getPath(), null, null).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Not the path of a file: " + path, e);
    }
  }
}
