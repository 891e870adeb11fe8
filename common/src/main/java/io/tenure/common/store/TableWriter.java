package io.tenure.common.store;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes the rows of a table that are at hand as a file of it, as Spark would, but without a job:
 * types and comments are those that Spark leaves.
 */
public final class TableWriter {
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
      try (ParquetWriter<Object[]> writer = new Builder(file, hadoop, contract).build()) {
        for (; rows.hasNext(); count++) {
          writer.write(rows.next());
        }
      }
    } catch (IOException e) {
      throw Storage.failed("write", file, e);
    }
    return count;
  }

  private static final class Builder extends ParquetWriter.Builder<Object[], Builder> {
    private final Contract contract;

    Builder(Path file, Configuration hadoop, Contract contract) throws IOException {
      super((OutputFile) HadoopOutputFile.fromPath(file, hadoop));
      this.contract = contract;
      withConf(hadoop);
      withCompressionCodec(CompressionCodecName.SNAPPY);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // old, and still the one that must be there
    protected WriteSupport<Object[]> getWriteSupport(Configuration conf) {
      return new Rows(contract);
    }
  }

  /** Rows into the columns of a file. */
  private static final class Rows extends WriteSupport<Object[]> {
    private final Contract contract;
    private final List<Column> columns;

    private final FieldWriter[] fields;
    private RecordConsumer file;

    Rows(Contract contract) {
      this.contract = contract;
      this.columns = contract.columns();
      this.fields = columns.stream().map(FieldWriter::of).toArray(FieldWriter[]::new);
    }

    @Override
    @SuppressWarnings("deprecation") // old, and still the one that must be there
    public WriteContext init(Configuration configuration) {
      return new WriteContext(
          ParquetTypes.of(contract),
          Map.of(ParquetTypes.SPARK_SCHEMA, SparkSchema.of(contract).json()));
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      file = recordConsumer;
    }

    @Override
    public void write(Object[] row) {
      file.startMessage();
      for (int at = 0; at < row.length; at++) {
        Column column = columns.get(at);
        if (row[at] != null) {
          file.startField(column.name(), at);
          fields[at].write(row[at], file);
          file.endField(column.name(), at);
        } else if (!column.nullable()) {
          throw new IllegalStateException(
              "%s.%s must have a value: %s"
                  .formatted(contract.name(), column.name(), Arrays.toString(row)));
        }
      }
      file.endMessage();
    }
  }
}
