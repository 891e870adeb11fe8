package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.jobs.SparkTest;
import io.tenure.jobs.report.Canvas;
import io.tenure.jobs.report.Palette;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkTest.class)
class ViewsTest {
  private static final Canvas CANVAS = Canvas.of(Palette.NONE);

  @Test
  void without_a_condition_the_whole_is_drawn_by_month(SparkSession spark) {
    assertThat(Views.draw("growth", growth(spark), null, CANVAS))
        .isEqualTo(
            """
            growth, by month, all users

            period      lost ░ │ █ new ▒ back    active  new  back  retained  churned  retention rate  quick
            2024-01-01             │███████████      40   40     0         0        0  ·               ·

            1 of 3 of this table; --where chooses another by grain, segment, segment_value.
            """);
  }

  @Test
  void with_a_condition_what_it_leaves_is_drawn(SparkSession spark) {
    String where = "segment_value = 'paid'";
    assertThat(Views.draw("growth", growth(spark).where(where), where, CANVAS))
        .startsWith("growth, by week, plan = paid\n\n")
        .contains("2024-01-08");
  }

  @Test
  void a_condition_that_leaves_nothing_is_an_error(SparkSession spark) {
    assertThatThrownBy(() -> Views.draw("growth", growth(spark).where("false"), "false", CANVAS))
        .hasMessage("No rows of growth to show: --where leaves none.");
  }

  @Test
  void of_active_users_no_more_is_fetched_than_is_drawn(SparkSession spark) {
    Dataset<Row> days =
        spark.sql(
            """
            SELECT 'city' AS segment, concat('c', id % 3) AS segment_value,
              date_add(DATE'2024-01-01', CAST(id / 3 AS INT)) AS day, 1L AS dau, 2L AS wau,
              id % 3 AS mau, 0L AS new_users, 0.5D AS stickiness, 0.5D AS stickiness_avg
            FROM range(300)
            """);
    assertThat(Views.draw("active_users", days, "true", new Canvas(100, 2, Palette.NONE)))
        .contains("dau of 24 days", "c1", "c2")
        .doesNotContain("c0")
        .endsWith(
            "252 rows are left out: earlier days (a wider terminal shows more), and values with"
                + " fewer users (--limit shows more).\n");
  }

  @Test
  void other_tables_have_no_view() {
    assertThat(Views.have("churn_by_stage")).isTrue();
    assertThat(Views.have("survival")).isFalse();
  }

  @Test
  void users_are_shown_by_their_risk_and_why_comes_before_the_rest(SparkSession spark) {
    Dataset<Row> users =
        spark.sql(
            """
            SELECT * FROM VALUES
              ('bob', 'early', '', 0.1D),
              ('ann', 'early', '', NULL),
              ('eve', 'mid', 'declining_use', 0.9D),
              ('dan', 'mid', '', 0.9D)
              AS users(user, stage, reasons, risk)
            """);
    Dataset<Row> shown = ShowCommand.riskiestFirst(users);
    assertThat(shown.columns()).containsExactly("user", "risk", "reasons", "stage");
    assertThat(shown.collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("dan", "eve", "bob", "ann");
  }

  private static Dataset<Row> growth(SparkSession spark) {
    return spark.sql(
        """
        SELECT *, 0L AS resurrected_users, 0L AS retained_users, 0L AS churned_users,
          CAST(NULL AS DOUBLE) AS retention_rate, CAST(NULL AS DOUBLE) AS quick_ratio
        FROM VALUES
          ('day', '(all)', '(all)', DATE'2024-01-01', 3L, 3L),
          ('week', '(all)', '(all)', DATE'2024-01-01', 30L, 30L),
          ('month', 'plan', 'free', DATE'2024-01-01', 20L, 20L),
          ('month', '(all)', '(all)', DATE'2024-01-01', 40L, 40L),
          ('week', 'plan', 'paid', DATE'2024-01-08', 10L, 10L)
          AS growth (grain, segment, segment_value, period_start, active_users, new_users)
        """);
  }
}
