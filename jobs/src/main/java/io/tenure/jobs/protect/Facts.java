package io.tenure.jobs.protect;

import io.tenure.common.calendar.Grain;
import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the tables say of the whole or of one segment value, as far as it decides what is hidden.
 */
final class Facts {
  private final int minUsers;

  /** Sizes of cohorts by their first day. */
  final Map<Question, TreeMap<LocalDate, Long>> cohorts = new HashMap<>();

  /** Rows of growth by grain, in order. */
  final Map<String, List<Flow>> flows = new HashMap<>();

  /** What needs no more than its own row to be hidden. */
  final Hidden small = new Hidden();

  /** Users born on each day. */
  final TreeMap<LocalDate, Long> births = new TreeMap<>();

  /** The periods in which anybody was active, first day and the one after the last, by grain. */
  private final Map<String, TreeMap<LocalDate, LocalDate>> active = new HashMap<>();

  /** The most users at once, and the most ever born: a value with few of both is hidden whole. */
  private long mostActive;

  /** Tenures by unit: the largest one that enough users reach, and the largest at all. */
  private final Map<String, int[]> reached = new HashMap<>();

  /** A row of growth. */
  record Flow(LocalDate start, LocalDate end, long active, boolean isSmall) {}

  Facts(int minUsers) {
    this.minUsers = minUsers;
  }

  /** Whether a row speaks of somebody, but of too few. */
  boolean isSmall(Long users) {
    return users != null && users > 0 && users < minUsers;
  }

  /** How many users there are, at least. */
  long users(Reach reach) {
    long born =
        cohorts.entrySet().stream()
            // Where users join every period, cohorts count them more than once.
            .filter(question -> !reach.isRecurring(question.getKey()))
            .map(Map.Entry::getValue)
            .mapToLong(sizes -> sizes.values().stream().mapToLong(Long::longValue).sum())
            .max()
            .orElse(0);
    return Math.max(born, mostActive);
  }

  void add(Fields fields, Object[] row) {
    switch (fields.contract().protection().rule()) {
      case SIZES ->
          cohorts
              .computeIfAbsent(fields.question(row), unseen -> new TreeMap<>())
              .put(fields.day(row, "cohort_start"), fields.count(row, "cohort_users"));
      case WINDOWS -> addWindows(fields, row);
      case FLOWS -> addFlow(fields, row);
      case FREQUENCY -> {
        if (fields.whole(row, "active_days") == 1 && isSmall(fields.count(row, "users_at_least"))) {
          small.months.add(fields.day(row, "period_start"));
        }
      }
      case HABIT -> {
        small.habit28 |= isSmall(fields.count(row, "users_28d"));
        small.habit84 |= isSmall(fields.count(row, "users_84d"));
      }
      case CHURN -> addChurn(fields, row);
      case STAGES -> {
        addChurn(fields, row);
        if (!fields.text(row, "stage").equals(Contract.WHOLE) && isOfFew(fields, row)) {
          small.stages.add(fields.day(row, "period_start"));
        }
      }
      case LIFE_TABLE -> addTenure(fields, row);
      case LIFE_STAGES -> {
        if (isSmall(fields.count(row, "at_risk"))) {
          small.lifeStages.add(fields.text(row, "tenure_unit"));
        }
      }
      case SEGMENT -> {
        if (isSmall(fields.count(row, fields.contract().protection().counted()))) {
          small.tables.add(fields.contract().name());
        }
      }
      case MONEY -> {
        for (Column column : fields.contract().columns()) {
          if (column.type() == ColumnType.BIGINT && isSmall(fields.count(row, column.name()))) {
            small.money.add(fields.day(row, "period_start"));
          }
        }
      }
      case PROJECTION -> {
        boolean few = fields.whole(row, "month") == 1 && customers(fields, row) < minUsers;
        if (few || isSmall(fields.count(row, "basis_users_at_start"))) {
          small.tables.add(fields.contract().name());
        }
      }
      case COHORTS, CURVE, PERIODS, DRIVERS, COMPARISON, NOBODY, INSIDE, PERSONS, UNSAID -> {}
    }
  }

  private static double customers(Fields fields, Object[] row) {
    return (Double) row[fields.place("customers_at_start")];
  }

  private void addWindows(Fields fields, Object[] row) {
    long widest = 0;
    for (String measure : fields.contract().measures()) {
      Long users = measure.equals("new_users") ? null : fields.count(row, measure);
      widest = Math.max(widest, users == null ? 0 : users);
    }
    Long born = fields.count(row, "new_users");
    if (born != null) {
      births.put(fields.day(row, "day"), born);
    }
    mostActive = Math.max(mostActive, widest);
    if (isSmall(widest)) {
      small.hideActivityBefore(fields.day(row, "day").plusDays(1));
    }
  }

  private void addFlow(Fields fields, Object[] row) {
    Long users = fields.count(row, "active_users");
    if (users > 0) {
      active
          .computeIfAbsent(fields.text(row, "grain"), unseen -> new TreeMap<>())
          .put(fields.day(row, "period_start"), fields.day(row, "period_end"));
    }
    flows
        .computeIfAbsent(fields.text(row, "grain"), unseen -> new ArrayList<>())
        .add(
            new Flow(
                fields.day(row, "period_start"),
                fields.day(row, "period_end"),
                users,
                isSmall(users) || isSmall(fields.count(row, "previous_active_users"))));
  }

  private void addChurn(Fields fields, Object[] row) {
    boolean whole = !fields.has("stage") || fields.text(row, "stage").equals(Contract.WHOLE);
    small.churn |= whole && isOfFew(fields, row);
    small.couldLeave |= isSmall(fields.count(row, "could_leave_users"));
  }

  /** A row speaks of those who were there at the start, and of those who came. */
  private boolean isOfFew(Fields fields, Object[] row) {
    return isSmall(fields.count(row, "users_at_start"))
        || isSmall(fields.count(row, "spells_begun"));
  }

  private void addTenure(Fields fields, Object[] row) {
    int tenure = fields.whole(row, "tenure");
    int[] ends =
        reached.computeIfAbsent(fields.text(row, "tenure_unit"), unseen -> new int[] {-1, -1});
    if (fields.count(row, "at_risk") >= minUsers) {
      ends[0] = Math.max(ends[0], tenure);
    }
    ends[1] = Math.max(ends[1], tenure);
  }

  /**
   * Whether just two periods of a grain in a range have anybody, and it holds them whole.
   *
   * @param to the first day after it
   */
  boolean isOfTwo(String grain, LocalDate from, LocalDate to) {
    TreeMap<LocalDate, LocalDate> periods = active.getOrDefault(grain, new TreeMap<>());
    Map.Entry<LocalDate, LocalDate> cut = periods.lowerEntry(from);
    LocalDate start = cut != null && cut.getValue().isAfter(from) ? cut.getKey() : from;
    SortedMap<LocalDate, LocalDate> touched = periods.subMap(start, to);
    if (touched.keySet().stream().limit(3).count() != 2) {
      return false;
    }
    TreeMap<LocalDate, LocalDate> days = active.getOrDefault(Grain.DAY.label(), new TreeMap<>());
    LocalDate first = days.ceilingKey(touched.firstKey());
    LocalDate last = days.lowerKey(touched.get(touched.lastKey()));
    return first != null && last != null && !first.isBefore(from) && last.isBefore(to);
  }

  /** Where life tables become too thin, one row earlier, so that the tail has enough users. */
  void addTails() {
    reached.forEach(
        (unit, ends) -> {
          if (ends[1] > ends[0]) {
            small.hideFrom(unit, Math.max(ends[0], 0));
          }
        });
  }
}
