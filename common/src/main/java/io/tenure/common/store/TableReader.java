package io.tenure.common.store;

import io.tenure.common.UserError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/**
 * Reads a table as its files hold it, one row at a time, without a Spark job: for tables of
 * results, which are small.
 *
 * <p>Values are String, Integer, Long, Double, Boolean, LocalDate, Instant or BigDecimal, by the
 * column's type, and null for NULL.
 */
public final class TableReader {
  private final Configuration hadoop;
  private final List<FileStatus> files;

  private TableReader(Configuration hadoop, List<FileStatus> files) {
    this.hadoop = hadoop;
    this.files = files;
  }

  /** The files of a table in the order of their names; none if there is no such folder. */
  public static TableReader open(Configuration hadoop, String folder) {
    Path directory = new Path(folder);
    try {
      List<FileStatus> files =
          Arrays.stream(Storage.of(directory, hadoop).list(directory))
              .filter(file -> file.getPath().getName().startsWith("part-"))
              .sorted()
              .toList();
      return new TableReader(hadoop, files);
    } catch (IOException e) {
      throw Storage.failed("read", directory, e);
    }
  }

  /**
   * One file.
   *
   * @throws io.tenure.common.UserError of storage, if it is not there
   */
  public static TableReader file(Configuration hadoop, String path) {
    Path file = new Path(path);
    try {
      return new TableReader(hadoop, List.of(FileSystems.of(file, hadoop).getFileStatus(file)));
    } catch (IOException e) {
      throw Storage.failed("read", file, e);
    }
  }

  /** Where the files are, in the order of their names. */
  public List<String> paths() {
    return files.stream().map(file -> file.getPath().toString()).toList();
  }

  /** A reader for each file. */
  public List<TableReader> each() {
    return files.stream().map(file -> new TableReader(hadoop, List.of(file))).toList();
  }

  /** The size of the files. */
  public long bytes() {
    return files.stream().mapToLong(FileStatus::getLen).sum();
  }

  /** Rows of one file after another, until it is closed. */
  public interface Rows extends Iterator<Object[]>, AutoCloseable {
    @Override
    void close();
  }

  /**
   * All rows.
   *
   * @param columns the values wanted, in this order; a column that the files lack is NULL
   * @param filter rows that are not wanted; pages of such rows alone are left out
   */
  public Rows rows(List<String> columns, Optional<FilterPredicate> filter) {
    return new OneAfterAnother(columns, filter, false);
  }

  /** All rows, with texts and other bytes as they are stored: byte arrays. */
  public Rows bytes(List<String> columns) {
    return new OneAfterAnother(columns, Optional.empty(), true);
  }

  /**
   * All rows of a table whose files are sorted, in that order.
   *
   * @param order of all files
   */
  public Rows sorted(List<String> columns, Comparator<Object[]> order) {
    List<Rows> each = new ArrayList<>();
    for (TableReader file : each()) {
      each.add(file.rows(columns, Optional.empty()));
    }
    return each.size() == 1 ? each.get(0) : new MergedRows(each, order);
  }

  /** The same, read by a thread of their own while those before are looked at. */
  public Rows sortedAhead(List<String> columns, Comparator<Object[]> order) {
    return new ReadAhead(sorted(columns, order));
  }

  /** What the table's schema is; empty if it has no files. */
  public Optional<MessageType> schema() {
    return files.isEmpty() ? Optional.empty() : Optional.of(footer(files.get(0)).getSchema());
  }

  /** Spark's description of the table, as JSON; empty if it has no files, or Spark knows none. */
  public Optional<String> sparkSchema() {
    return files.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(
            footer(files.get(0)).getKeyValueMetaData().get(ParquetTypes.SPARK_SCHEMA));
  }

  private FileMetaData footer(FileStatus status) {
    Path file = status.getPath();
    // Without options it would read the configuration of Hadoop anew, which takes longer than all
    // else.
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            HadoopInputFile.fromStatus(status, hadoop),
            HadoopReadOptions.builder(hadoop, file).build())) {
      return reader.getFooter().getFileMetaData();
    } catch (IOException e) {
      throw Storage.failed("read", file, e);
    }
  }

  /** The batch after the last. */
  private static final Object[][] NO_MORE = {};

  private final class OneAfterAnother implements Rows {
    private final Iterator<Path> rest;
    private final List<String> columns;
    private final FilterCompat.Filter filter;
    private final boolean asBytes;
    private Path file;
    private RowBatches batches;
    private Object[][] batch = {};
    private int at;

    OneAfterAnother(List<String> columns, Optional<FilterPredicate> filter, boolean asBytes) {
      this.rest = files.stream().map(FileStatus::getPath).iterator();
      this.columns = columns;
      this.asBytes = asBytes;
      this.filter = filter.map(FilterCompat::get).orElse(FilterCompat.NOOP);
      advance();
    }

    private void advance() {
      at++;
      try {
        while (at >= batch.length && batch != NO_MORE) {
          Object[][] more = batches == null ? null : batches.next();
          if (more != null) {
            batch = more;
            at = 0;
          } else if (rest.hasNext()) {
            close();
            file = rest.next();
            batches = new RowBatches(file, hadoop, columns, filter, asBytes);
          } else {
            batch = NO_MORE;
          }
        }
      } catch (IOException | RuntimeException e) {
        throw failed(e);
      }
    }

    private UserError failed(Exception e) {
      close();
      return Storage.failed("read", file, e instanceof IOException io ? io : new IOException(e));
    }

    @Override
    public boolean hasNext() {
      return batch != NO_MORE;
    }

    @Override
    public Object[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Object[] row = batch[at];
      advance();
      return row;
    }

    @Override
    public void close() {
      if (batches != null) {
        try {
          batches.close();
        } catch (IOException e) {
          throw Storage.failed("read", file, e);
        }
      }
    }
  }
}
