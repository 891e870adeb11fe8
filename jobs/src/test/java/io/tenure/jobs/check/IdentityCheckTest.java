package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.RandomLives;
import io.tenure.jobs.metric.TestLog;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reading tables from their files and adding up in many tasks says what adding up at hand says. */
@ExtendWith(SparkTest.class)
class IdentityCheckTest {
  private static final String AS_OF = "2023-08-31";
  private static final Scope SCOPE =
      new Scope(
          TestLog.config(
              """
              input: {path: in, user: user, time: time, amount: amount}
              output: out
              segments: [country, plan]
              """),
          (int) LocalDate.parse("2023-01-15").toEpochDay(),
          (int) LocalDate.parse(AS_OF).toEpochDay());

  /** Judged by one task; more are by many. */
  private static final long FEW = 1;

  @TempDir private Path directory;

  @Test
  void files_are_judged_as_the_rows_in_them(SparkSession spark) {
    List<Map<String, String>> events = new ArrayList<>();
    for (Map<String, String> event :
        new RandomLives(11, 30, LocalDate.parse("2023-01-15"), 200).events()) {
      Map<String, String> paid = new LinkedHashMap<>(event);
      paid.put("amount", events.size() * 7 % 50 - 10 + ".25");
      events.add(paid);
    }
    TestLog log = TestLog.of(events);
    Map<String, List<TableLine>> right = WrongNumber.tables(log, SCOPE, AS_OF);
    Map<String, List<TableLine>> wrong =
        new WrongNumber(
                "",
                "growth",
                "grain = month AND segment = (all) AND period_start = 2023-03-01",
                "active_users",
                77L,
                "")
            .in(right);
    TableLine month = wrong.get("revenue_retention").get(2);
    Map<String, Object> misspent = new LinkedHashMap<>(month.values());
    misspent.put("revenue", new BigDecimal("77.0000"));
    List<TableLine> months = new ArrayList<>(wrong.get("revenue_retention"));
    months.set(2, new TableLine(misspent));
    wrong.put("revenue_retention", months);
    List<Identity> identities = WrongNumber.identities(SCOPE);
    assertThat(run(spark, identities, written(spark, right, "right"), FEW))
        .hasSameSizeAs(identities)
        .allMatch(Judgement.Outcome::holds);

    Map<Contract, String> files = written(spark, wrong, "wrong");
    List<Judgement.Outcome> outcomes = run(spark, identities, files, FEW);
    // Suspected at once and told by tasks; and by tasks alone.
    assertThat(run(spark, identities, files, 1_000_000)).isEqualTo(outcomes);
    assertThat(run(spark, identities, files, Long.MAX_VALUE)).isEqualTo(outcomes);
    List<Judgement.Outcome> atHand = Judgement.of(identities, wrong);
    assertThat(outcomes.stream().map(Judgement.Outcome::breaches))
        .containsExactlyElementsOf(atHand.stream().map(Judgement.Outcome::breaches).toList());
    assertThat(outcomes.stream().map(Judgement.Outcome::told))
        .containsExactlyElementsOf(atHand.stream().map(Judgement.Outcome::told).toList());
    assertThat(outcomes)
        .filteredOn(outcome -> !outcome.holds())
        .extracting(outcome -> outcome.identity().name())
        .contains(
            "growth_arithmetic",
            "calendar_actives_agree",
            "revenue_movements_add_up",
            "revenue_retention_segments_sum_to_the_whole");
  }

  @Test
  void an_identity_of_a_table_that_is_not_there_is_not_asked(SparkSession spark) {
    assertThat(run(spark, WrongNumber.identities(SCOPE), Map.of(), FEW)).isEmpty();
  }

  private Map<Contract, String> written(
      SparkSession spark, Map<String, List<TableLine>> tables, String name) {
    Map<Contract, String> paths = new LinkedHashMap<>();
    for (Contract contract : Metrics.tables(Metrics.of(SCOPE))) {
      List<Row> rows = new ArrayList<>();
      for (TableLine line : tables.get(contract.name())) {
        List<Object> values = new ArrayList<>(line.values().values());
        values.add("run");
        rows.add(RowFactory.create(values.toArray()));
      }
      String path = directory.resolve(name).resolve(contract.name()).toString();
      spark.createDataFrame(rows, SparkSchema.of(contract)).repartition(3).write().parquet(path);
      paths.put(contract, path);
    }
    return paths;
  }

  /** As if the tables had so many rows, all of them together. */
  private static List<Judgement.Outcome> run(
      SparkSession spark, List<Identity> identities, Map<Contract, String> files, long rows) {
    Map<String, Long> counts = new HashMap<>();
    files.keySet().forEach(table -> counts.put(table.name(), rows / files.size()));
    return IdentityCheck.run(spark, identities, files, counts);
  }
}
