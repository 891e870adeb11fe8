package io.tenure.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What the file system lacks for whole folders. */
final class Folders {
  private Folders() {}

  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : all) {
      Files.delete(path);
    }
  }

  /** An empty folder of this path. */
  static Path empty(Path folder) throws IOException {
    delete(folder);
    return Files.createDirectories(folder);
  }

  /** Bytes of all files below a folder; symbolic links are not followed. */
  static long bytes(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.filter(Files::isRegularFile).toList();
    }
    long bytes = 0;
    for (Path path : all) {
      bytes += Files.size(path);
    }
    return bytes;
  }

  /** Hard links to every file of a folder, in a folder of this name. */
  static void link(Path folder, Path copy) throws IOException {
    Files.createDirectories(copy);
    try (Stream<Path> found = Files.list(folder)) {
      for (Path file : found.toList()) {
        Files.createLink(copy.resolve(file.getFileName()), file);
      }
    }
  }
}
