package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Churn by month and stage, and by month, quarter and year: of the users in a spell when a period
 * starts, how many churn in it, early, in the middle or late in their lives.
 *
 * <p>A quarter is not the sum of its months: who joined in its second one is not at its start. What
 * a spell is, and when it ends, says {@link SpellRule}; who counts where, {@link ChurnFlow}.
 */
public final class Churn implements Metric {
  private static final long serialVersionUID = 1L;

  private static final List<Grain> GRAINS = List.of(Grain.MONTH, Grain.QUARTER, Grain.YEAR);

  /** The part of months, whose users are told apart by stage. */
  private static final int MONTHS = 0;

  private final SpellRule rule;
  private final Stages stages;
  private final Bands bands;

  /** One for each grain; its position is the part of its cells. */
  private final List<ChurnFlow> flows = new ArrayList<>();

  public Churn(Scope scope) {
    this.rule = SpellRule.of(scope);
    this.stages = Stages.of(scope.config().churn());
    this.bands = scope.config().churn().bands();
    for (Grain grain : GRAINS) {
      flows.add(
          new ChurnFlow(
              ChurnTables.BY_STAGE.name(),
              flows.size(),
              scope.config().periods(grain),
              grain == Grain.MONTH ? stages : Stages.uncut(),
              scope.config().dimensions(),
              scope));
    }
  }

  @Override
  public List<Contract> tables() {
    return List.of(ChurnTables.BY_STAGE, ChurnTables.PERIODS);
  }

  @Override
  public String cellsOf(String table) {
    return ChurnTables.BY_STAGE.name();
  }

  @Override
  public void add(History history, Cells cells) {
    Spells spells = cells.spells(history, rule);
    flows.forEach(flow -> flow.add(history, spells, cells));
  }

  /** What happens in a period follows from its days and those before. */
  @Override
  public Optional<Onward> onward(Onward.Earlier earlier) {
    return Optional.of(
        new Onward(
            cell -> {
              ChurnFlow flow = flows.get(cell.part());
              return flow.before(flow.firstOpen(earlier.sameUntil()), cell);
            },
            (history, cells) -> {
              Spells spells = cells.spells(history, rule);
              flows.forEach(
                  flow -> flow.add(history, spells, flow.firstOpen(earlier.sameUntil()), cells));
            }));
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    if (cell.key().table().equals(ChurnTables.PERIODS.name())) {
      periodRows(cell, rows);
    } else if (cell.part() == MONTHS) {
      stageRows(cell, rows);
    }
  }

  private void stageRows(Cell cell, Consumer<Object[]> rows) {
    ChurnFlow flow = flows.get(MONTHS);
    for (int month = flow.firstPeriod(cell.sums()); month <= flow.last(); month++) {
      for (int stage = 0; stage < stages.count(); stage++) {
        rows.accept(
            stageRow(cell, month, stages.names().get(stage), flow.sums(cell, month, stage)));
      }
      rows.accept(stageRow(cell, month, Stages.ALL, flow.sums(cell, month)));
    }
  }

  private Object[] stageRow(Cell cell, int month, String stage, long[] sums) {
    List<Object> row = new ArrayList<>();
    row.add(cell.dimension());
    row.add(cell.value());
    row.add(Segments.AS_OF);
    row.add(start(MONTHS, month));
    row.add(end(MONTHS, month));
    row.add(stage);
    row.addAll(measures(MONTHS, month, sums));
    return row.toArray();
  }

  private void periodRows(Cell cell, Consumer<Object[]> rows) {
    ChurnFlow flow = flows.get(cell.part());
    for (int period = flow.firstPeriod(cell.sums()); period <= flow.last(); period++) {
      List<Object> row = new ArrayList<>();
      row.add(GRAINS.get(cell.part()).label());
      row.add(cell.dimension());
      row.add(cell.value());
      row.add(Segments.AS_OF);
      row.add(start(cell.part(), period));
      row.add(end(cell.part(), period));
      row.addAll(measures(cell.part(), period, flow.sums(cell, period)));
      rows.accept(row.toArray());
    }
  }

  private LocalDate start(int part, int period) {
    return KnownDates.of(flows.get(part).periods().start(period));
  }

  private LocalDate end(int part, int period) {
    return KnownDates.of(flows.get(part).periods().end(period));
  }

  private List<Object> measures(int part, int period, long[] sums) {
    ChurnFlow flow = flows.get(part);
    return new ChurnRow(
            GRAINS.get(part).monthsPerPeriod(),
            flow.periods().start(period),
            flow.periods().end(period),
            flow.isOver(period),
            flow.knowsTerms(),
            bands)
        .measures(sums);
  }
}
