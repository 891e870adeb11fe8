package io.tenure.jobs.metric;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.check.Identities;
import io.tenure.jobs.check.Identity;
import io.tenure.jobs.check.IdentityCheck;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Tables that a log really gives satisfy the identities of churn; one wrong number does not. */
@ExtendWith(SparkTest.class)
class ChurnIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config("segments: [country, plan]\nchurn: {inactive-days: 7}");

  private static final TestLog LOG =
      TestLog.of(new RandomLives(7, 60, LocalDate.parse("2023-01-15"), 500).events());

  @TempDir private Path directory;

  @Test
  void the_tables_of_a_log_satisfy_all_identities_and_one_wrong_number_breaks_its_own(
      SparkSession spark) {
    Map<String, Dataset<Row>> tables = new HashMap<>();
    for (String name : List.of("churn_by_stage", "churn_periods", "survival")) {
      tables.put(name, written(spark, rows(spark, name), name));
    }
    List<IdentityCheck.Outcome> outcomes = IdentityCheck.run(spark, identities(), tables);
    assertThat(outcomes).hasSize(7);
    IdentityCheck.require(outcomes);

    breaks(
        spark,
        tables,
        "churn_by_stage",
        "segment_value = 'RO' AND stage <> '(all)' AND period_start = '2023-06-01'"
            + " AND stage = 'mid'",
        "churned_users",
        "churn_segments_sum_to_the_whole",
        "country, 2023-06-01, mid, churned_users: expected");
    breaks(
        spark,
        tables,
        "churn_by_stage",
        "segment_value = 'RO' AND stage = 'mid' AND period_start = '2023-06-01'",
        "person_days",
        "churn_stages_sum_to_all",
        "country, RO, 2023-06-01, person_days: expected");
    breaks(
        spark,
        tables,
        "churn_by_stage",
        "segment_value = 'RO' AND stage = '(all)' AND period_start = '2023-06-01'",
        "users_at_start",
        "churn_months_follow_from_each_other",
        "country, RO, 2023-06-01: expected");
    breaks(
        spark,
        tables,
        "churn_periods",
        "grain = 'year' AND segment = '(all)' AND period_start = '2023-01-01'",
        "spells_begun",
        "churn_periods_follow_from_each_other",
        "year, (all), (all), 2024-01-01: expected");
    breaks(
        spark,
        tables,
        "churn_periods",
        "grain = 'quarter' AND segment_value = 'free' AND period_start = '2023-04-01'",
        "first_spell_churns",
        "churn_period_segments_sum_to_the_whole",
        "plan, quarter, 2023-04-01, first_spell_churns: expected");
    breaks(
        spark,
        tables,
        "survival",
        "tenure_unit = 'month' AND segment_value = 'DE' AND tenure = 1",
        "censored",
        "survival_segments_sum_to_the_whole",
        "country, month, 1, censored: expected");
    breaks(
        spark,
        tables,
        "survival",
        "tenure_unit = 'day' AND segment = '(all)' AND tenure = 20",
        "churned_in_complete_months",
        "survival_loses_whom_churn_loses",
        "in days: expected");
  }

  private void breaks(
      SparkSession spark,
      Map<String, Dataset<Row>> tables,
      String table,
      String which,
      String column,
      String identity,
      String breach) {
    Dataset<Row> sound = tables.get(table);
    assertThat(sound.where(which).count()).isEqualTo(1);
    Dataset<Row> wrong =
        sound.withColumn(column, when(expr(which), col(column).plus(1)).otherwise(col(column)));
    Map<String, Dataset<Row>> withWrong = new HashMap<>(tables);
    withWrong.put(table, written(spark, wrong, "wrong_" + identity));
    List<IdentityCheck.Outcome> broken =
        IdentityCheck.run(spark, identities(), withWrong).stream()
            .filter(outcome -> !outcome.holds())
            .toList();

    assertThat(broken).extracting(outcome -> outcome.identity().name()).contains(identity);
    UserError error =
        catchThrowableOfType(
            UserError.class,
            () ->
                IdentityCheck.require(
                    broken.stream()
                        .filter(outcome -> outcome.identity().name().equals(identity))
                        .toList()));
    assertThat(error)
        .hasMessageContaining("Identity " + identity + " is broken in ")
        .hasMessageContaining(table)
        .hasMessageContaining(breach)
        .hasMessageMatching(".*expected \\d+, found \\d+.*");
    assertThat(error.kind()).isEqualTo(UserError.Kind.QUALITY);
  }

  private static List<Identity> identities() {
    return Identities.all(CONFIG).stream()
        .filter(identity -> identity.name().matches("(churn|survival)_.*"))
        .toList();
  }

  private Dataset<Row> written(SparkSession spark, Dataset<Row> rows, String name) {
    String path = directory.resolve(name).toString();
    rows.coalesce(1).write().parquet(path);
    return spark.read().parquet(path);
  }

  private static Dataset<Row> rows(SparkSession spark, String name) {
    Contract contract =
        Metrics.tables(Metrics.of(new Scope(CONFIG, 0, 0))).stream()
            .filter(table -> table.name().equals(name))
            .findFirst()
            .orElseThrow();
    List<Row> rows = new ArrayList<>();
    for (Map<String, Object> row : LOG.table(name, CONFIG, "2024-05-31")) {
      List<Object> values = new ArrayList<>(row.values());
      values.add("run");
      rows.add(RowFactory.create(values.toArray()));
    }
    return spark.createDataFrame(rows, SparkSchema.of(contract));
  }
}
