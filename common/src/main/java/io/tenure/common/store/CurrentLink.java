package io.tenure.common.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The symbolic link {@code current} of an output on a local file system. */
final class CurrentLink {
  private CurrentLink() {}

  /** Points the link at a run, in one rename. */
  static void point(Path output, String runId) {
    Path link = output.resolve("current");
    Path fresh = output.resolve("_current.link");
    Path target = Path.of("runs", runId);
    try {
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        return;
      }
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, target);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | UnsupportedOperationException e) {
      throw StorageFailure.of("point", link + " at " + target, e);
    }
  }
}
