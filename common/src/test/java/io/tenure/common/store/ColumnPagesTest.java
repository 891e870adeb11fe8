package io.tenure.common.store;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Unit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of many pages and row groups, with and without dictionaries, of both versions of pages. */
class ColumnPagesTest {
  private static final Configuration HADOOP = new Configuration();

  private static final Contract CONTRACT =
      Contract.table(
          "t",
          "A row",
          List.of("number"),
          List.<Column>of(
              required("number", ColumnType.INT, "A number").in(Unit.NUMBER),
              optional("some", ColumnType.INT, "A number, or none").in(Unit.NUMBER),
              optional("few", ColumnType.STRING, "One of few texts, or none"),
              required("text", ColumnType.STRING, "A text"),
              optional("count", ColumnType.BIGINT, "A number, or none").in(Unit.NUMBER),
              optional("rate", ColumnType.DOUBLE, "A rate, or none").in(Unit.NUMBER),
              required("is_even", ColumnType.BOOLEAN, "Whether the number is even"),
              optional("flag", ColumnType.BOOLEAN, "A flag, or none"),
              optional("day", ColumnType.DATE, "A day, or none"),
              optional("at", ColumnType.TIMESTAMP, "A time, or none"),
              optional("money", ColumnType.MONEY, "Money, or none").in(Unit.NUMBER)));

  private static final List<String> NAMES = CONTRACT.columns().stream().map(Column::name).toList();

  private static final int ROWS = 60_000;

  @TempDir private java.nio.file.Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = new Path(folder.toUri().resolve("part-00000.parquet"));
  }

  private static Object[] row(int n) {
    return new Object[] {
      n,
      n % 3 == 0 ? null : Integer.valueOf(n % 100),
      n % 5000 < 700 ? null : "text " + n / 1000 % 4,
      "text " + n,
      n % 2 == 0 ? null : Long.valueOf(n * 10_000_000_000L),
      n % 7 == 0 ? null : Double.valueOf(1.0 / (n % 50 + 1)),
      n % 2 == 0,
      n % 11 == 0 ? null : Boolean.valueOf(n % 3 == 0),
      n % 13 == 0 ? null : LocalDate.ofEpochDay(n / 10 - 100),
      n % 17 == 0 ? null : Instant.ofEpochSecond(n, 1_000L * (n % 1_000_000)),
      n % 19 == 0 ? null : BigDecimal.valueOf(n * 12_345L - 100_000_000, 4)
    };
  }

  private static List<Object[]> rows(int from, int to) {
    List<Object[]> rows = new ArrayList<>();
    for (int number = from; number < to; number++) {
      rows.add(row(number));
    }
    return rows;
  }

  private void writeVersionOne() throws IOException {
    try (ColumnarFile out = new ColumnarFile(file, HADOOP, CONTRACT, 600_000)) {
      for (int from = 0; from < ROWS; from += 500) {
        out.write(rows(from, from + 500));
      }
      out.finish();
    }
  }

  /** With delta encodings, and dictionaries that are given up. */
  private void writeVersionTwo() throws IOException {
    MessageType schema = ParquetTypes.of(CONTRACT);
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    try (ParquetWriter<Group> out =
        ExampleParquetWriter.builder(file)
            .withConf(HADOOP)
            .withType(schema)
            .withWriterVersion(WriterVersion.PARQUET_2_0)
            .withPageRowCountLimit(3_000)
            .withRowGroupSize(500_000L)
            .withDictionaryPageSize(2_000)
            .build()) {
      for (Object[] row : rows(0, ROWS)) {
        Group group = groups.newGroup();
        for (int at = 0; at < row.length; at++) {
          add(group, NAMES.get(at), row[at]);
        }
        out.write(group);
      }
    }
  }

  private static void add(Group group, String column, Object value) {
    if (value instanceof Integer number) {
      group.add(column, number);
    } else if (value instanceof Long number) {
      group.add(column, number);
    } else if (value instanceof Double number) {
      group.add(column, number);
    } else if (value instanceof Boolean flag) {
      group.add(column, flag);
    } else if (value instanceof LocalDate day) {
      group.add(column, (int) day.toEpochDay());
    } else if (value instanceof Instant time) {
      group.add(column, time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000);
    } else if (value instanceof BigDecimal money) {
      group.add(column, ParquetTypes.money(money));
    } else if (value != null) {
      group.add(column, Binary.fromString((String) value));
    }
  }

  private List<Object[]> read(List<String> columns, Optional<FilterPredicate> filter) {
    List<Object[]> read = new ArrayList<>();
    try (TableReader.Rows rows = TableReader.file(HADOOP, file.toString()).rows(columns, filter)) {
      rows.forEachRemaining(read::add);
    }
    return read;
  }

  private static void requireEqual(List<Object[]> read, List<Object[]> expected) {
    assertThat(read).hasSameSizeAs(expected);
    for (int at = 0; at < read.size(); at++) {
      if (!Arrays.equals(read.get(at), expected.get(at))) {
        assertThat(read.get(at)).isEqualTo(expected.get(at));
      }
    }
  }

  /** Rows of pages that may hold such numbers, whole and in order. */
  private void requireChosen(int from, int to) {
    FilterPredicate range =
        FilterApi.and(
            FilterApi.gtEq(FilterApi.intColumn("number"), from),
            FilterApi.lt(FilterApi.intColumn("number"), to));
    List<Object[]> read = read(NAMES, Optional.of(range));
    assertThat(read.size()).isBetween(to - from, ROWS / 2);
    requireEqual(read, read.stream().map(row -> row((Integer) row[0])).toList());
    assertThat(read).extracting(row -> (Integer) row[0]).isSorted().doesNotHaveDuplicates();
    assertThat(read)
        .extracting(row -> (Integer) row[0])
        .contains(from, from + 1, (from + to) / 2, to - 1);
  }

  @Test
  void rows_of_pages_of_version_1() throws IOException {
    writeVersionOne();
    requireEqual(read(NAMES, Optional.empty()), rows(0, ROWS));
  }

  @Test
  void rows_of_pages_of_version_2() throws IOException {
    writeVersionTwo();
    requireEqual(read(NAMES, Optional.empty()), rows(0, ROWS));
  }

  @Test
  void pages_of_version_1_that_are_not_wanted_are_left_out_in_every_column() throws IOException {
    writeVersionOne();
    requireChosen(17_123, 25_456);
  }

  @Test
  void pages_of_version_2_that_are_not_wanted_are_left_out_in_every_column() throws IOException {
    writeVersionTwo();
    requireChosen(41_001, 41_002);
    requireChosen(3_500, 29_000);
  }

  @Test
  void columns_come_in_the_order_asked_for_and_one_that_the_file_lacks_is_null()
      throws IOException {
    writeVersionOne();
    List<Object[]> read = read(List.of("few", "later", "number"), Optional.empty());
    requireEqual(
        read, rows(0, ROWS).stream().map(row -> new Object[] {row[2], null, row[0]}).toList());
  }

  @Test
  void bytes_are_as_they_are_stored() throws IOException {
    writeVersionTwo();
    int number = 0;
    try (TableReader.Rows rows =
        TableReader.file(HADOOP, file.toString()).bytes(List.of("few", "text"))) {
      for (; rows.hasNext(); number++) {
        Object[] row = rows.next();
        Object few = row(number)[2];
        assertThat((byte[]) row[0]).isEqualTo(few == null ? null : bytes((String) few));
        assertThat((byte[]) row[1]).isEqualTo(bytes("text " + number));
      }
    }
    assertThat(number).isEqualTo(ROWS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** By Parquet's own reader, which has nothing of this one. */
  @Test
  void the_files_that_this_test_writes_hold_its_rows() throws IOException {
    writeVersionTwo();
    int number = 0;
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(HADOOP).build()) {
      for (Group row = reader.read(); row != null; row = reader.read(), number++) {
        assertThat(row.getString("text", 0)).isEqualTo("text " + number);
        assertThat(row.getFieldRepetitionCount("count")).isEqualTo(number % 2);
      }
    }
    assertThat(number).isEqualTo(ROWS);
  }
}
