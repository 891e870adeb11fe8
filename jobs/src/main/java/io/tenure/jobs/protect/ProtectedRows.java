package io.tenure.jobs.protect;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rows of one table as its protected copy has them. */
public final class ProtectedRows {
  /** What growth says of a period, beside how many are active and how many are new. */
  private static final Set<String> FLOWS =
      Set.of(
          "retained_users",
          "resurrected_users",
          "churned_users",
          "quick_ratio",
          "retention_rate",
          "ci_low",
          "ci_high");

  /** What habits say of the users of 84 days. */
  static final Set<String> OF_84_DAYS =
      Set.of(
          "users_84d",
          "users_below_monthly",
          "share_below_monthly",
          "ci_low",
          "ci_high",
          "is_forgettable");

  /** Windows as long as two periods: with the users of both, who is in both follows. */
  private static final List<Set<String>> TWO_PERIODS =
      List.of(
          Set.of("day", "active_2d"),
          Set.of("week", "active_14d"),
          Set.of("month", "active_59d", "active_60d", "active_61d", "active_62d"));

  /** What is hidden in all rows, because nobody counts whom it speaks of. */
  private static final Set<String> NEVER_SHOWN = Set.of("net_moved", "comparisons", "p_adjusted");

  /** Of {@code stickiness_avg}. */
  private static final int DAYS_OF_AVERAGE = 28;

  private final Hiding hiding;
  private final Fields fields;
  private final Protection protection;
  private final Set<String> all;

  /** Days of the columns that count windows of more than one. */
  private final Map<String, Integer> windows = new TreeMap<>();

  private final Set<String> outcomes;

  ProtectedRows(Hiding hiding, Fields fields) {
    this.hiding = hiding;
    this.fields = fields;
    this.protection = fields.contract().protection();
    this.all = new TreeSet<>(fields.contract().hideable());
    this.outcomes = new TreeSet<>(all);
    for (String column : all) {
      int days = ActiveUsersConfig.days(column);
      if (days > 1) {
        windows.put(column, days);
      }
    }
    protection.population().ifPresent(outcomes::remove);
  }

  /** Whether a column can be hidden while the number of users that its row speaks of is shown. */
  boolean canHide(String column) {
    return protection.rule() == Protection.Rule.FLOWS
        ? FLOWS.contains(column)
        : outcomes.contains(column);
  }

  /** Whether the copy has no such row: it speaks of a value that leaves none. */
  public boolean drops(Object[] row) {
    Slice slice = fields.slice(row);
    if (hiding.isDropped(slice)) {
      return true;
    }
    // How many rows a life table has is the longest life.
    Integer tail =
        protection.rule() == Protection.Rule.LIFE_TABLE
            ? hiding.of(slice).tails.get(fields.text(row, "tenure_unit"))
            : null;
    return tail != null && fields.whole(row, "tenure") > tail;
  }

  /** The columns that are hidden in a row. */
  public Set<String> hidden(Object[] row) {
    Slice slice = fields.slice(row);
    Hidden its = hiding.of(slice);
    return switch (protection.rule()) {
      case COHORTS -> cohort(its, row);
      case SIZES -> size(its, row);
      case CURVE -> curve(its, row);
      case WINDOWS -> windows(its, row);
      case PERIODS ->
          early(its, row)
                  || isShort(its, row, 0)
                  || isHiddenPeriod(its, row)
                  || its.days.contains(fields.day(row, "period_end").minusDays(1))
              ? all
              : Set.of();
      case FREQUENCY ->
          early(its, row) || its.months.contains(fields.day(row, "period_start")) ? all : Set.of();
      case FLOWS -> flows(its, row);
      case MONEY -> money(its, row);
      case HABIT -> habit(its);
      case CHURN, STAGES -> churn(its, row);
      case LIFE_TABLE -> tenure(its, row);
      case LIFE_STAGES -> lifeStage(its, row);
      case DRIVERS -> drivers(its, row);
      case COMPARISON -> comparison(slice, row);
      case PROJECTION -> projection(its);
      case SEGMENT -> its.tables.contains(fields.contract().name()) ? all : Set.of();
      case NOBODY -> Set.of();
      case INSIDE, PERSONS, UNSAID ->
          throw new IllegalArgumentException(
              "No protected copy of " + fields.contract().name() + ": " + protection.rule());
    };
  }

  /** Whether the return of a cohort in a period is hidden. */
  boolean hidesReturn(Object[] row) {
    Hidden its = hiding.of(fields.slice(row));
    return its.cohorts(fields.question(row)).contains(fields.day(row, "cohort_start"))
        || early(its, row);
  }

  private Set<String> cohort(Hidden its, Object[] row) {
    if (hidesReturn(row)) {
      return hidesSize(its, row) ? all : outcomes;
    }
    return its.orLater.contains(fields.text(row, "retention"))
        ? Set.of("retained_or_later_users")
        : Set.of();
  }

  /** Who joins every period is who is active in it, so the sizes go with the activity. */
  private boolean hidesSize(Hidden its, Object[] row) {
    if (!hiding.reach().isRecurring(fields.question(row))) {
      return false;
    }
    LocalDate start = fields.day(row, "cohort_start");
    return its.activityBefore != null && start.isBefore(its.activityBefore)
        || fields.text(row, "grain").equals(Grain.DAY.label()) && its.days.contains(start);
  }

  private Set<String> size(Hidden its, Object[] row) {
    if (hidesSize(its, row)) {
      return all;
    }
    return fields.count(row, "cohort_users") < hiding.minUsers() ? outcomes : Set.of();
  }

  private Set<String> curve(Hidden its, Object[] row) {
    Question question = fields.question(row);
    if (hiding.reach().isRecurring(question) && its.activityBefore != null) {
      return all;
    }
    return its.pooled(question).contains(Pools.key(fields, row)) ? outcomes : Set.of();
  }

  /** The rest is the whole less the value; what is adjusted depends on values that are hidden. */
  private Set<String> drivers(Hidden its, Object[] row) {
    if (hiding.minUsers() == 0) {
      return Set.of();
    }
    Hidden whole = hiding.of(Slice.WHOLE);
    boolean hidden =
        fields.text(row, "outcome").equals("churn")
            ? its.churn || whole.churn
            : hidesPool(its, row) || hidesPool(whole, row);
    boolean few =
        List.of("users", "rest_users").stream()
            .map(column -> fields.count(row, column))
            .anyMatch(users -> users > 0 && users < hiding.minUsers());
    return hidden || few || hiding.hasDropped(fields.text(row, "segment"))
        ? all
        : Set.of("comparisons", "p_adjusted");
  }

  private boolean hidesPool(Hidden its, Object[] row) {
    Question question = fields.question(row);
    return hiding.reach().isRecurring(question) && its.activityBefore != null
        || its.pooled(question).contains(Pools.key(null, fields.whole(row, "period")));
  }

  private boolean early(Hidden its, Object[] row) {
    return its.isEarly(fields.day(row, "period_end"));
  }

  private Set<String> windows(Hidden its, Object[] row) {
    if (its.isEarly(fields.day(row, "day").plusDays(1))) {
      return all;
    }
    LocalDate day = fields.day(row, "day");
    if (its.days.contains(day) || endsHiddenPeriod(its, day)) {
      return all;
    }
    Set<String> hidden = new TreeSet<>();
    for (String grain : List.of(Grain.DAY.label(), Grain.WEEK.label(), Grain.MONTH.label())) {
      boolean early = its.activityBefore != null && grain.equals(Grain.DAY.label());
      if (early || its.hidesFlows(grain)) {
        hideOfTwo(grain, fields.slice(row), day, hidden);
      }
    }
    // An average of days that are hidden, times its days, is their sum.
    LocalDate first = day.minusDays(DAYS_OF_AVERAGE - 1);
    if (its.isEarly(first.plusDays(1)) || !its.days.subSet(first, day).isEmpty()) {
      hidden.add("stickiness_avg");
    }
    for (Set<String> twice : TWO_PERIODS) {
      // The first day that is shown has a window that begins on one that is not.
      if (its.activityBefore != null || twice.stream().anyMatch(its::hidesFlows)) {
        twice.stream().filter(all::contains).forEach(hidden::add);
      }
    }
    return hidden;
  }

  /** Whether a week or month that ends with a day is hidden: a window may be as long. */
  private boolean endsHiddenPeriod(Hidden its, LocalDate day) {
    return its.periodEnds.contains(day.plusDays(1));
  }

  /** The users of a window that holds just two days, weeks or months are those of both. */
  private void hideOfTwo(String grain, Slice slice, LocalDate day, Set<String> hidden) {
    Facts facts = hiding.factsOf(slice);
    windows.forEach(
        (column, days) -> {
          if (facts.isOfTwo(grain, day.minusDays(days - 1L), day.plusDays(1))) {
            hidden.add(column);
          }
        });
    if (hidden.contains(ActiveUsersConfig.column(DAYS_OF_AVERAGE))) {
      // What is a share of it, and how sure that is, says how much it is.
      hidden.addAll(List.of("stickiness", "stickiness_avg", "ci_low", "ci_high"));
    }
  }

  /** Whether the users of a period, or of one before it, are hidden by themselves. */
  private boolean isShort(Hidden its, Object[] row, int periodsLater) {
    LocalDate start = fields.day(row, "period_start");
    return switch (fields.text(row, "grain")) {
      case "month" -> its.months.contains(start.minusMonths(periodsLater));
      case "week" -> its.weeks.contains(start.minusWeeks(periodsLater));
      default -> false;
    };
  }

  private Set<String> flows(Hidden its, Object[] row) {
    // A row looks back at the period before.
    if (its.isEarly(fields.day(row, "period_start"))
        || isShort(its, row, 0)
        || isShort(its, row, 1)
        || hidesUsers(its, row)) {
      return all;
    }
    return its.flows.contains(fields.text(row, "grain")) || isHiddenPeriod(its, row)
        ? FLOWS
        : Set.of();
  }

  /** Whether the users of a period, or of the one before, are hidden in another table. */
  private boolean hidesUsers(Hidden its, Object[] row) {
    LocalDate start = fields.day(row, "period_start");
    if (fields.text(row, "grain").equals(Grain.DAY.label())) {
      return its.days.contains(start) || its.days.contains(start.minusDays(1));
    }
    return its.periodEnds.contains(fields.day(row, "period_end")) || its.periodEnds.contains(start);
  }

  private boolean isHiddenPeriod(Hidden its, Object[] row) {
    return its.periods.contains(Residuals.period(fields, row));
  }

  /** What a customer brings is money that months of revenue_retention may hide. */
  private Set<String> projection(Hidden its) {
    if (its.churn || its.tables.contains(fields.contract().name())) {
      return all;
    }
    boolean money =
        !its.money.isEmpty()
            || !its.months.isEmpty()
            || its.activityBefore != null
            || its.flows.contains(Grain.MONTH.label());
    return money
        ? all.stream().filter(column -> column.startsWith("revenue")).collect(Collectors.toSet())
        : Set.of();
  }

  /**
   * Where everybody pays, money says of users what growth by month says, so it hides as much. What
   * a month begins and ends with stands beside it, too, so its neighbours are hidden with it. Of
   * the open month nobody has counted whose money it is.
   */
  private Set<String> money(Hidden its, Object[] row) {
    if (hiding.minUsers() == 0) {
      return Set.of();
    }
    LocalDate start = fields.day(row, "period_start");
    boolean hidden =
        !fields.flag(row, "is_complete")
            || its.money.contains(start)
            || its.money.contains(start.minusMonths(1))
            || its.money.contains(start.plusMonths(1))
            || its.flows.contains(Grain.MONTH.label())
            || its.isEarly(start)
            || its.months.contains(start)
            || its.months.contains(start.minusMonths(1));
    // Who moved may be one, and nobody counts them. In the whole nobody moves.
    return hidden ? all : fields.slice(row).isWhole() ? Set.of() : Set.of("net_moved");
  }

  private Set<String> habit(Hidden its) {
    if (its.habit28) {
      return all;
    }
    return its.habit84 ? OF_84_DAYS : Set.of();
  }

  private Set<String> churn(Hidden its, Object[] row) {
    boolean stage = fields.has("stage") && !fields.text(row, "stage").equals(Contract.WHOLE);
    if (its.churn || stage && its.stages.contains(fields.day(row, "period_start"))) {
      return all;
    }
    return its.couldLeave
        ? all.stream()
            .filter(column -> column.startsWith("could_leave"))
            .collect(Collectors.toSet())
        : Set.of();
  }

  /** Of all values that there are together. */
  private Set<String> comparison(Slice slice, Object[] row) {
    Long users = fields.count(row, protection.counted());
    boolean few = users > 0 && users < hiding.minUsers();
    boolean unseen = hiding.minUsers() > 0 && hiding.reach().livesBeginUnseen();
    return few || unseen || hiding.hasDropped(slice.segment()) ? all : Set.of();
  }

  private Set<String> tenure(Hidden its, Object[] row) {
    Integer tail = its.tails.get(fields.text(row, "tenure_unit"));
    if (tail != null && fields.whole(row, "tenure") >= tail) {
      return all;
    }
    return its.churn ? Set.of("churned_in_complete_months") : Set.of();
  }

  private Set<String> lifeStage(Hidden its, Object[] row) {
    String unit = fields.text(row, "tenure_unit");
    if (its.lifeStages.contains(unit) && !fields.text(row, "stage").equals(Contract.WHOLE)) {
      return all;
    }
    Integer tail = its.tails.get(unit);
    if (tail == null || fields.whole(row, "observed_until") <= tail) {
      return Set.of();
    }
    Set<String> hidden = new TreeSet<>(outcomes);
    Integer median = (Integer) row[fields.place("median_tenure")];
    if (median != null && median < tail) {
      hidden.remove("median_tenure");
    }
    return hidden;
  }

  /** A row with its hidden columns empty, and whether there are any, before the run. */
  public Object[] protect(Object[] row) {
    Set<String> columns = hidden(row);
    Object[] copy = Arrays.copyOf(row, row.length + 1);
    columns.forEach(column -> copy[fields.place(column)] = null);
    copy[row.length] = row[row.length - 1];
    copy[row.length - 1] =
        columns.stream()
            .anyMatch(column -> !NEVER_SHOWN.contains(column) && row[fields.place(column)] != null);
    return copy;
  }
}
