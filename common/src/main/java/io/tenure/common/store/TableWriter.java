package io.tenure.common.store;

import io.tenure.common.table.Contract;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes the rows of a table that are at hand as a file of it, as Spark would, but without a job:
 * types and comments are those that Spark leaves.
 */
public final class TableWriter {
  private static final int BATCH = 512;

  private TableWriter() {}

  /**
   * Writes a table.
   *
   * @param folder of the table; must not exist, or be empty
   * @param rows the values of all columns of the contract: String, Integer, Long, Double, Boolean,
   *     LocalDate, Instant or BigDecimal, by the column's type; null where the column is optional
   * @return how many they were
   * @throws io.tenure.common.UserError of storage, if it cannot be written
   * @throws IllegalStateException if a required column has no value
   */
  public static long write(
      Configuration hadoop, String folder, Contract contract, Iterator<Object[]> rows) {
    return write(hadoop, folder, contract, 0, rows);
  }

  /**
   * Writes one of several files of a table; arguments and result as above.
   *
   * @param part its number, from 0
   */
  public static long write(
      Configuration hadoop, String folder, Contract contract, int part, Iterator<Object[]> rows) {
    Path directory = new Path(folder);
    Path file = new Path(directory, String.format(Locale.ROOT, "part-%05d.snappy.parquet", part));
    long count = 0;
    try {
      Storage.of(directory, hadoop); // which leaves no checksum files
      try (ColumnarFile out = new ColumnarFile(file, hadoop, contract)) {
        for (List<Object[]> some = some(rows); !some.isEmpty(); some = some(rows)) {
          out.write(some);
          count += some.size();
        }
        out.finish();
      }
    } catch (IOException e) {
      throw Storage.failed("write", file, e);
    }
    return count;
  }

  /** A loop of its own, so that making rows and writing them are not compiled as one. */
  private static List<Object[]> some(Iterator<Object[]> rows) {
    List<Object[]> some = new ArrayList<>(BATCH);
    while (some.size() < BATCH && rows.hasNext()) {
      some.add(rows.next());
    }
    return some;
  }
}
