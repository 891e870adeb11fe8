package io.tenure.jobs.report;

import io.tenure.common.TwoProportions;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Monthly churn for the terminal: which stage loses most users, whether it gets better or worse,
 * and a line for each stage, the one that loses most first.
 *
 * <p>The last month that is over is held against the three before it, their churned users over
 * their users at the start. A change is clear if chance makes one as large, either way, in less
 * than 5 % of months; both rates are taken to be uncertain.
 *
 * @param rows rows of churn_by_stage by column, of one segment value, in any order
 * @param chosen whether some stages or months may have been left out
 */
public record ChurnChart(List<Map<String, Object>> rows, boolean chosen) {
  private static final int MONTHS_BEFORE = 3;
  private static final int LONGEST_COURSE = 24;
  private static final String WORSE = "worse";
  private static final String BETTER = "better";

  /** Of such a difference or a larger one by chance: up to it, a change is told. */
  private static final double CHANCE = 0.05;

  private static final String UNCLEAR = "not clear";

  private static final Comparator<Stage> MOST_LOST_FIRST =
      Comparator.comparing(Stage::isWhole)
          .thenComparing(Comparator.comparingLong(Stage::churned).reversed())
          .thenComparing(Stage::name);

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "No churn.\n";
    }
    List<Stage> stages = stages();
    if (stages.isEmpty()) {
      return "No month is over yet: churn is not known.\n";
    }
    int months =
        Math.min(
            Math.min(LONGEST_COURSE, canvas.cohorts()),
            stages.stream().mapToInt(stage -> stage.months.size()).max().orElse(0));
    List<String> headers =
        List.of(
            "stage",
            "rate of " + months + (months == 1 ? " month" : " months"),
            "users",
            "churned",
            "churn rate",
            "rate before",
            "trend",
            "band");
    List<List<Object>> lines = stages.stream().map(stage -> stage.line(months)).toList();
    return (answer(stages) + missing(stages))
            .lines()
            .flatMap(line -> TextTable.wrapped(line, canvas.width()).stream())
            .collect(Collectors.joining("\n"))
        + "\n\n"
        + new TextTable(headers, Set.of("churn rate", "rate before"), lines).draw(canvas.width());
  }

  /** The months that are over of each stage. */
  private List<Stage> stages() {
    Map<String, Map<String, Map<String, Object>>> byStage = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      if (Boolean.TRUE.equals(row.get("is_mature"))) {
        byStage
            .computeIfAbsent(row.get("stage").toString(), unseen -> new TreeMap<>())
            .put(row.get("period_start").toString(), row);
      }
    }
    List<Stage> stages = new ArrayList<>();
    Optional<String> last =
        byStage.values().stream()
            .flatMap(months -> months.keySet().stream())
            .max(Comparator.naturalOrder());
    byStage.forEach(
        (name, months) -> {
          if (months.containsKey(last.orElseThrow())) {
            stages.add(new Stage(name, List.copyOf(months.values())));
          }
        });
    stages.sort(MOST_LOST_FIRST);
    return stages;
  }

  /** Stages without a row of the last month, as a condition may leave them. */
  private String missing(List<Stage> stages) {
    Set<String> missing = new TreeSet<>();
    rows.stream()
        .filter(row -> Boolean.TRUE.equals(row.get("is_mature")))
        .forEach(row -> missing.add(row.get("stage").toString()));
    stages.forEach(stage -> missing.remove(stage.name()));
    return missing.isEmpty()
        ? ""
        : "\n\nNot here, for want of a row of the last month: %s."
            .formatted(String.join(", ", missing));
  }

  private String answer(List<Stage> stages) {
    Stage most = stages.get(0);
    String month = most.last().get("period_start").toString().substring(0, "2024-01".length());
    List<Stage> parts = stages.stream().filter(stage -> !stage.isWhole()).toList();
    List<Stage> all = stages.stream().filter(Stage::isWhole).toList();
    List<Stage> counted = parts.isEmpty() ? all : parts;
    long lost = counted.stream().mapToLong(Stage::churned).sum();
    long users = counted.stream().mapToLong(Stage::users).sum();
    String of = counted.size() == 1 ? counted.get(0).whose() : "";
    if (users == 0) {
      return "No users%s in %s.".formatted(of.isEmpty() ? "" : " " + of, month);
    }
    if (lost == 0) {
      return "Nobody%s was lost in %s.".formatted(of.isEmpty() ? "" : " " + of, month);
    }
    String loss =
        counted.size() == 1
            ? String.format(
                Locale.ROOT,
                "%,d of %,d users%s were lost in %s, %s (%s).",
                lost,
                users,
                of.isEmpty() ? "" : " " + of,
                month,
                percent(rate(most.last())),
                most.last().get("band"))
            : String.format(
                Locale.ROOT,
                "Stage %s loses most: %,d of the %,d users lost%s in %s, %s of its users (%s).",
                most.name,
                most.churned(),
                lost,
                all.isEmpty() ? " in these stages" : "",
                month,
                percent(rate(most.last())),
                most.last().get("band"));
    String comparison = most.comparison(chosen);
    String whole = all.isEmpty() ? "" : whole(all.get(0), parts);
    return loss
        + (comparison.isEmpty() ? "" : "\n" + comparison + ".")
        + (whole.isEmpty() ? "" : "\n" + whole + ".");
  }

  /** The change of all users where no stage has changed clearly; empty if it is not so. */
  private static String whole(Stage all, List<Stage> parts) {
    String trend = all.trend();
    if (trend == null
        || trend.equals(UNCLEAR)
        || parts.isEmpty()
        || parts.stream().anyMatch(part -> part.trend() != null && !part.trend().equals(UNCLEAR))) {
      return "";
    }
    String change =
        "All stages together are "
            + trend
            + " than the "
            + all.before(percent(all.rateBefore()))
            + ", though no stage has clearly changed";
    // What the stages of now would lose at the rates of before: users moved between them, and
    // nothing else changed.
    double moved = 0;
    for (Stage part : parts) {
      Double before = part.rateBefore();
      if (before == null && part.users() > 0) {
        return change;
      }
      moved += part.users() == 0 ? 0 : before * part.users() / all.users();
    }
    boolean sameWay = trend.equals(WORSE) ? moved > all.rateBefore() : moved < all.rateBefore();
    return sameWay ? change + "; part of it because more users are in other stages" : change;
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.1f %%", rate * 100);
  }

  private static long count(Map<String, Object> row, String column) {
    return ((Number) row.get(column)).longValue();
  }

  private static Double rate(Map<String, Object> row) {
    return (Double) row.get("churn_rate");
  }

  /**
   * One stage.
   *
   * @param months rows by month, ascending, at least one
   */
  private record Stage(String name, List<Map<String, Object>> months) {
    Map<String, Object> last() {
      return months.get(months.size() - 1);
    }

    long churned() {
      return count(last(), "churned_users");
    }

    long users() {
      return count(last(), "users_at_start");
    }

    boolean isWhole() {
      return name.equals(Contract.WHOLE);
    }

    String whose() {
      return isWhole() ? "" : "in stage " + name;
    }

    /** The months right before the last one, as far as there are rows of them. */
    private List<Map<String, Object>> before() {
      int last = months.size() - 1;
      int first = last;
      while (first > 0
          && last - first < MONTHS_BEFORE
          && month(first - 1).equals(month(first).minusMonths(1))) {
        first--;
      }
      return months.subList(first, last);
    }

    private LocalDate month(int index) {
      return LocalDate.parse(months.get(index).get("period_start").toString());
    }

    /** NULL without users in the months before. */
    private Double rateBefore() {
      long users = usersBefore();
      return users == 0 ? null : (double) sum(before(), "churned_users") / users;
    }

    private static long sum(Collection<Map<String, Object>> months, String column) {
      return months.stream().mapToLong(month -> count(month, column)).sum();
    }

    /** NULL where one of the two rates is not known. */
    private String trend() {
      Double before = rateBefore();
      Double now = rate(last());
      if (before == null || now == null) {
        return null;
      }
      if (!isClear(churned(), users(), sum(before(), "churned_users"), usersBefore())) {
        return UNCLEAR;
      }
      return now > before ? WORSE : BETTER;
    }

    private long usersBefore() {
      return sum(before(), "users_at_start");
    }

    private static boolean isClear(long churned, long users, long others, long ofOthers) {
      return TwoProportions.of(churned, users, others, ofOthers).pValue() <= CHANCE;
    }

    /** Empty if rows were left out that may be what to hold the month against. */
    String comparison(boolean chosen) {
      String trend = trend();
      if (trend == null) {
        return chosen ? "" : "There is nothing before to hold it against";
      }
      String than = before(percent(rateBefore()));
      return trend.equals(UNCLEAR)
          ? "That is no clear change from the " + than
          : "That is " + trend + " than the " + than;
    }

    String before(String rate) {
      int span = before().size();
      return rate + " in the " + (span == 1 ? "month" : span + " months") + " before";
    }

    List<Object> line(int shown) {
      List<Map<String, Object>> course =
          months.subList(Math.max(0, months.size() - shown), months.size());
      // A list that takes nulls: a month without users has no rate.
      List<Double> rates = new ArrayList<>();
      course.forEach(month -> rates.add(rate(month)));
      List<Object> cells = new ArrayList<>();
      cells.add(name);
      cells.add(" ".repeat(shown - rates.size()) + Bars.sparkline(rates));
      cells.add(count(last(), "users_at_start"));
      cells.add(churned());
      cells.add(rate(last()));
      cells.add(rateBefore());
      cells.add(trend());
      cells.add(last().get("band"));
      return cells;
    }
  }
}
