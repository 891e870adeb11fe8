package io.tenure.jobs.report;

import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Monthly churn for the terminal: which stage loses most users, whether it gets better or worse,
 * and a line for each stage, the one that loses most first.
 *
 * <p>The last month that is over is held against the three before it, their churned users over
 * their users at the start. A change inside the last month's 95 % interval is not clear.
 *
 * @param rows rows of churn_by_stage by column, of one segment value, in any order
 */
public record ChurnChart(List<Map<String, Object>> rows) {
  private static final int MONTHS_BEFORE = 3;
  private static final int LONGEST_COURSE = 24;

  private static final Comparator<Stage> MOST_LOST_FIRST =
      Comparator.comparing((Stage stage) -> stage.name.equals(Contract.WHOLE))
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
    return answer(stages)
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
    byStage.forEach((name, months) -> stages.add(new Stage(name, List.copyOf(months.values()))));
    stages.sort(MOST_LOST_FIRST);
    return stages;
  }

  private static String answer(List<Stage> stages) {
    Stage most = stages.get(0);
    String month = most.last().get("period_start").toString().substring(0, "2024-01".length());
    long lost =
        stages.stream()
            .filter(stage -> !stage.name.equals(Contract.WHOLE))
            .mapToLong(Stage::churned)
            .sum();
    if (lost == 0) {
      return "Nobody was lost in " + month + ".";
    }
    return String.format(
        Locale.ROOT,
        "Stage %s loses most: %,d of the %,d users lost in %s, %s of its users (%s).\n%s.",
        most.name,
        most.churned(),
        lost,
        month,
        percent(rate(most.last())),
        most.last().get("band"),
        most.comparison());
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

    private List<Map<String, Object>> before() {
      int last = months.size() - 1;
      return months.subList(Math.max(0, last - MONTHS_BEFORE), last);
    }

    /** NULL without users in the months before. */
    private Double rateBefore() {
      long users = sum(before(), "users_at_start");
      return users == 0 ? null : (double) sum(before(), "churned_users") / users;
    }

    private static long sum(Collection<Map<String, Object>> months, String column) {
      return months.stream().mapToLong(month -> count(month, column)).sum();
    }

    /** NULL where one of the two rates is not known. */
    private String trend() {
      Double before = rateBefore();
      if (before == null || rate(last()) == null) {
        return null;
      }
      if (before < (Double) last().get("ci_low")) {
        return "worse";
      }
      return before > (Double) last().get("ci_high") ? "better" : "not clear";
    }

    String comparison() {
      if (trend() == null) {
        return "There is nothing before to hold it against";
      }
      int span = before().size();
      String than =
          percent(rateBefore()) + " in the " + (span == 1 ? "month" : span + " months") + " before";
      return switch (trend()) {
        case "worse" -> "That is worse than the " + than;
        case "better" -> "That is better than the " + than;
        default -> "That is no clear change from the " + than;
      };
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
