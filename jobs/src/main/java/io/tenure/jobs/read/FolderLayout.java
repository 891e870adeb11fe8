package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.common.store.FileSystems;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
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
  static FolderLayout of(String pathOrGlob, InputFiles files, Configuration hadoop) {
    int depth = depth(pathOrGlob, hadoop);
    FolderLayout layout = FLAT;
    InputFile first = files.files().get(0);
    boolean byColumn = isByColumn(first, depth);
    for (InputFile file : files.files()) {
      if (isByColumn(file, depth) != byColumn) {
        throw UserError.input(
            ("Cannot read input.path '%s': of %s and %s one is in a folder column=value and the"
                    + " other is not. Move one of them, or name the folder in input.path.")
                .formatted(pathOrGlob, first.path(), file.path()));
      }
      if (new Path(file.path()).depth() > depth + 1) {
        layout = byColumn ? BY_COLUMN : NESTED;
      }
    }
    return layout;
  }

  /** A glob matches as many levels as it has itself. */
  private static int depth(String pathOrGlob, Configuration hadoop) {
    try {
      Path path = new Path(pathOrGlob);
      return FileSystems.of(path, hadoop).makeQualified(path).depth();
    } catch (IOException e) {
      throw InputFiles.unlisted(pathOrGlob, e);
    }
  }

  private static boolean isByColumn(InputFile file, int depth) {
    Path folder = new Path(file.path()).getParent();
    for (; folder.depth() > depth; folder = folder.getParent()) {
      if (folder.getName().contains("=")) {
        return true;
      }
    }
    return false;
  }

  /** What Spark's reader must be told. */
  Map<String, String> options() {
    return this == NESTED ? Map.of("recursiveFileLookup", "true") : Map.of();
  }
}
