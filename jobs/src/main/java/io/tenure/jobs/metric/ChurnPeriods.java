package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Churn by month, quarter and year: of the users in a spell when a period starts, how many churn in
 * it. A quarter is not the sum of its months: who joined in its second one is not at its start.
 */
public final class ChurnPeriods implements Metric {
  private static final long serialVersionUID = 1L;

  private static final List<Grain> GRAINS = List.of(Grain.MONTH, Grain.QUARTER, Grain.YEAR);

  private final SpellRule rule;
  private final Bands bands;

  /** One for each grain; its position is the part of its cells. */
  private final List<ChurnFlow> flows = new ArrayList<>();

  public ChurnPeriods(Scope scope) {
    this.rule = SpellRule.of(scope);
    this.bands = scope.config().churn().bands();
    for (Grain grain : GRAINS) {
      flows.add(
          new ChurnFlow(
              "churn_periods",
              flows.size(),
              scope.config().periods(grain),
              Stages.uncut(),
              scope.config().dimensions(),
              scope));
    }
  }

  @Override
  public List<Contract> tables() {
    return List.of(ChurnTables.PERIODS);
  }

  @Override
  public void add(History history, Cells cells) {
    Spells spells = rule.spells(history);
    flows.forEach(flow -> flow.add(history, spells, cells));
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    ChurnFlow flow = flows.get(cell.part());
    for (int period = flow.firstPeriod(cell.sums()); period <= flow.last(); period++) {
      int start = flow.periods().start(period);
      int end = flow.periods().end(period);
      Grain grain = flow.periods().grain();
      List<Object> row = new ArrayList<>();
      row.add(grain.label());
      row.add(cell.dimension());
      row.add(cell.value());
      row.add(Segments.AS_OF);
      row.add(KnownDates.of(start));
      row.add(KnownDates.of(end));
      row.addAll(
          new ChurnRow(months(grain), start, end, flow.isOver(period), flow.knowsTerms(), bands)
              .measures(flow.sums(cell, period, 0)));
      rows.accept(row.toArray());
    }
  }

  private static int months(Grain grain) {
    return switch (grain) {
      case MONTH -> 1;
      case QUARTER -> 3;
      case YEAR -> 12;
      case DAY, WEEK -> throw new IllegalArgumentException(grain.label());
    };
  }
}
