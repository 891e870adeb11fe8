package io.tenure.jobs.metric;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.RowOrder;
import io.tenure.jobs.protect.TableRows;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The tables of a log in memory, as a run would write them. */
final class TablesOfLog implements TableRows {
  private final Map<String, List<Object[]>> rows = new LinkedHashMap<>();
  private final List<Contract> contracts = new ArrayList<>();

  TablesOfLog(
      TenureConfig config, LocalDate first, LocalDate last, List<Map<String, String>> events) {
    int end = (int) last.toEpochDay() + 1;
    Collection<History> histories = TestLog.of(events).histories(config).values();
    for (Metric metric : Metrics.of(new Scope(config, (int) first.toEpochDay(), end - 1))) {
      for (Contract table : metric.tables()) {
        contracts.add(table);
        rows.put(table.name(), new ArrayList<>());
      }
      Cells cells = new Cells();
      histories.forEach(history -> metric.add(history.before(end), cells));
      Map<Cell.Key, List<Cell>> together = new LinkedHashMap<>();
      for (var all = cells.iterator(); all.hasNext(); ) {
        Cell cell = all.next();
        for (Contract table : metric.tables()) {
          if (metric.cellsOf(table.name()).equals(cell.key().table())) {
            Cell own = cell.ofTable(table.name());
            together
                .computeIfAbsent(
                    metric.joinsCells(table.name()) ? metric.together(own.key()) : own.key(),
                    unseen -> new ArrayList<>())
                .add(own);
          }
        }
      }
      together.forEach(
          (key, joined) ->
              metric.rows(
                  joined,
                  row -> {
                    Object[] published = Arrays.copyOf(row, row.length + 1);
                    published[row.length] = "run";
                    rows.get(key.table()).add(published);
                  }));
    }
    contracts.forEach(table -> rows.get(table.name()).sort(RowOrder.of(table)));
  }

  List<Contract> contracts() {
    return contracts;
  }

  @Override
  public void each(Contract table, Consumer<Object[]> taker) {
    rows.get(table.name()).forEach(taker);
  }
}
