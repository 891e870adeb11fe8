package io.tenure.jobs.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.RowOrder;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.Onward;
import io.tenure.jobs.metric.RandomLives;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tables unfolded by this process are those unfolded by tasks, whosever cells they are read off and
 * whatever run they go on from.
 */
@ExtendWith(SparkTest.class)
class ComputeTest {
  private static final int DAYS = 90;
  private static final String BUILD = "this";

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    IntStream.range(0, row.length()).forEach(at -> values.add(row.get(at)));
    return values;
  }

  private static Dataset<Row> state(SparkSession spark, TestLog log, int parts) {
    List<Row> users = new ArrayList<>();
    log.histories(RowsOfCellsTest.CONFIG).forEach((user, history) -> users.add(row(user, history)));
    return spark.createDataFrame(users, Fold.STATE).repartition(parts);
  }

  private static List<Metric> metrics(int end) {
    return Metrics.of(
        new Scope(RowsOfCellsTest.CONFIG, (int) RowsOfCellsTest.FIRST.toEpochDay(), end - 1));
  }

  private static List<List<Object>> atHand(Compute compute, Contract contract) {
    assertThat(compute.isSmall(contract)).as(contract.name()).isTrue();
    List<Object[]> rows = new ArrayList<>();
    compute.parts(contract).forEach(part -> part.forEachRemaining(rows::add));
    assertThat(rows).as(contract.name()).isNotEmpty();
    return rows.stream().map(Arrays::asList).toList();
  }

  @Test
  void a_table_at_hand_is_the_one_that_tasks_make(SparkSession spark) {
    int end = (int) RowsOfCellsTest.FIRST.plusDays(DAYS).toEpochDay();
    TestLog log = TestLog.of(new RandomLives(5, 40, RowsOfCellsTest.FIRST, DAYS).events());
    int tables = 0;
    int readOff = 0;
    List<Metric> metrics = metrics(end);
    try (Compute compute =
        Compute.of(state(spark, log, 3), metrics, end, "run", Optional.empty())) {
      for (Metric metric : metrics) {
        for (Contract contract : metric.tables()) {
          for (Iterator<Object[]> part : compute.parts(contract)) {
            List<Object[]> rows = new ArrayList<>();
            part.forEachRemaining(rows::add);
            assertThat(rows).as(contract.name()).isSortedAccordingTo(RowOrder.of(contract));
          }
          assertThat(compute.dataset(contract).collectAsList())
              .as(contract.name())
              .extracting(ComputeTest::values)
              .containsExactlyInAnyOrderElementsOf(atHand(compute, contract));
          tables++;
          readOff += metric.cellsOf(contract.name()).equals(contract.name()) ? 0 : 1;
        }
      }
    }
    assertThat(tables).isGreaterThan(15);
    assertThat(readOff).isEqualTo(6);
  }

  @Test
  void users_from_many_parts_of_the_state_are_one_sorted_part(SparkSession spark) {
    int end = (int) RowsOfCellsTest.FIRST.plusDays(DAYS).toEpochDay();
    TestLog log = TestLog.of(new RandomLives(5, 40, RowsOfCellsTest.FIRST, DAYS).events());
    List<Metric> metrics = metrics(end);
    Contract users =
        Metrics.tables(metrics).stream()
            .filter(contract -> contract.name().equals("at_risk_users"))
            .findFirst()
            .orElseThrow();
    try (Compute few = Compute.of(state(spark, log, 1), metrics, end, "run", Optional.empty());
        Compute many = Compute.of(state(spark, log, 7), metrics, end, "run", Optional.empty())) {
      assertThat(many.parts(users)).hasSize(1);
      assertThat(atHand(many, users)).isEqualTo(atHand(few, users));
    }
  }

  @Test
  void tables_of_a_run_that_goes_on_are_those_of_all_days(SparkSession spark) {
    int end = (int) RowsOfCellsTest.FIRST.plusDays(DAYS).toEpochDay();
    int known = end - 20;
    List<Map<String, String>> events = new RandomLives(6, 40, RowsOfCellsTest.FIRST, DAYS).events();
    String until = LocalDate.ofEpochDay(known).toString();
    TestLog before =
        TestLog.of(
            events.stream().filter(event -> event.get("time").compareTo(until) < 0).toList());
    Dataset<Row> state = state(spark, TestLog.of(events), 3);
    byte[] kept;
    try (Compute compute =
        Compute.of(state(spark, before, 2), metrics(known), known, "before", Optional.empty())) {
      kept = compute.lasting(BUILD).orElseThrow();
    }
    Optional<EarlierCells> earlier =
        EarlierCells.read(new Onward.Earlier(known, known), BUILD, kept);
    List<Metric> metrics = metrics(end);
    try (Compute all = Compute.of(state, metrics, end, "run", Optional.empty());
        Compute onward = Compute.of(state, metrics, end, "run", earlier);
        // Earlier cells are used: without the users of the days before, there is nothing else.
        Compute only = Compute.of(state.limit(0), metrics, end, "run", earlier)) {
      for (Contract contract : Metrics.tables(metrics)) {
        assertThat(atHand(onward, contract)).as(contract.name()).isEqualTo(atHand(all, contract));
      }
      assertThat(only.lasting(BUILD)).isPresent();
      assertThat(only.cells()).isGreaterThan(100);
    }
  }

  private static Row row(String user, History history) {
    return RowFactory.create(user, history.encode());
  }
}
