package io.tenure.jobs.fold;

import org.apache.spark.unsafe.types.UTF8String;

/** The facts of the file that rows come from, looked up only when the file changes. */
final class CurrentFile {
  private final ReadFacts facts;
  private UTF8String path;
  private ReadFacts.FileFacts file;

  CurrentFile(ReadFacts facts) {
    this.facts = facts;
  }

  ReadFacts.FileFacts of(UTF8String rowPath) {
    if (path == null || !path.equals(rowPath)) {
      path = rowPath.copy();
      file = facts.file(path.toString());
    }
    return file;
  }
}
