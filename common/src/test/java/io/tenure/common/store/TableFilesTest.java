package io.tenure.common.store;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.MONEY;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.RowOrder;
import io.tenure.common.table.Unit;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFilesTest {
  private static final Configuration HADOOP = new Configuration();

  private static final Contract EVERY_TYPE =
      Contract.table(
          "every_type",
          "A row",
          List.of("day", "name"),
          List.of(
              required("day", DATE, "A day"),
              optional("name", STRING, "A text"),
              optional("small", INT, "A number").in(Unit.NUMBER),
              optional("large", BIGINT, "A number").in(Unit.NUMBER),
              optional("share", DOUBLE, "A share").in(Unit.SHARE),
              optional("is_so", BOOLEAN, "Whether it is so"),
              optional("at", TIMESTAMP, "A moment"),
              optional("money", MONEY, "Money").in(Unit.NUMBER)));

  @TempDir private Path folder;

  @Test
  void what_is_written_is_what_is_read() {
    List<Object[]> rows =
        List.of(
            new Object[] {LocalDate.of(1969, 12, 31), null, null, null, null, null, null, null},
            row(
                    "2024-02-29",
                    "Zoë 𝛑",
                    -7,
                    Long.MIN_VALUE,
                    0.1,
                    true,
                    "1969-12-31T23:59:59.999999Z")
                .with("-12345678901234567890123456789012.3456"),
            row("2024-02-29", "\uFFFDä", 7, Long.MAX_VALUE, -0.0, false, "2024-03-31T01:30:00Z")
                .with("0.5"));
    assertThat(TableWriter.write(HADOOP, folder("t"), EVERY_TYPE, rows.iterator())).isEqualTo(3);
    List<Object[]> read = read(folder("t"), names(EVERY_TYPE));
    assertThat(read.get(0)).containsExactly(rows.get(0));
    assertThat(read.get(1)).containsExactly(rows.get(1));
    // Money always has four decimals.
    assertThat(read.get(2)[7]).isEqualTo(new BigDecimal("0.5000"));
  }

  @Test
  void a_column_that_the_files_lack_is_null_and_others_are_not_read() {
    TableWriter.write(
        HADOOP,
        folder("t"),
        EVERY_TYPE,
        List.<Object[]>of(
                row("2024-02-29", "a", 1, 2L, 0.5, true, "2024-03-31T01:30:00Z").with("1"))
            .iterator());
    assertThat(read(folder("t"), List.of("large", "not_there", "name")))
        .singleElement()
        .isEqualTo(new Object[] {2L, null, "a"});
    assertThat(read(folder("nowhere"), List.of("large"))).isEmpty();
  }

  @Test
  void a_value_that_must_be_there_is_missed() {
    Object[] dayless = {null, "a", null, null, null, null, null, null};
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                TableWriter.write(
                    HADOOP, folder("t"), EVERY_TYPE, List.<Object[]>of(dayless).iterator()))
        .withMessageContaining("every_type.day must have a value");
  }

  @Test
  void a_file_that_is_none_is_named() throws IOException {
    Files.createDirectories(folder.resolve("t"));
    Files.writeString(folder.resolve("t/part-00000.parquet"), "no Parquet file");
    assertThatThrownBy(() -> read(folder("t"), List.of("large")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read")
        .hasMessageContaining("part-00000.parquet");
  }

  /** Texts of all planes: their order as UTF-8 is not that of Java. */
  @Test
  void sorted_files_are_read_as_one_sorted_table() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Contract contract =
        Contract.table(
            "t",
            "A row",
            List.of("name", "day"),
            List.<Column>of(optional("name", STRING, "A text"), required("day", DATE, "A day")));
    List<Object[]> all = new ArrayList<>();
    Path together = Files.createDirectories(folder.resolve("together"));
    for (int file = 0; file < 3; file++) {
      List<Object[]> rows = new ArrayList<>();
      for (int row = random.nextInt(60); row > 0; row--) {
        String name =
            random.nextInt(10) == 0
                ? null
                : new String(Character.toChars(random.nextInt(2) == 0 ? 0xFFFD : 0x1F600))
                    + (char) ('a' + random.nextInt(3));
        rows.add(new Object[] {name, LocalDate.ofEpochDay(random.nextInt(1000))});
      }
      rows.sort(RowOrder.of(contract));
      all.addAll(rows);
      TableWriter.write(HADOOP, folder("one" + file), contract, rows.iterator());
      Files.move(
          folder.resolve("one" + file + "/part-00000.snappy.parquet"),
          together.resolve("part-0000" + file + ".snappy.parquet"));
    }
    all.sort(RowOrder.of(contract));
    List<Object[]> read = new ArrayList<>();
    try (TableReader.Rows rows =
        TableReader.open(HADOOP, together.toString())
            .sorted(names(contract), RowOrder.of(contract))) {
      rows.forEachRemaining(read::add);
    }
    assertThat(read.toArray(Object[][]::new)).isDeepEqualTo(all.toArray(Object[][]::new));
  }

  /** Pages of different columns end at different rows; left-out ones must not shift the others. */
  @Test
  void rows_stay_whole_where_a_filter_leaves_pages_out() {
    Contract contract =
        Contract.table(
            "t",
            "A row",
            List.of("name", "day"),
            List.<Column>of(
                required("name", STRING, "A text"),
                required("day", DATE, "A day"),
                optional("note", STRING, "A long text of its own")));
    List<Object[]> all = new ArrayList<>();
    for (int name = 0; name < 6; name++) {
      for (int day = 0; day < 15_000; day++) {
        String note = day % 3 == 0 ? null : (name + " " + day + " ").repeat(12);
        all.add(new Object[] {"n" + name, LocalDate.ofEpochDay(day), note});
      }
    }
    TableWriter.write(HADOOP, folder("pages"), contract, all.iterator());
    List<Object[]> wanted =
        all.stream()
            .filter(row -> row[0].equals("n3") && ((LocalDate) row[1]).toEpochDay() >= 9_000)
            .toList();
    List<Object[]> read = new ArrayList<>();
    int rows = 0;
    try (TableReader.Rows some =
        TableReader.open(HADOOP, folder("pages"))
            .rows(
                names(contract),
                Optional.of(
                    FilterApi.and(
                        FilterApi.eq(FilterApi.binaryColumn("name"), Binary.fromString("n3")),
                        FilterApi.gtEq(FilterApi.intColumn("day"), 9_000))))) {
      while (some.hasNext()) {
        Object[] row = some.next();
        rows++;
        if (row[0].equals("n3") && ((LocalDate) row[1]).toEpochDay() >= 9_000) {
          read.add(row);
        }
      }
    }
    assertThat(read.toArray(Object[][]::new)).isDeepEqualTo(wanted.toArray(Object[][]::new));
    assertThat(rows).isLessThan(all.size() / 2);
  }

  @Test
  void rows_are_sorted_by_the_bytes_of_their_texts_and_null_is_first() {
    RowOrder order = RowOrder.of(EVERY_TYPE, List.of("name", "day"));
    LocalDate day = LocalDate.EPOCH;
    assertThat(order.compare(new Object[] {"\uFFFD", day}, new Object[] {"😀", day})).isNegative();
    assertThat(order.compare(new Object[] {"a", day}, new Object[] {"ab", day})).isNegative();
    assertThat(order.compare(new Object[] {null, day}, new Object[] {"", day})).isNegative();
    // The grain begins with the day.
    assertThat(order.compare(new Object[] {"a", day.plusDays(1)}, new Object[] {"b", day}))
        .isPositive();
  }

  private record Most(Object... values) {
    Object[] with(String money) {
      values[values.length - 1] = new BigDecimal(money);
      return values;
    }
  }

  private static Most row(
      String day, String name, int small, long large, double share, boolean so, String at) {
    return new Most(LocalDate.parse(day), name, small, large, share, so, Instant.parse(at), null);
  }

  private static List<String> names(Contract contract) {
    return contract.columns().stream().map(Column::name).toList();
  }

  private String folder(String name) {
    return folder.resolve(name).toString();
  }

  private static List<Object[]> read(String folder, List<String> columns) {
    List<Object[]> read = new ArrayList<>();
    try (TableReader.Rows rows = TableReader.open(HADOOP, folder).rows(columns, Optional.empty())) {
      rows.forEachRemaining(read::add);
    }
    return read;
  }
}
