package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryLayout;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The Net Promoter Score (F. Reichheld, 2003) by month and quarter, and who has left since.
 *
 * <p>An answer is the last score that a user gave on a day at a touchpoint. It counts under the
 * segment value of that day. Whoever was in a spell then is followed for {@code nps.churn-days}
 * days: the spell churns in them or does not.
 */
public final class Nps implements Metric {
  private static final long serialVersionUID = 1L;

  // The groups, in the order of NpsTable.GROUPS.
  private static final int PROMOTERS = 0;
  private static final int PASSIVES = 1;
  private static final int DETRACTORS = 2;
  private static final int LEAST_PROMOTER = 9;
  private static final int LEAST_PASSIVE = 7;

  // Where the sums of a group stand, and how many a period has.
  private static final int ANSWERS = 0;
  private static final int FOLLOWED = 3;
  private static final int CHURNED = 6;
  private static final int WIDTH = 9;

  private static final String TABLE = NpsTable.NPS.name();
  private static final List<Grain> GRAINS = List.of(Grain.MONTH, Grain.QUARTER);

  private final List<String> touchpoints;
  private final int firstScore;
  private final int churnDays;
  private final SpellRule rule;
  private final List<String> dimensions;
  private final List<Periods> grains;
  private final int logStart;
  private final int end;
  private final int asOf;

  /** The log's first period, by grain. */
  private final int[] first;

  public Nps(Scope scope) {
    TenureConfig config = scope.config();
    this.touchpoints = new ArrayList<>(List.of(Segments.ALL));
    this.touchpoints.addAll(config.nps().touchpoints().keySet());
    this.firstScore = HistoryLayout.firstScore(config);
    this.churnDays = config.nps().churnDays();
    this.rule = SpellRule.of(scope);
    this.dimensions = config.dimensions();
    this.grains = GRAINS.stream().map(config::periods).toList();
    this.logStart = scope.logStart();
    this.end = scope.end();
    this.asOf = scope.asOf();
    this.first = grains.stream().mapToInt(grain -> grain.of(scope.logStart())).toArray();
  }

  @Override
  public List<Contract> tables() {
    return List.of(NpsTable.NPS);
  }

  @Override
  public void add(History history, Cells cells) {
    Spells spells = null;
    for (int touchpoint = 1; touchpoint < touchpoints.size(); touchpoint++) {
      int dimension = firstScore + touchpoint - 1;
      for (int at = 0; at < history.size(); at++) {
        String score = history.segmentOfDay(dimension, at);
        if (score != null) {
          spells = spells == null ? cells.spells(history, rule) : spells;
          add(history, history.day(at), touchpoint, group(score), spells, cells);
        }
      }
    }
  }

  private static int group(String score) {
    int number = Integer.parseInt(score);
    if (number >= LEAST_PROMOTER) {
      return PROMOTERS;
    }
    return number >= LEAST_PASSIVE ? PASSIVES : DETRACTORS;
  }

  private void add(
      History history, int day, int touchpoint, int group, Spells spells, Cells cells) {
    int spell = spells.size() - 1;
    while (spell >= 0 && spells.start(spell) > day) {
      spell--;
    }
    boolean followed = spell >= 0 && day < spells.churn(spell);
    boolean churned = followed && spells.churn(spell) <= day + churnDays;
    for (Cells.Segment segment : cells.segments(history, day, dimensions)) {
      for (int grain = 0; grain < grains.size(); grain++) {
        int at = (grains.get(grain).of(day) - first[grain]) * WIDTH;
        for (int counted : new int[] {0, touchpoint}) {
          int part = grain * touchpoints.size() + counted;
          long[] sums = segment.sums(TABLE, part, 0, at + WIDTH);
          sums[at + ANSWERS + group]++;
          sums[at + FOLLOWED + group] += followed ? 1 : 0;
          sums[at + CHURNED + group] += churned ? 1 : 0;
        }
      }
    }
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    int grain = cell.part() / touchpoints.size();
    String touchpoint = touchpoints.get(cell.part() % touchpoints.size());
    Periods periods = grains.get(grain);
    int last = periods.of(asOf) - first[grain];
    for (int period = cell.firstSum() / WIDTH; period <= last; period++) {
      rows.accept(row(cell, periods, first[grain] + period, touchpoint, period * WIDTH));
    }
  }

  private Object[] row(Cell cell, Periods periods, int period, String touchpoint, int at) {
    int start = periods.start(period);
    int periodEnd = periods.end(period);
    int maturesOn = rule.knownFrom(periodEnd - 1 + churnDays);
    boolean mature = maturesOn <= end;
    long promoters = cell.sum(at + ANSWERS + PROMOTERS);
    long passives = cell.sum(at + ANSWERS + PASSIVES);
    long detractors = cell.sum(at + ANSWERS + DETRACTORS);
    NetScore score = NetScore.of(promoters, passives, detractors);
    List<Object> row = new ArrayList<>();
    row.add(periods.grain().label());
    row.add(KnownDates.of(start));
    row.add(KnownDates.of(periodEnd));
    row.add(cell.dimension());
    row.add(cell.value());
    row.add(Segments.AS_OF);
    row.add(touchpoint);
    row.add(promoters + passives + detractors);
    row.add(promoters);
    row.add(passives);
    row.add(detractors);
    row.add(score.score());
    row.add(score.low());
    row.add(score.high());
    for (int group = 0; group < NpsTable.GROUPS.size(); group++) {
      long followed = cell.sum(at + FOLLOWED + group);
      long churned = cell.sum(at + CHURNED + group);
      Proportion rate = mature ? Proportion.of(churned, followed) : Proportion.UNKNOWN;
      row.add(mature ? followed : null);
      row.add(mature ? churned : null);
      row.add(rate.rate());
      row.add(rate.low());
      row.add(rate.high());
    }
    row.add(periodEnd <= end);
    row.add(start >= logStart);
    row.add(mature);
    row.add(KnownDates.of(maturesOn));
    return row.toArray();
  }
}
