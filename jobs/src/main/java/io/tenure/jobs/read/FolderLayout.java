package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * How the files lie in folders below {@code input.path}.
 *
 * <p>Spark descends into folders named {@code column=value} and leaves out the files of all others
 * without a word, unless it is told to descend everywhere, which makes it forget the columns.
 */
enum FolderLayout {
  /** In the folder itself. */
  FLAT,
  /** In folders named {@code column=value}, and further ones below those. */
  BY_COLUMN,
  /** In folders of other names, such as {@code 2024/03/01}. */
  NESTED;

  /**
   * The layout of listed files.
   *
   * @throws UserError of input, if some files are in folders {@code column=value} and some are not
   */
  static FolderLayout of(String key, String pathOrGlob, InputFiles files) {
    FolderLayout layout = FLAT;
    InputFile first = files.files().get(0);
    boolean byColumn = isByColumn(first, files);
    for (InputFile file : files.files()) {
      columns(file, files)
          .forEach(
              (column, value) -> {
                if (column.isEmpty() || value.isEmpty()) {
                  throw UserError.input(
                      "Cannot read %s '%s': in the path of %s the folder %s=%s has no %s. Rename it."
                          .formatted(
                              key,
                              pathOrGlob,
                              file.path(),
                              column,
                              value,
                              column.isEmpty() ? "name" : "value"));
                }
              });
      if (isByColumn(file, files) != byColumn) {
        throw UserError.input(
            ("Cannot read %1$s '%2$s': of %3$s and %4$s one is in a folder column=value and the"
                    + " other is not. Move one of them, or name the folder in %1$s.")
                .formatted(key, pathOrGlob, first.path(), file.path()));
      }
      Path folder = new Path(file.path()).getParent();
      if (!files.roots().contains(folder) && !files.roots().contains(new Path(file.path()))) {
        layout = byColumn ? BY_COLUMN : NESTED;
      }
    }
    return layout;
  }

  /** By the folders below the one that the path or glob names. */
  private static boolean isByColumn(InputFile file, InputFiles files) {
    return !columns(file, files).isEmpty();
  }

  /** The columns that folders give the rows of a file, and their values, the innermost first. */
  private static Map<String, String> columns(InputFile file, InputFiles files) {
    Map<String, String> columns = new LinkedHashMap<>();
    Path at = new Path(file.path());
    while (at != null && !files.roots().contains(at)) {
      at = at.getParent();
      if (at != null && !files.roots().contains(at) && at.getName().contains("=")) {
        String[] nameAndValue = at.getName().split("=", 2);
        columns.putIfAbsent(nameAndValue[0], nameAndValue[1]);
      }
    }
    return columns;
  }

  /** The value that folders give a column in the rows of a file, as the folder spells it. */
  static Optional<String> value(String column, InputFile file, InputFiles files) {
    return Optional.ofNullable(columns(file, files).get(column));
  }

  /** The columns that folders give. */
  Set<String> columns(InputFiles files) {
    return this == BY_COLUMN ? columns(files.files().get(0), files).keySet() : Set.of();
  }

  /** What Spark's reader must be told. */
  Map<String, String> options() {
    return this == NESTED ? Map.of("recursiveFileLookup", "true") : Map.of();
  }
}
