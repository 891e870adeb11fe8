package io.tenure.common.table;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Unit.USERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContractTest {
  private static final Column VALUE = required("segment_value", STRING, "Value");

  @Test
  void a_number_has_a_unit() {
    Column unitless = required("dau", BIGINT, "Users");
    assertThatThrownBy(() -> contract(VALUE, unitless))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t.dau is a number without a unit: say .in(Unit)");
    assertThat(contract(VALUE, unitless.in(USERS)).columns()).hasSize(3);
  }

  @Test
  void sums_are_over_columns_of_the_table() {
    Column sum = required("dau", BIGINT, "Users").in(USERS).sumsOver("segment_valeu");
    assertThatThrownBy(() -> contract(VALUE, sum))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("t.dau sums over no column: [segment_valeu]");
  }

  @Test
  void parameters_are_filled_in_once_and_literally() {
    Column column =
        optional("x", STRING, "After {churn.inactive-days} days, {a} and [0,1) of {b}")
            .like(Vendor.GA4, "weeks from {a}");
    Contract filled =
        contract(VALUE, column)
            .filledIn(Map.of("churn.inactive-days", "28", "a", "{b} $1 \\", "b", "day"));
    assertThat(filled.columns().get(1).comment())
        .isEqualTo("After 28 days, {b} $1 \\ and [0,1) of day");
    assertThat(filled.columns().get(1).vendors())
        .containsExactly(Map.entry(Vendor.GA4, "weeks from {b} $1 \\"));
    assertThatThrownBy(() -> contract(VALUE, column).filledIn(Map.of("a", "1", "b", "2")))
        .hasMessage("No parameter {churn.inactive-days}");
  }

  @Test
  void a_dictionary_gives_back_tables_with_their_grain_in_order() {
    Contract contract =
        Contract.result(
            "t",
            "A row",
            List.of("segment_value", "day"),
            List.of(
                required("day", ColumnType.DATE, "Day"),
                VALUE,
                optional("dau", BIGINT, "Users").in(USERS).sumsOver("segment_value")));
    List<Object[]> rows = Dictionary.rows(List.of(contract), "r1");
    List<Dictionary.Entry> entries =
        rows.stream()
            .map(
                row ->
                    new Dictionary.Entry(
                        (String) row[0],
                        (String) row[2],
                        ColumnType.ofSql((String) row[3]),
                        (Boolean) row[5],
                        (Integer) row[6],
                        (String) row[9],
                        (String) row[10]))
            .toList();
    assertThat(rows)
        .allSatisfy(row -> assertThat(row).hasSize(Dictionary.CONTRACT.columns().size()));
    assertThat(Dictionary.tables(entries))
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.name()).isEqualTo("t");
              assertThat(table.grain()).containsExactly("segment_value", "day");
              assertThat(table.columns())
                  .extracting(Dictionary.Entry::column)
                  .containsExactly("day", "segment_value", "dau", "run_id");
              assertThat(table.columns().get(2).nullable()).isTrue();
            });
  }

  private static Contract contract(Column... columns) {
    return Contract.result("t", "A row", List.of(), List.of(columns));
  }
}
