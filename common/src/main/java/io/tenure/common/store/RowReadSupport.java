package io.tenure.common.store;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.hadoop.api.InitContext;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** The columns of a file into rows. */
final class RowReadSupport extends ReadSupport<Object[]> {
  private final List<String> columns;

  /**
   * @param columns wanted, in the order of a row; one that the file lacks is null
   */
  RowReadSupport(List<String> columns) {
    this.columns = List.copyOf(columns);
  }

  @Override
  public ReadContext init(InitContext context) {
    MessageType file = context.getFileSchema();
    List<Type> wanted =
        columns.stream().filter(file::containsField).map(file::getType).distinct().toList();
    return new ReadContext(new MessageType(file.getName(), wanted));
  }

  @Override
  @SuppressWarnings("deprecation") // old, and still the one that must be there
  public RecordMaterializer<Object[]> prepareForRead(
      Configuration configuration,
      Map<String, String> keyValueMetaData,
      MessageType fileSchema,
      ReadContext readContext) {
    return new Materializer(readContext.getRequestedSchema(), columns);
  }

  private static final class Materializer extends RecordMaterializer<Object[]> {
    private final RowConverter root;

    Materializer(MessageType schema, List<String> columns) {
      root = new RowConverter(schema, columns);
    }

    @Override
    public Object[] getCurrentRecord() {
      return root.row;
    }

    @Override
    public GroupConverter getRootConverter() {
      return root;
    }
  }

  private static final class RowConverter extends GroupConverter {
    private final int width;
    private final Converter[] fields;
    private Object[] row;

    RowConverter(MessageType schema, List<String> columns) {
      width = columns.size();
      fields = new Converter[schema.getFieldCount()];
      for (int field = 0; field < fields.length; field++) {
        PrimitiveType type = schema.getType(field).asPrimitiveType();
        fields[field] = new ValueConverter(type, columns.indexOf(type.getName()));
      }
    }

    @Override
    public Converter getConverter(int field) {
      return fields[field];
    }

    @Override
    public void start() {
      row = new Object[width];
    }

    @Override
    public void end() {}

    /** Values of a dictionary are made once, not once a row. */
    private final class ValueConverter extends PrimitiveConverter {
      private final int at;
      private final Function<Binary, Object> ofBytes;
      private final IntFunction<Object> ofInt;
      private final LongFunction<Object> ofLong;
      private final PrimitiveType.PrimitiveTypeName stored;
      private Object[] dictionary;

      ValueConverter(PrimitiveType type, int at) {
        this.at = at;
        stored = type.getPrimitiveTypeName();
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        ofBytes =
            meaning instanceof DecimalLogicalTypeAnnotation decimal
                ? bytes -> ParquetTypes.money(bytes, decimal.getScale())
                : Binary::toStringUsingUTF8;
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
}
