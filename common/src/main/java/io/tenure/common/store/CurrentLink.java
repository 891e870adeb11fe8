package io.tenure.common.store;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The symbolic link {@code current} of an output on a local file system. */
final class CurrentLink {
  private CurrentLink() {}

  /** Whether the link is there. */
  static boolean isThere(Path output) {
    return Files.isSymbolicLink(output.resolve("current"));
  }

  /** Whether something that is no link has its name. */
  static boolean isTaken(Path output) {
    Path link = output.resolve("current");
    return Files.exists(link, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link);
  }

  /**
   * Points the link at a run, in one rename.
   *
   * @return whether the file system has links
   */
  static boolean point(Path output, String runId) {
    Path link = output.resolve("current");
    Path fresh = output.resolve("_current.link");
    Path target = Path.of("runs", runId);
    try {
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        return true;
      }
      Files.deleteIfExists(fresh);
      if (!isMade(fresh, target)) {
        return false;
      }
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (IOException e) {
      throw StorageFailure.of("point", link + " at " + target, e);
    }
  }

  /** As file systems say it that know no links: SMB, and FAT. */
  private static boolean isMade(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
      return true;
    } catch (UnsupportedOperationException e) {
      return false;
    } catch (FileSystemException e) {
      String reason = String.valueOf(e.getReason());
      if (reason.contains("not supported") || reason.contains("Operation not permitted")) {
        return false;
      }
      throw e;
    }
  }
}
