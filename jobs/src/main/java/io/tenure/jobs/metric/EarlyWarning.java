package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who is likely to leave next, and how far that can be trusted.
 *
 * <p>There is no model to train. When a month begins, every user there stands in a situation
 * ({@link Outlook}); what became of the users of a situation within the horizon is counted. The
 * risk of a user is the share of {@link SimilarUsers} who churned, over the last {@value #MONTHS}
 * months whose horizon is over.
 *
 * <p>The backtest does the same as of the end of every past month, from what was known then alone:
 * who would have been flagged, and who of them left.
 */
public final class EarlyWarning implements Metric {
  private static final long serialVersionUID = 1L;

  /** Months that a risk is learned from, at most: users of a year ago are others. */
  static final int MONTHS = 12;

  private static final String BACKTEST = EarlyWarningTables.BACKTEST.name();

  private final Outlook outlook;
  private final int end;

  /** The days on which the rule is applied when they begin: of months, and the end of knowledge. */
  private final int[] days;

  /** The number of days that begin a month; behind them there may be the end of knowledge. */
  private final int months;

  private final Contract atRiskUsers;
  private final UserRisks.Facts facts;

  public EarlyWarning(Scope scope) {
    this.outlook = Outlook.of(scope);
    this.end = scope.end();
    Periods calendar = scope.config().periods(Grain.MONTH);
    List<Integer> starts = new ArrayList<>();
    for (int month = calendar.of(scope.logStart()) + 1;
        calendar.start(month) <= scope.end();
        month++) {
      starts.add(calendar.start(month));
    }
    this.months = starts.size();
    if (starts.isEmpty() || starts.get(months - 1) < end) {
      starts.add(end);
    }
    this.days = starts.stream().mapToInt(Integer::intValue).toArray();
    this.atRiskUsers = EarlyWarningTables.atRiskUsers(scope.config());
    this.facts = UserRisks.Facts.of(scope.config());
  }

  @Override
  public List<Contract> tables() {
    return List.of(EarlyWarningTables.BACKTEST, atRiskUsers);
  }

  @Override
  public void add(History history, Cells cells) {
    add(history, 0, cells);
  }

  /** How users stood when a month began, and what became of them, follows from days before. */
  @Override
  public Optional<Onward> onward(Onward.Earlier earlier) {
    int from = 0;
    while (from < months && outlook.knownFrom(days[from]) <= earlier.sameUntil()) {
      from++;
    }
    int known = from;
    return Optional.of(
        new Onward(
            cell ->
                cell.index() / outlook.stages().count() < known
                    ? cell
                    : new Cell(cell.key(), new long[0]),
            (history, cells) -> add(history, known, cells)));
  }

  /** Adds how one user stood from some day on, by its number. */
  private void add(History history, int from, Cells cells) {
    Spells spells = cells.spells(history, outlook.rule());
    if (spells.size() == 0) {
      return;
    }
    LookBack back = new LookBack(history.days(outlook.active()));
    for (int at = from; at < days.length; at++) {
      int day = days[at];
      int spell = outlook.spell(spells, day);
      if (spell < 0) {
        continue;
      }
      back.to(day);
      int stage = outlook.stage(spells, day);
      int situation = outlook.situation(history, back, spells, spell, day);
      long[] sums = cells.all().sums(BACKTEST, 0, at * outlook.stages().count() + stage, width());
      sums[2 * situation]++;
      if (isOver(day) && spells.churn(spell) < day + outlook.horizon()) {
        sums[2 * situation + 1]++;
      }
    }
  }

  private static int width() {
    return 2 * Outlook.SITUATIONS;
  }

  /** Whether it is known what became of those who were there when a day began. */
  private boolean isOver(int day) {
    return outlook.knownFrom(day) <= end;
  }

  /** The sums by day and stage; null where there is nobody. */
  private long[][][] byDayAndStage(List<Cell> cells) {
    int stages = outlook.stages().count();
    long[][][] sums = new long[days.length][stages][];
    for (Cell cell : cells) {
      sums[cell.index() / stages][cell.index() % stages] = cell.sums();
    }
    return sums;
  }

  /** The months with users whose outcome is known when a day begins, the last ones, by number. */
  private List<Integer> learned(long[][][] sums, int at) {
    List<Integer> learned = new ArrayList<>();
    for (int month = Math.min(at, months) - 1; month >= 0 && learned.size() < MONTHS; month--) {
      boolean over = outlook.knownFrom(days[month]) <= days[at];
      if (over && Arrays.stream(sums[month]).anyMatch(Objects::nonNull)) {
        learned.add(month);
      }
    }
    return learned;
  }

  private SimilarUsers similar(long[][][] sums, List<Integer> learned) {
    SimilarUsers similar = new SimilarUsers(outlook.stages().count());
    for (int month : learned) {
      for (int stage = 0; stage < sums[month].length; stage++) {
        if (sums[month][stage] != null) {
          similar.learn(stage, sums[month][stage]);
        }
      }
    }
    return similar;
  }

  @Override
  public boolean joinsCells(String table) {
    return true;
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    throw new UnsupportedOperationException("A day is judged by others: all cells are needed");
  }

  @Override
  public Cell.Key together(Cell.Key key) {
    return new Cell.Key(key.table(), Segments.ALL, Segments.ALL, 0, 0);
  }

  @Override
  public void rows(List<Cell> cells, Consumer<Object[]> rows) {
    long[][][] sums = byDayAndStage(cells);
    for (int at = 0; at < days.length; at++) {
      List<Integer> learned = learned(sums, at);
      SimilarUsers similar = similar(sums, learned);
      for (int percent : EarlyWarningTables.THRESHOLDS) {
        rows.accept(row(at, percent, learned.size(), Flagged.of(sums[at], similar, percent)));
      }
    }
  }

  /** Users, of them those flagged, and who of both churned. */
  private record Flagged(long users, long churned, long flagged, long flaggedChurned) {
    static Flagged of(long[][] byStage, SimilarUsers similar, int percent) {
      long users = 0;
      long churned = 0;
      long flagged = 0;
      long flaggedChurned = 0;
      for (int stage = 0; stage < byStage.length; stage++) {
        for (int at = 0; byStage[stage] != null && at < byStage[stage].length; at += 2) {
          long here = byStage[stage][at];
          if (here == 0) {
            continue;
          }
          long left = byStage[stage][at + 1];
          users += here;
          churned += left;
          SimilarUsers.Risk risk = similar.risk(stage, at / 2);
          if (risk != null && risk.isAtLeast(percent)) {
            flagged += here;
            flaggedChurned += left;
          }
        }
      }
      return new Flagged(users, churned, flagged, flaggedChurned);
    }
  }

  private Object[] row(int at, int percent, int learned, Flagged counts) {
    int day = days[at];
    boolean over = isOver(day);
    boolean judged = over && learned > 0;
    List<Object> row = new ArrayList<>();
    row.add(KnownDates.of(day - 1));
    row.add(Segments.ALL);
    row.add(Segments.ALL);
    row.add(percent / 100.0);
    row.add(learned);
    row.add(counts.users());
    row.add(learned > 0 ? counts.flagged() : null);
    row.add(over ? counts.churned() : null);
    row.add(judged ? counts.flaggedChurned() : null);
    if (judged) {
      Proportion precision = Proportion.of(counts.flaggedChurned(), counts.flagged());
      Proportion recall = Proportion.of(counts.flaggedChurned(), counts.churned());
      Collections.addAll(row, precision.rate(), precision.low(), precision.high());
      Collections.addAll(row, recall.rate(), recall.low(), recall.high());
      row.add(
          precision.rate() == null || counts.churned() == 0
              ? null
              : precision.rate() / ((double) counts.churned() / counts.users()));
    } else {
      row.addAll(Collections.nCopies(7, null));
    }
    row.add(over);
    row.add(KnownDates.of(outlook.knownFrom(day)));
    return row.toArray();
  }

  @Override
  public Optional<String> listsUsersBy(String table) {
    return table.equals(atRiskUsers.name()) ? Optional.of(BACKTEST) : Optional.empty();
  }

  @Override
  public UserRows users(List<Cell> cells) {
    long[][][] sums = byDayAndStage(cells);
    int now = days.length - 1;
    long expected = 0;
    for (long[] stage : sums[now]) {
      for (int at = 0; stage != null && at < stage.length; at += 2) {
        expected += stage[at];
      }
    }
    return new UserRisks(outlook, facts, end, similar(sums, learned(sums, now)), expected);
  }
}
