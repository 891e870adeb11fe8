package io.tenure.common.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The symbolic link {@code current} of an output on a local file system. */
final class CurrentLink {
  private CurrentLink() {}

  /** Whether something that is no link has its name. */
  static boolean isTaken(Path output) {
    Path link = output.resolve("current");
    return Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link);
  }

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
