package io.tenure.jobs.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Unit;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** Rows come out of bytes as they went in, whatever their types. */
class RowBytesTest {
  private static final Contract CONTRACT =
      Contract.result(
          "all_types",
          "A column of each type",
          List.of("string"),
          Arrays.stream(ColumnType.values()).map(RowBytesTest::column).toList());

  private static Column column(ColumnType type) {
    Column column = Column.optional(type.name().toLowerCase(Locale.ROOT), type, "A " + type.name());
    return type.isNumber() ? column.in(Unit.NUMBER) : column;
  }

  private static Object[] row(Object... values) {
    return values;
  }

  @Test
  void rows_come_out_as_they_went_in() {
    List<Object[]> rows =
        List.of(
            row(
                "ăß🎈",
                Integer.MIN_VALUE,
                Long.MAX_VALUE,
                -0.0,
                LocalDate.parse("1969-12-31"),
                true,
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                new BigDecimal("-12345678901234567890123456789012.3456"),
                "run"),
            row("", 0, -1L, Double.NaN, LocalDate.MAX, false, Instant.EPOCH, BigDecimal.ZERO, ""),
            row(null, null, null, null, null, null, null, null, null));
    Iterator<Object[]> read = RowBytes.read(CONTRACT, RowBytes.write(CONTRACT, rows));
    List<List<Object>> found = new ArrayList<>();
    read.forEachRemaining(row -> found.add(Arrays.asList(row)));
    assertThat(found).containsExactlyElementsOf(rows.stream().map(Arrays::asList).toList());
    assertThatThrownBy(read::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void no_rows_are_no_bytes() {
    assertThat(RowBytes.write(CONTRACT, List.of())).isEmpty();
    assertThat(RowBytes.read(CONTRACT, new byte[0]).hasNext()).isFalse();
  }
}
