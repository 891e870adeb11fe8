package io.tenure.jobs.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.RowOrder;
import io.tenure.jobs.metric.Cell;
import io.tenure.jobs.metric.Cells;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.RandomLives;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables that follow their cells come out sorted, whatever the order of the cells. */
class RowsOfCellsTest {
  static final LocalDate FIRST = LocalDate.parse("2023-12-15");

  /** Brackets whose labels are not in the order of their starts, questions not in that of names. */
  static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [country, plan]
          activities: {active: "true"}
          retention:
            - {name: second, grains: {day: 30, month: 3}, brackets: [0, 1, 3, 7, 14, 30]}
            - {name: first, cohort: recurring, grains: {week: 5, day: 2}}
          """);

  private static List<Object[]> unfolded(Metric metric, Cell cell) {
    List<Object[]> rows = new ArrayList<>();
    metric.rows(cell, rows::add);
    return rows;
  }

  @Test
  void rows_are_those_of_all_cells_sorted() {
    Scope scope =
        new Scope(CONFIG, (int) FIRST.toEpochDay(), (int) FIRST.plusDays(89).toEpochDay());
    int tables = 0;
    for (Metric metric : Metrics.of(scope)) {
      Cells cells = new Cells();
      TestLog.of(new RandomLives(5, 40, FIRST, 90).events())
          .histories(CONFIG)
          .values()
          .forEach(history -> metric.add(history, cells));
      for (Contract table : metric.tables()) {
        if (!metric.followsCells(table.name())) {
          continue;
        }
        tables++;
        List<Cell> own = new ArrayList<>();
        cells
            .iterator()
            .forEachRemaining(
                cell -> own.add(cell.key().table().equals(table.name()) ? cell : null));
        own.removeIf(cell -> cell == null);
        Collections.shuffle(own, new Random(7));
        List<Object[]> sorted = new ArrayList<>();
        own.forEach(cell -> sorted.addAll(unfolded(metric, cell)));
        sorted.sort(RowOrder.of(table));
        List<Object[]> rows = new ArrayList<>();
        List<RowsOfCells> parts =
            RowsOfCells.parts(own, cell -> unfolded(metric, cell), RowOrder.of(table), 3);
        assertThat(parts).hasSize(3).allMatch(RowsOfCells::hasNext);
        parts.forEach(part -> part.forEachRemaining(rows::add));
        assertThat(rows).as(table.name()).hasSizeGreaterThan(1_000);
        assertThat(Arrays.deepEquals(rows.toArray(), sorted.toArray())).as(table.name()).isTrue();
      }
    }
    assertThat(tables).isPositive();
  }

  @Test
  void rows_that_do_not_follow_are_a_bug() {
    Cell one = new Cell(new Cell.Key("t", "d", "v", 0, 1), new long[0]);
    Cell two = new Cell(new Cell.Key("t", "d", "v", 0, 2), new long[0]);
    RowsOfCells rows =
        RowsOfCells.parts(
                List.of(two, one),
                cell -> new ArrayList<>(List.of(new Object[] {5 - cell.index()}, new Object[] {9})),
                (left, right) -> Integer.compare((Integer) left[0], (Integer) right[0]),
                1)
            .get(0);
    assertThat(rows.next()).containsExactly(4);
    assertThat(rows.next()).containsExactly(9);
    assertThatThrownBy(rows::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Rows do not follow their cells: [3] comes after [9]");
  }
}
