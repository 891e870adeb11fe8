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
import io.tenure.jobs.metric.RandomLives;
import io.tenure.jobs.metric.TestLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Tables unfolded by this process are those unfolded by tasks, whosever cells they are read off.
 */
@ExtendWith(SparkTest.class)
class ComputeTest {
  private static final int DAYS = 90;

  private static List<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    IntStream.range(0, row.length()).forEach(at -> values.add(row.get(at)));
    return values;
  }

  @Test
  void a_table_at_hand_is_the_one_that_tasks_make(SparkSession spark) {
    int end = (int) RowsOfCellsTest.FIRST.plusDays(DAYS).toEpochDay();
    List<Metric> metrics =
        Metrics.of(
            new Scope(RowsOfCellsTest.CONFIG, (int) RowsOfCellsTest.FIRST.toEpochDay(), end - 1));
    List<Row> users = new ArrayList<>();
    TestLog.of(new RandomLives(5, 40, RowsOfCellsTest.FIRST, DAYS).events())
        .histories(RowsOfCellsTest.CONFIG)
        .forEach((user, history) -> users.add(row(user, history)));
    Dataset<Row> state = spark.createDataFrame(users, Fold.STATE).repartition(3);
    int tables = 0;
    int readOff = 0;
    try (Compute compute = Compute.of(state, metrics, end, "run", Optional.empty())) {
      for (Metric metric : metrics) {
        for (Contract contract : metric.tables()) {
          if (!compute.isSmall(contract)) {
            continue; // a table of users, which only tasks make
          }
          List<Object[]> atHand = new ArrayList<>();
          compute.parts(contract).forEach(part -> part.forEachRemaining(atHand::add));
          assertThat(atHand)
              .as(contract.name())
              .isNotEmpty()
              .isSortedAccordingTo(RowOrder.of(contract));
          assertThat(compute.dataset(contract).collectAsList())
              .as(contract.name())
              .extracting(ComputeTest::values)
              .containsExactlyInAnyOrderElementsOf(
                  atHand.stream().map(row -> Arrays.asList(row)).toList());
          tables++;
          readOff += metric.cellsOf(contract.name()).equals(contract.name()) ? 0 : 1;
        }
      }
    }
    assertThat(tables).isGreaterThan(14);
    assertThat(readOff).isEqualTo(4);
  }

  private static Row row(String user, History history) {
    return RowFactory.create(user, history.encode());
  }
}
