package io.tenure.jobs.check;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.Scope;
import io.tenure.jobs.metric.TestLog;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkTest.class)
class ActivityIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [country, plan]
          active-users: {windows: [1, 7, 28, 30]}
          retention:
            - {grains: {day: 3, week: 26, month: 24}}
            - {name: again, cohort: recurring, grains: {week: 4}}
          """);

  private static final String AS_OF = "2024-05-09";

  /**
   * No country is known. Ann pays from 20 March on; Bob, of whom no plan is known, comes back in
   * May.
   */
  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | plan
          ann  | 2024-02-01 | free
          ann  | 2024-03-05 | free
          ann  | 2024-03-20 | paid
          ann  | 2024-04-29 | -
          ann  | 2024-05-01 | -
          bob  | 2024-02-02 | -
          bob  | 2024-05-08 | -
          cid  | 2024-05-09 | free
          """);

  /**
   * One wrong number.
   *
   * @param row an SQL predicate that picks the row
   * @param change the value in place of the right one, in SQL
   * @param told what the error must say beside the table's name: the key and both numbers
   */
  private record Fault(
      String identity, String table, String row, String column, String change, String told) {}

  /** For each identity of activity, what breaks it: the numbers are those of the log above. */
  private static final List<Fault> FAULTS =
      List.of(
          new Fault(
              "active_users_segments_sum_to_the_whole",
              "active_users",
              "segment_value = 'paid' AND day = '2024-05-01'",
              "mau",
              "2L",
              "2024-05-01, plan, mau: expected 1, found 2"),
          new Fault(
              "active_users_segments_sum_to_the_whole",
              "active_users",
              "segment = '(all)' AND day = '2024-03-05'",
              "active_30d",
              "NULL",
              "2024-03-05, plan, active_30d: expected null, found 1"),
          new Fault(
              "active_periods_segments_sum_to_the_whole",
              "active_periods",
              "segment = '(all)' AND grain = 'month' AND period_start = '2024-03-01'",
              "active_users",
              "4L",
              "month, 2024-03-01, plan, active_users: expected 4, found 1"),
          new Fault(
              "usage_frequency_segments_sum_to_the_whole",
              "usage_frequency",
              "segment_value = 'paid' AND period_start = '2024-03-01' AND active_days = 2",
              "users",
              "0L",
              "2024-03-01, 2, plan, users: expected 1, found 0"),
          new Fault(
              "usage_habit_segments_sum_to_the_whole",
              "usage_habit",
              "segment_value = 'free'",
              "infrequent",
              "7L",
              "2024-05-09, plan, infrequent: expected 3, found 9"),
          new Fault(
              "growth_segments_sum_to_the_whole",
              "growth",
              "grain = 'month' AND segment_value = '(unknown)' AND period_start = '2024-03-01'",
              "churned_users",
              "0L",
              "month, 2024-03-01, plan, churned_users: expected 1, found 0"),
          new Fault(
              "longer_windows_hold_more",
              "active_users",
              "segment = '(all)' AND day = '2024-05-09'",
              "wau",
              "0L",
              "(all), (all), 2024-05-09, dau <= wau: expected at least 1, found 0"),
          new Fault(
              "active_days_add_up",
              "usage_frequency",
              "segment = '(all)' AND period_start = '2024-05-01' AND active_days = 1",
              "users",
              "5L",
              "(all), 2024-05-01: expected 3, found 5"),
          new Fault(
              "months_agree",
              "active_periods",
              "segment_value = 'paid' AND grain = 'month' AND period_start = '2024-04-01'",
              "active_users",
              "2L",
              "plan, paid, 2024-04-01: expected 2, found 1"),
          new Fault(
              "months_agree",
              "usage_frequency",
              "segment = '(all)' AND period_start = '2024-03-01' AND active_days = 1",
              "users_at_least",
              "3L",
              "(all), (all), 2024-03-01, at least 1: expected 1, found 3"),
          new Fault(
              "habits_are_mau",
              "usage_habit",
              "segment = '(all)'",
              "users_28d",
              "4L",
              "(all), (all), 2024-05-09: expected 3, found 4"),
          new Fault(
              "growth_arithmetic",
              "growth",
              "grain = 'week' AND segment = '(all)' AND period_start = '2024-05-06'",
              "resurrected_users",
              "2L",
              "week, (all), (all), 2024-05-06, active_users: expected 3, found 2"),
          new Fault(
              "growth_arithmetic",
              "growth",
              "grain = 'month' AND segment = '(all)' AND period_start = '2024-03-01'",
              "churned_users",
              "0L",
              "month, (all), (all), 2024-03-01, churned_users: expected 1, found 0"),
          new Fault(
              "growth_arithmetic",
              "growth",
              "grain = 'month' AND segment_value = 'paid' AND period_start = '2024-03-01'",
              "net_moved_users",
              "0L",
              "month, plan, paid, 2024-03-01, previous_active_users: expected 0, found 1"),
          new Fault(
              "calendar_actives_agree",
              "growth",
              "grain = 'week' AND segment_value = 'paid' AND period_start = '2024-04-29'",
              "active_users",
              "8L",
              "week, plan, paid, 2024-04-29: expected 1, found 8"),
          new Fault(
              "daily_actives_agree",
              "active_users",
              "segment = '(all)' AND day = '2024-05-09'",
              "new_users",
              "0L",
              "(all), (all), 2024-05-09, new_users: expected 0, found 1"),
          new Fault(
              "cohorts_add_up_to_actives",
              "retention",
              "retention = 'default' AND grain = 'month' AND segment = '(all)' AND period = 1",
              "retained_users",
              "2L",
              "default, month, 2024-03-01: expected 1, found 2"));

  @TempDir Path directory;

  @Test
  void every_identity_holds_of_right_numbers_and_is_broken_by_one_wrong_one(SparkSession spark) {
    List<Identity> identities = Identities.all(CONFIG);
    Map<String, Dataset<Row>> tables = tables(spark);
    List<IdentityCheck.Outcome> outcomes = IdentityCheck.run(spark, identities, tables);
    IdentityCheck.require(outcomes);
    assertThat(outcomes).hasSameSizeAs(identities);
    Set<String> broken = new HashSet<>();
    SoftAssertions softly = new SoftAssertions();
    for (Fault fault : FAULTS) {
      Identity identity =
          identities.stream()
              .filter(candidate -> candidate.name().equals(fault.identity()))
              .findFirst()
              .orElseThrow(() -> new AssertionError("No identity " + fault.identity()));
      Map<String, Dataset<Row>> corrupted = new HashMap<>(tables);
      corrupted.keySet().retainAll(identity.tables());
      corrupted.put(fault.table(), corrupt(tables.get(fault.table()), fault, broken.size()));
      softly
          .assertThatThrownBy(
              () -> IdentityCheck.require(IdentityCheck.run(spark, List.of(identity), corrupted)))
          .as(fault.toString())
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.QUALITY))
          .hasMessageContaining(fault.table())
          .hasMessageContaining(fault.told());
      broken.add(fault.identity());
    }
    softly.assertAll();
    Set<String> ofActivity = new HashSet<>();
    ActivityIdentities.of(CONFIG).forEach(identity -> ofActivity.add(identity.name()));
    GrowthIdentities.of(CONFIG).forEach(identity -> ofActivity.add(identity.name()));
    assertThat(broken).isEqualTo(ofActivity);
  }

  @Test
  void cohorts_are_held_against_growth_only_where_they_hold_every_active_user() {
    String activities = "activities: {active: \"event = 'x'\", buy: \"true\"}\n";
    assertThat(names("retention: [{cohort: recurring}]"))
        .doesNotContain("cohorts_add_up_to_actives");
    assertThat(names("retention: [{cohort: first}]")).contains("cohorts_add_up_to_actives");
    // A user whose very first event is not an active one is active, yet in no cohort.
    assertThat(names(activities + "retention: [{cohort: first}]"))
        .doesNotContain("cohorts_add_up_to_actives");
    assertThat(names(activities + "retention: [{cohort: first-matching}]"))
        .contains("cohorts_add_up_to_actives");
    assertThat(names(activities + "retention: [{cohort: first-matching, return: buy}]"))
        .doesNotContain("cohorts_add_up_to_actives");
  }

  private static List<String> names(String yaml) {
    return Identities.all(TestLog.config(yaml)).stream().map(Identity::name).toList();
  }

  private Map<String, Dataset<Row>> tables(SparkSession spark) {
    int logStart = (int) LocalDate.parse("2024-02-01").toEpochDay();
    int asOf = (int) LocalDate.parse(AS_OF).toEpochDay();
    Map<String, Dataset<Row>> tables = new HashMap<>();
    for (Contract contract : Metrics.tables(Metrics.of(new Scope(CONFIG, logStart, asOf)))) {
      List<Row> rows = new ArrayList<>();
      for (Map<String, Object> row : LOG.table(contract.name(), CONFIG, AS_OF)) {
        List<Object> values = new ArrayList<>(row.values());
        values.add("run");
        rows.add(RowFactory.create(values.toArray()));
      }
      String path = directory.resolve(contract.name()).toString();
      spark.createDataFrame(rows, SparkSchema.of(contract)).coalesce(1).write().parquet(path);
      tables.put(contract.name(), spark.read().parquet(path));
    }
    return tables;
  }

  private Dataset<Row> corrupt(Dataset<Row> table, Fault fault, int number) {
    String path = directory.resolve(fault.table() + "-" + number + "-" + fault.column()).toString();
    assertThat(table.where(fault.row()).count()).as(fault.row()).isPositive();
    table
        .withColumn(
            fault.column(),
            when(expr(fault.row()), expr(fault.change())).otherwise(col(fault.column())))
        .withColumn("run_id", lit("run"))
        .write()
        .mode("overwrite")
        .parquet(path);
    return table.sparkSession().read().parquet(path);
  }
}
