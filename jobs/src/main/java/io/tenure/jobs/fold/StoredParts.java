package io.tenure.jobs.fold;

import io.tenure.common.UserError;
import io.tenure.common.store.TableReader;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.catalyst.expressions.Murmur3HashFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * The new parts of one partition and what is stored of its users, both sorted by user, as one
 * sequence sorted by user.
 */
final class StoredParts implements Iterator<Part> {
  /** The seed with which Spark hashes what it partitions by. */
  private static final long SEED = 42;

  private static final List<String> COLUMNS = List.of("user", "history");

  private final Iterator<Part> fresh;
  private final TableReader.Rows stored;
  private final StateFiles.Numbered file;
  private final int partitions;
  private Part nextFresh;
  private Part nextStored;

  /**
   * @param fresh sorted by user
   * @param file closed when the task ends
   * @param partitions how many files there are
   */
  StoredParts(
      Iterator<Part> fresh, Configuration hadoop, StateFiles.Numbered file, int partitions) {
    this.fresh = fresh;
    this.file = file;
    this.partitions = partitions;
    this.stored = read(() -> TableReader.file(hadoop, file.path()).bytes(COLUMNS));
    TaskContext.get()
        .addTaskCompletionListener(
            task -> {
              stored.close();
            });
    nextFresh = fresh.hasNext() ? fresh.next() : null;
    nextStored = store(null);
  }

  /** The next user stored; what the run before read of its files is no user. */
  private Part store(Part last) {
    while (stored.hasNext()) {
      Object[] row = read(stored::next);
      byte[] user = (byte[]) row[0];
      if (user == null) {
        continue;
      }
      if (last != null && Part.compareUsers(last.user(), user) >= 0
          || partition(user) != file.number()) {
        throw UserError.storage(
            "The histories in %s are not cut and sorted as Spark %s does it; a run with --full writes them anew."
                .formatted(file.path(), org.apache.spark.package$.MODULE$.SPARK_VERSION()),
            null);
      }
      return new Part(user, (byte[]) row[1], true);
    }
    return null;
  }

  /** Reads; a file that is damaged stays so, however often it is read. */
  private static <T> T read(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (UserError e) {
      throw UserError.storage(
          e.getMessage()
              + " If it fails again, the histories are damaged: a run with --full writes them anew.",
          e);
    }
  }

  private int partition(byte[] user) {
    return Math.floorMod(
        (int) Murmur3HashFunction.hash(user, DataTypes.BinaryType, SEED), partitions);
  }

  @Override
  public boolean hasNext() {
    return nextFresh != null || nextStored != null;
  }

  @Override
  public Part next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (nextStored == null
        || nextFresh != null && Part.compareUsers(nextFresh.user(), nextStored.user()) <= 0) {
      Part part = nextFresh;
      nextFresh = fresh.hasNext() ? fresh.next() : null;
      return part;
    }
    Part part = nextStored;
    nextStored = store(part);
    return part;
  }
}
