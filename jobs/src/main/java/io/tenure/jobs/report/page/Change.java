package io.tenure.jobs.report.page;

import io.tenure.common.TwoProportions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What became of one rate from a month to the next.
 *
 * @param what the rate and whom it is of
 * @param users the denominators, before and now
 * @param cases the numerators, before and now
 */
record Change(String what, LocalDate month, long[] users, long[] cases) {
  /**
   * The biggest change, and whether it is more than chance.
   *
   * @param compared how many rates were looked at to find it
   * @param pValue that of {@link TwoProportions}, multiplied by the number of comparisons
   *     (Bonferroni), at most 1: who looks at a hundred changes finds a big one
   */
  record Biggest(Change change, int compared, double pValue) {}

  double before() {
    return (double) cases[0] / users[0];
  }

  double now() {
    return (double) cases[1] / users[1];
  }

  /** A change and the probability of it, or a larger one, if there is none. */
  private record Judged(Change change, double pValue) {
    static Judged of(Change change) {
      long[] users = change.users();
      long[] cases = change.cases();
      return new Judged(change, TwoProportions.of(cases[1], users[1], cases[0], users[0]).pValue());
    }

    /** The size of the change in points of the rate, 0 to 1. */
    double size() {
      return Math.abs(change.now() - change.before());
    }
  }

  /**
   * The change that is least likely by chance, of those from the last complete month but one to it;
   * of those equally so, as with probabilities too small for a number, the largest.
   */
  static Optional<Biggest> biggest(List<TableRow> churn, ShownSegments shown) {
    List<Change> changes = new ArrayList<>();
    Map<String, TreeMap<LocalDate, TableRow>> months =
        churn.stream()
            .filter(row -> !row.isNull("churned_users") && row.count("users_at_start") > 0)
            .filter(row -> shown.segments().contains(row.segment()))
            .collect(
                Collectors.groupingBy(
                    row -> what(row),
                    TreeMap::new,
                    Collectors.toMap(
                        row -> row.day("period_start"), row -> row, (a, b) -> b, TreeMap::new)));
    Optional<LocalDate> last =
        months.values().stream().map(TreeMap::lastKey).max(Comparator.naturalOrder());
    months.forEach(
        (what, rows) -> {
          TableRow now = rows.get(last.orElseThrow());
          TableRow before = rows.get(last.get().minusMonths(1));
          if (now != null && before != null) {
            changes.add(
                new Change(
                    what,
                    last.get(),
                    pair(before, now, "users_at_start"),
                    pair(before, now, "churned_users")));
          }
        });
    return changes.stream()
        .map(Judged::of)
        .min(
            Comparator.comparingDouble(Judged::pValue)
                .thenComparing(Comparator.comparingDouble(Judged::size).reversed()))
        .map(
            judged ->
                new Biggest(
                    judged.change(),
                    changes.size(),
                    Math.min(1, changes.size() * judged.pValue())));
  }

  private static String what(TableRow row) {
    String stage = row.text("stage");
    String whom = row.segment().label();
    return stage.equals(Segment.WHOLE.value()) ? whom : whom + ", stage " + stage;
  }

  private static long[] pair(TableRow before, TableRow now, String column) {
    return new long[] {before.count(column), now.count(column)};
  }
}
