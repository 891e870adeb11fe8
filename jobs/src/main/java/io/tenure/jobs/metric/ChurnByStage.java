package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Monthly churn by stage: of the users in a spell when a month starts, how many churn in it, early,
 * in the middle or late in their lives.
 *
 * <p>What a spell is, and when it ends, says {@link SpellRule}; who counts where, {@link
 * ChurnFlow}.
 */
public final class ChurnByStage implements Metric {
  private static final long serialVersionUID = 1L;

  private final SpellRule rule;
  private final Stages stages;
  private final Bands bands;
  private final ChurnFlow flow;

  public ChurnByStage(Scope scope) {
    this.rule = SpellRule.of(scope);
    this.stages = Stages.of(scope.config().churn());
    this.bands = scope.config().churn().bands();
    Periods months = scope.config().periods(Grain.MONTH);
    this.flow =
        new ChurnFlow("churn_by_stage", 0, months, stages, scope.config().dimensions(), scope);
  }

  @Override
  public List<Contract> tables() {
    return List.of(ChurnTables.BY_STAGE);
  }

  @Override
  public void add(History history, Cells cells) {
    flow.add(history, rule.spells(history), cells);
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    for (int month = flow.firstPeriod(cell.sums()); month <= flow.last(); month++) {
      long[] all = new long[0];
      for (int stage = 0; stage < stages.count(); stage++) {
        long[] sums = flow.sums(cell, month, stage);
        rows.accept(row(cell, month, stages.names().get(stage), sums));
        all = Cells.add(all, sums);
      }
      rows.accept(row(cell, month, Stages.ALL, all));
    }
  }

  private Object[] row(Cell cell, int month, String stage, long[] sums) {
    int start = flow.periods().start(month);
    int end = flow.periods().end(month);
    List<Object> row = new ArrayList<>();
    row.add(cell.dimension());
    row.add(cell.value());
    row.add(Segments.AS_OF);
    row.add(KnownDates.of(start));
    row.add(KnownDates.of(end));
    row.add(stage);
    row.addAll(
        new ChurnRow(1, start, end, flow.isOver(month), flow.knowsTerms(), bands).measures(sums));
    return row.toArray();
  }
}
