package io.tenure.common.store;

import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The rows of one file, some hundred at a time, one column of them after the other: Parquet's own
 * assembly of rows goes from column to column for every row, which takes several times as long.
 */
final class RowBatches implements AutoCloseable {
  private static final int BATCH = 512;

  private final ParquetFileReader file;
  private final MessageType wanted;
  private final List<String> columns;
  private final String writer;
  private final boolean asBytes;
  private ColumnReader[] readers = {};
  private Values[] values = {};
  private long left;

  /**
   * @param columns the values of a row, in this order; one that the file lacks is null
   * @param filter pages to leave out where their statistics allow
   * @param asBytes whether bytes stay bytes, whatever they stand for
   */
  RowBatches(
      Path path,
      Configuration hadoop,
      List<String> columns,
      FilterCompat.Filter filter,
      boolean asBytes)
      throws IOException {
    this.asBytes = asBytes;
    this.file =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(path, hadoop),
            HadoopReadOptions.builder(hadoop, path).withRecordFilter(filter).build());
    MessageType schema = file.getFileMetaData().getSchema();
    List<Type> known =
        columns.stream().filter(schema::containsField).map(schema::getType).distinct().toList();
    this.wanted = new MessageType(schema.getName(), known);
    this.columns = columns;
    this.writer = file.getFileMetaData().getCreatedBy();
    file.setRequestedSchema(wanted);
  }

  /** The next rows; null after the last. */
  Object[][] next() throws IOException {
    while (left == 0) {
      PageReadStore pages = file.readNextFilteredRowGroup();
      if (pages == null) {
        return null;
      }
      open(pages);
    }
    int size = (int) Math.min(left, BATCH);
    left -= size;
    Object[][] rows = new Object[size][columns.size()];
    for (int column = 0; column < readers.length; column++) {
      fill(rows, readers[column], values[column]);
    }
    return rows;
  }

  private void open(PageReadStore pages) {
    left = pages.getRowCount();
    values = new Values[wanted.getFieldCount()];
    for (int field = 0; field < values.length; field++) {
      PrimitiveType type = wanted.getType(field).asPrimitiveType();
      values[field] = new Values(type, columns.indexOf(type.getName()), asBytes);
    }
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(pages, new Converters(values), wanted, writer);
    readers = wanted.getColumns().stream().map(store::getColumnReader).toArray(ColumnReader[]::new);
  }

  private static void fill(Object[][] rows, ColumnReader reader, Values values) {
    ColumnDescriptor column = reader.getDescriptor();
    int present = column.getMaxDefinitionLevel();
    for (Object[] row : rows) {
      if (reader.getCurrentDefinitionLevel() == present) {
        values.row = row;
        reader.writeCurrentValueToConverter();
      }
      reader.consume();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static final class Converters extends GroupConverter {
    private final Values[] values;

    Converters(Values[] values) {
      this.values = values;
    }

    @Override
    public Converter getConverter(int field) {
      return values[field];
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }

  /** The values of one column. Those of a dictionary are made once, not once a row. */
  private static final class Values extends PrimitiveConverter {
    private final int at;
    private final Function<Binary, Object> ofBytes;
    private final IntFunction<Object> ofInt;
    private final LongFunction<Object> ofLong;
    private final PrimitiveType.PrimitiveTypeName stored;
    private Object[] dictionary;
    private Object[] row;

    Values(PrimitiveType type, int at, boolean asBytes) {
      this.at = at;
      stored = type.getPrimitiveTypeName();
      LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
      if (asBytes) {
        ofBytes = Binary::getBytes;
      } else if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
        ofBytes = bytes -> ParquetTypes.money(bytes, decimal.getScale());
      } else {
        ofBytes = Binary::toStringUsingUTF8;
      }
      ofInt =
          meaning instanceof DateLogicalTypeAnnotation ? LocalDate::ofEpochDay : Integer::valueOf;
      ofLong =
          meaning instanceof TimestampLogicalTypeAnnotation
              ? micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS)
              : Long::valueOf;
    }

    @Override
    public boolean hasDictionarySupport() {
      return true;
    }

    @Override
    public void setDictionary(Dictionary values) {
      dictionary = new Object[values.getMaxId() + 1];
      for (int id = 0; id < dictionary.length; id++) {
        dictionary[id] =
            switch (stored) {
              case BINARY, FIXED_LEN_BYTE_ARRAY -> ofBytes.apply(values.decodeToBinary(id));
              case INT32 -> ofInt.apply(values.decodeToInt(id));
              case INT64 -> ofLong.apply(values.decodeToLong(id));
              case DOUBLE -> values.decodeToDouble(id);
              default -> throw new IllegalStateException("No dictionary of " + stored);
            };
      }
    }

    @Override
    public void addValueFromDictionary(int id) {
      row[at] = dictionary[id];
    }

    @Override
    public void addBinary(Binary value) {
      row[at] = ofBytes.apply(value);
    }

    @Override
    public void addInt(int value) {
      row[at] = ofInt.apply(value);
    }

    @Override
    public void addLong(long value) {
      row[at] = ofLong.apply(value);
    }

    @Override
    public void addDouble(double value) {
      row[at] = value;
    }

    @Override
    public void addBoolean(boolean value) {
      row[at] = value;
    }
  }
}
