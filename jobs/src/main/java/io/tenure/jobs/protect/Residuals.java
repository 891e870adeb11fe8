package io.tenure.jobs.protect;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection.Rule;
import io.tenure.common.table.Unit;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * What the whole says beyond the values of a dimension that are shown, row by row: the sum of those
 * that are hidden or leave no rows. It speaks of nobody, or of enough users; where it would not,
 * the largest value that is shown in the row is hidden, too, until it does.
 */
final class Residuals {
  private static final Set<Rule> ADDING_UP =
      Set.of(
          Rule.SIZES,
          Rule.CURVE,
          Rule.WINDOWS,
          Rule.PERIODS,
          Rule.FREQUENCY,
          Rule.FLOWS,
          Rule.MONEY,
          Rule.HABIT,
          Rule.CHURN,
          Rule.STAGES,
          Rule.LIFE_TABLE,
          Rule.LIFE_STAGES,
          Rule.SEGMENT);

  /** Of cohorts, what stands for who of them returns, and who returns later. */
  private static final String RETURNS = "retained_users";

  private static final String OR_LATER = "retained_or_later_users";

  private final Hiding hiding;
  private final Fields fields;
  private final ProtectedRows protection;
  private final boolean cohorts;
  private final List<String> outcomes;

  /** The columns that count users, or spells of theirs. */
  private final List<String> counts;

  /** Of how many users an outcome speaks: places in {@link Member#users}, by its own place. */
  private final int[][] populations;

  private final List<String> grain;

  /**
   * @param users what each of {@link #counts} says, and after these the most of them
   * @param hidden the columns that are hidden in the row
   */
  private record Member(Object[] row, Slice slice, long[] users, Set<String> hidden) {}

  private boolean found;

  /**
   * @param fields of a table that adds up: the cohorts stand for the table retention, which is much
   *     larger
   */
  Residuals(Hiding hiding, Fields fields) {
    this.hiding = hiding;
    this.fields = fields;
    this.protection = new ProtectedRows(hiding, fields);
    this.cohorts = rule() == Rule.SIZES;
    Contract table = fields.contract();
    this.counts =
        table.columns().stream()
            .filter(column -> column.type() == ColumnType.BIGINT)
            .filter(column -> column.unit() == Unit.USERS || column.unit() == Unit.SPELLS)
            .map(Column::name)
            .toList();
    this.outcomes =
        cohorts
            ? List.of(RETURNS, OR_LATER)
            : table.columns().stream()
                .filter(column -> column.sumsOver().contains("segment_value"))
                .map(Column::name)
                .filter(protection::canHide)
                .toList();
    this.populations = outcomes.stream().map(this::populations).toArray(int[][]::new);
    this.grain = table.grain().stream().filter(column -> !column.startsWith("segment")).toList();
  }

  /** Of whom an outcome speaks: none of these may be few. */
  private int[] populations(String outcome) {
    return switch (rule()) {
      case MONEY -> IntStream.range(0, counts.size()).toArray();
      case FLOWS -> places("active_users", "previous_active_users");
      // The longest window that is known has the most users.
      case WINDOWS -> new int[] {counts.size()};
      case HABIT -> places(ProtectedRows.OF_84_DAYS.contains(outcome) ? "users_84d" : "users_28d");
      case CHURN, STAGES ->
          outcome.startsWith("could_leave")
              ? places("could_leave_users")
              : places("users_at_start", "spells_begun");
      default ->
          fields
              .contract()
              .protection()
              .population()
              .filter(counts::contains)
              .map(this::places)
              .orElse(new int[] {counts.size()});
    };
  }

  private int[] places(String... columns) {
    return Arrays.stream(columns).mapToInt(counts::indexOf).toArray();
  }

  static boolean canJudge(Contract table) {
    return table.protection().hidesAny() && ADDING_UP.contains(table.protection().rule());
  }

  private Rule rule() {
    return fields.contract().protection().rule();
  }

  /**
   * Hides more where it must.
   *
   * @return whether it did
   */
  boolean hide(TableRows exact) {
    Set<List<Object>> thin = thin(exact);
    if (thin.isEmpty()) {
      return false;
    }
    Map<List<Object>, Member> wholes = new HashMap<>();
    Map<List<Object>, Map<String, List<Member>>> values = new HashMap<>();
    each(
        exact,
        (key, member) -> {
          if (!thin.contains(key)) {
            return;
          }
          if (member.slice().isWhole()) {
            wholes.put(key, member);
          } else {
            values
                .computeIfAbsent(key, unseen -> new HashMap<>())
                .computeIfAbsent(member.slice().segment(), unseen -> new ArrayList<>())
                .add(member);
          }
        });
    values.forEach(
        (key, dimensions) ->
            dimensions.values().forEach(members -> judge(wholes.get(key), members)));
    return found;
  }

  /**
   * The keys of rows in which the whole says something of too few users: these rows are few, and
   * only they are kept at once.
   */
  private Set<List<Object>> thin(TableRows exact) {
    Map<List<Object>, Set<String>> wholes = new HashMap<>();
    Map<List<Object>, Map<String, long[][]>> users = new HashMap<>();
    each(
        exact,
        (key, member) -> {
          if (member.slice().isWhole()) {
            wholes.put(key, member.hidden());
          } else if (!member.hidden().isEmpty()) {
            long[][] sums =
                users
                    .computeIfAbsent(key, unseen -> new HashMap<>())
                    .computeIfAbsent(
                        member.slice().segment(),
                        unseen -> new long[outcomes.size()][counts.size() + 1]);
            for (int at = 0; at < sums.length; at++) {
              if (member.hidden().contains(outcomes.get(at))) {
                add(member.users(), sums[at]);
              }
            }
          }
        });
    Set<List<Object>> thin = new HashSet<>();
    users.forEach(
        (key, dimensions) -> {
          Set<String> hidden = wholes.get(key);
          if (hidden != null
              && dimensions.values().stream().anyMatch(sums -> isThin(sums, hidden))) {
            thin.add(key);
          }
        });
    return thin;
  }

  private boolean isThin(long[][] users, Set<String> hiddenInWhole) {
    return IntStream.range(0, users.length)
        .filter(at -> !hiddenInWhole.contains(outcomes.get(at)))
        .anyMatch(at -> few(at, users[at]).isPresent());
  }

  /** Which count of users of an outcome is of somebody, but of too few. */
  private OptionalInt few(int outcome, long[] users) {
    return Arrays.stream(populations[outcome])
        .filter(count -> users[count] > 0 && users[count] < hiding.minUsers())
        .findFirst();
  }

  private static void add(long[] users, long[] sums) {
    for (int at = 0; at < sums.length; at++) {
      sums[at] += users[at];
    }
  }

  /** Each row, by its key within a value. */
  private void each(TableRows exact, BiConsumer<List<Object>, Member> reader) {
    exact.each(
        fields.contract(),
        row -> {
          if (rule() == Rule.FREQUENCY && fields.whole(row, "active_days") > 1) {
            return; // All rows of a month are hidden, by the users of its first one.
          }
          Slice slice = fields.slice(row);
          List<Object> key = new ArrayList<>();
          grain.forEach(column -> key.add(row[fields.place(column)]));
          reader.accept(key, new Member(row, slice, users(row), hidden(slice, row)));
        });
  }

  private long[] users(Object[] row) {
    long[] users = new long[counts.size() + 1];
    for (int at = 0; at < counts.size(); at++) {
      Long count = fields.count(row, counts.get(at));
      users[at] = count == null ? 0 : count;
      users[counts.size()] = Math.max(users[counts.size()], users[at]);
    }
    return users;
  }

  private Set<String> hidden(Slice slice, Object[] row) {
    if (hiding.isDropped(slice)) {
      return new HashSet<>(outcomes);
    }
    if (!cohorts) {
      return new HashSet<>(protection.hidden(row));
    }
    Hidden its = hiding.of(slice);
    Set<String> hidden = new HashSet<>();
    LocalDate start = fields.day(row, "cohort_start");
    boolean early = its.activityBefore != null && start.isBefore(its.activityBefore);
    if (early || its.cohorts(fields.question(row)).contains(start)) {
      hidden.add(RETURNS);
      hidden.add(OR_LATER);
    }
    if (its.orLater.contains(fields.text(row, "retention"))) {
      hidden.add(OR_LATER);
    }
    return hidden;
  }

  /**
   * @param whole null if the table has none; then nothing can be taken from it
   */
  private void judge(Member whole, List<Member> members) {
    if (whole == null) {
      return;
    }
    for (int at = 0; at < outcomes.size(); at++) {
      String outcome = outcomes.get(at);
      long[] users = new long[counts.size() + 1];
      members.stream()
          .filter(member -> member.hidden().contains(outcome))
          .forEach(member -> add(member.users(), users));
      OptionalInt few = few(at, users);
      while (few.isPresent() && !whole.hidden().contains(outcome)) {
        int count = few.getAsInt();
        Optional<Member> largest =
            members.stream()
                .filter(member -> !member.hidden().contains(outcome) && member.users()[count] > 0)
                .max(
                    Comparator.<Member>comparingLong(member -> member.users()[count])
                        .thenComparing(member -> member.slice().value()));
        Member more = largest.orElse(whole);
        more.hidden().addAll(outcome.equals(OR_LATER) ? Set.of(OR_LATER) : outcomes);
        hide(more, outcome);
        add(more.users(), users);
        few = few(at, users);
      }
    }
  }

  private void hide(Member member, String outcome) {
    Hidden its = hiding.of(member.slice());
    Object[] row = member.row();
    found |=
        switch (rule()) {
          case SIZES ->
              outcome.equals(OR_LATER)
                  ? its.orLater.add(fields.text(row, "retention"))
                  : its.cohorts(fields.question(row)).add(fields.day(row, "cohort_start"));
          case CURVE -> its.pooled(fields.question(row)).add(Pools.key(fields, row));
          case WINDOWS -> its.days.add(fields.day(row, "day"));
          case PERIODS -> {
            its.periodEnds.add(fields.day(row, "period_end"));
            yield its.periods.add(period(fields, row));
          }
          case FLOWS -> {
            its.someFlows.add(fields.text(row, "grain"));
            yield its.periods.add(period(fields, row));
          }
          case FREQUENCY -> its.months.add(fields.day(row, "period_start"));
          case MONEY -> its.money.add(fields.day(row, "period_start"));
          case HABIT -> its.hideHabit(!ProtectedRows.OF_84_DAYS.contains(outcome));
          case CHURN -> its.hideChurn(outcome.startsWith("could_leave"));
          case STAGES ->
              fields.text(row, "stage").equals(Contract.WHOLE)
                  ? its.hideChurn(outcome.startsWith("could_leave"))
                  : its.stages.add(fields.day(row, "period_start"));
          case LIFE_TABLE -> its.hideFrom(unit(row), fields.whole(row, "tenure"));
          case LIFE_STAGES ->
              fields.text(row, "stage").equals(Contract.WHOLE)
                  ? its.hideFrom(unit(row), 0)
                  : its.lifeStages.add(unit(row));
          case SEGMENT -> its.tables.add(fields.contract().name());
          default -> throw new IllegalStateException("Does not add up: " + rule());
        };
  }

  private String unit(Object[] row) {
    return fields.text(row, "tenure_unit");
  }

  /** A row of periods within its slice. */
  static List<Object> period(Fields fields, Object[] row) {
    return List.of(
        fields.contract().name(), fields.text(row, "grain"), fields.day(row, "period_start"));
  }
}
