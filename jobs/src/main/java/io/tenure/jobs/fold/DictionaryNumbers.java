package io.tenure.jobs.fold;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import org.apache.spark.sql.execution.vectorized.Dictionary;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * The numbers of the strings in one column of batches, remembered by their position in the column's
 * dictionary for as long as that stays, which is a row group: most strings are then looked up once
 * a file.
 */
final class DictionaryNumbers {
  private static final int UNKNOWN = 0;
  private static final MethodHandle DICTIONARY = dictionary();

  private ColumnVector column;
  private WritableColumnVector ids;
  private Object dictionary;
  private long generation;
  private int[] numbers = new int[1 << 10];

  /** Spark has a setter of this field and no getter. */
  private static MethodHandle dictionary() {
    try {
      return MethodHandles.privateLookupIn(WritableColumnVector.class, MethodHandles.lookup())
          .findGetter(WritableColumnVector.class, "dictionary", Dictionary.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("This version of Spark keeps dictionaries elsewhere", e);
    }
  }

  /**
   * Goes on to a column of the next batch.
   *
   * @param current changes when numbers that were remembered are no longer valid
   */
  void open(ColumnVector next, long current) {
    column = next;
    ids =
        next instanceof WritableColumnVector vector && vector.hasDictionary()
            ? vector.getDictionaryIds()
            : null;
    if (ids == null) {
      return;
    }
    Object found = dictionaryOf((WritableColumnVector) next);
    if (found != dictionary || current != generation) {
      dictionary = found;
      generation = current;
      Arrays.fill(numbers, UNKNOWN);
    }
  }

  private static Object dictionaryOf(WritableColumnVector vector) {
    try {
      return (Dictionary) DICTIONARY.invokeExact(vector);
    } catch (Throwable e) {
      throw new IllegalStateException("Cannot read the dictionary of a column", e);
    }
  }

  /** The column that was opened last. */
  ColumnVector column() {
    return column;
  }

  /** The position of a row's string in the dictionary; -1 if the column has none. */
  int position(int row) {
    return ids == null ? -1 : ids.getDictId(row);
  }

  /** What is remembered of a position; 0 if nothing is. */
  int number(int position) {
    return position < numbers.length ? numbers[position] : UNKNOWN;
  }

  void remember(int position, int number) {
    if (position >= numbers.length) {
      numbers = Arrays.copyOf(numbers, Math.max(position + 1, 2 * numbers.length));
    }
    numbers[position] = number;
  }
}
