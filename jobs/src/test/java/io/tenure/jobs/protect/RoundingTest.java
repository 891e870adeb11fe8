package io.tenure.jobs.protect;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.Proportion;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.Protection.Rule;
import io.tenure.common.table.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundingTest {
  private static final Contract TABLE =
      Contract.result(
              "t",
              "A row",
              List.of("period"),
              List.of(
                  required("period", INT, "The period").in(Unit.PERIODS),
                  required("users", BIGINT, "Users").in(Unit.USERS),
                  optional("lost", BIGINT, "Users lost").in(Unit.USERS),
                  optional("moved", BIGINT, "Net movement").in(Unit.USERS),
                  optional("rate", DOUBLE, "lost / users").in(Unit.SHARE),
                  optional("ci_low", DOUBLE, "Lower").in(Unit.SHARE),
                  optional("ci_high", DOUBLE, "Upper").in(Unit.SHARE),
                  optional("hazard", DOUBLE, "By person-months").in(Unit.PER_MONTH),
                  optional("band", STRING, "By the rate"),
                  required("is_mature", BOOLEAN, "Whether it is known")))
          .hiding(
              Protection.of(Rule.CHURN)
                  .counting("users")
                  .alsoHiding("band")
                  .sharing("rate", "lost", "users"));

  private static Object[] rounded(int multiple, Object... row) {
    new Rounding(TABLE, multiple).round(row);
    return row;
  }

  @Test
  void counts_are_multiples_and_rates_those_of_them() {
    Proportion rate = Proportion.of(5, 15);
    assertThat(rounded(5, 7, 13L, 3L, -3L, 3 / 13.0, 0.1, 0.5, 0.2, "watch", true, "run", false))
        .containsExactly(
            7, 15L, 5L, -5L, rate.rate(), rate.low(), rate.high(), null, null, true, "run", false);
    // Halves go up; in a multiple of 2, so does 1.
    assertThat(rounded(2, 7, 1L, 0L, -1L, 0.0, 0.0, 0.8, 0.2, "watch", true, "run"))
        .startsWith(7, 2L, 0L, 0L, 0.0);
  }

  @Test
  void what_is_hidden_or_unknown_stays_so_and_nobody_has_no_rate() {
    assertThat(rounded(5, 7, 13L, null, null, null, null, null, null, null, false, "run"))
        .containsExactly(7, 15L, null, null, null, null, null, null, null, false, "run");
    assertThat(rounded(5, 7, 2L, 1L, 0L, 0.5, 0.1, 0.9, 0.2, "alert", true, "run"))
        .containsExactly(7, 0L, 0L, 0L, null, null, null, null, null, true, "run");
  }

  @Test
  void a_multiple_of_one_changes_nothing() {
    assertThat(rounded(1, 7, 13L, 3L, -3L, 3 / 13.0, 0.1, 0.5, 0.2, "watch", true, "run"))
        .containsExactly(7, 13L, 3L, -3L, 3 / 13.0, 0.1, 0.5, 0.2, "watch", true, "run");
  }

  @Test
  void the_columns_of_a_rounded_copy_say_what_became_of_them() {
    Contract copy = TABLE.protectedCopy(0, 5);
    assertThat(copy.columns().get(1).comment()).endsWith("rounded to a multiple of 5");
    assertThat(copy.columns().get(4).comment()).endsWith("from counts rounded to multiples of 5");
    assertThat(copy.columns().get(7).comment()).contains("NULL, because it would give away");
    assertThat(copy.columns().get(0).comment()).isEqualTo("The period");
  }
}
