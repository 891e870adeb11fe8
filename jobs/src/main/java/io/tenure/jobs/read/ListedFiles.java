package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.common.store.FileSystems;
import io.tenure.common.store.StorageFailure;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Whether files were read as they were listed. */
final class ListedFiles {
  private ListedFiles() {}

  /**
   * Requires it: Spark lists the input for itself, and what is gone by then is no error to it. A
   * file with more rows than listed was replaced, and the next run reads it again.
   *
   * @param footers empty for formats without
   * @param rows that were read, by the files' URIs
   * @throws UserError of storage
   */
  static void requireRead(
      Optional<Footers> footers,
      Collection<InputFile> opened,
      Map<String, Long> rows,
      Configuration hadoop) {
    Map<String, Long> expected =
        footers.map(Footers::footers).stream()
            .flatMap(Collection::stream)
            .collect(Collectors.toMap(Footers.Footer::path, Footers.Footer::rows));
    for (InputFile file : opened) {
      long read = rows.getOrDefault(file.uri(), 0L);
      boolean asListed =
          footers.isPresent()
              ? read >= expected.get(file.path())
              : read > 0 || file.size() == 0 || isThere(file, hadoop);
      if (!asListed) {
        throw UserError.storage(
            "%s was removed or replaced while this run began: it had more rows when it was listed. Run again."
                .formatted(file.path()),
            null);
      }
    }
  }

  private static boolean isThere(InputFile file, Configuration hadoop) {
    try {
      Path path = new Path(file.path());
      return FileSystems.of(path, hadoop).exists(path);
    } catch (IOException e) {
      throw StorageFailure.of("look for", file.path(), e);
    }
  }
}
