package io.tenure.common.store;

import io.tenure.common.UserError;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * Which files of a folder that tasks wrote count: {@code _committed.json}. Readers of the folder
 * pass over that name, so the others must not stay there.
 *
 * @param files relative to the folder
 */
record CommittedFiles(List<String> files) {
  private static final String NAME = "_committed.json";

  CommittedFiles {
    Objects.requireNonNull(files, "no files");
  }

  /**
   * Ends a write: says which files count, and removes all others.
   *
   * @throws UserError of storage, if one of them is not there
   */
  static void commit(Storage storage, Path folder, List<String> files) {
    Path written = storage.qualified(folder);
    storage.write(new Path(written, NAME), new CommittedFiles(files));
    Set<Path> present = storage.files(written);
    for (String file : files) {
      if (!present.contains(new Path(written, file))) {
        throw UserError.storage(
            "Cannot write %s: %s was there and is gone. It is safe to run again."
                .formatted(written, file),
            null);
      }
    }
    removeOthers(storage, written, present);
  }

  /** The name of a file that counts and is gone; empty if a folder is whole. */
  static Optional<String> lost(Storage storage, Path folder) {
    Path written = storage.qualified(folder);
    Optional<CommittedFiles> list =
        storage.findUsable(new Path(written, NAME), CommittedFiles.class);
    if (list.isEmpty()) {
      return Optional.of(NAME);
    }
    Set<Path> present = storage.files(written);
    return list.get().files().stream()
        .filter(file -> !present.contains(new Path(written, file)))
        .findFirst();
  }

  /** Removes what does not count from the folders below one whose writes ended. */
  static void sweep(Storage storage, Path root) {
    Set<Path> present = storage.files(storage.qualified(root));
    for (Path file : present) {
      if (file.getName().equals(NAME)) {
        removeOthers(storage, file.getParent(), present);
      }
    }
  }

  private static void removeOthers(Storage storage, Path folder, Set<Path> present) {
    Path list = new Path(folder, NAME);
    Optional<CommittedFiles> known = storage.findUsable(list, CommittedFiles.class);
    if (known.isEmpty()) {
      return; // what counts is not known any more
    }
    Set<Path> counting = new HashSet<>(Set.of(list));
    for (String file : known.get().files()) {
      counting.add(new Path(folder, file));
    }
    for (Path file : present) {
      if (file.toString().startsWith(folder + "/") && !counting.contains(file)) {
        storage.delete(file);
      }
    }
  }
}
