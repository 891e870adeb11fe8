package io.tenure.jobs.report.page;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.RetentionConfig;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table revenue_retention, and revenue_cohorts by month, by segment shown; empty for a log
 * without amounts.
 *
 * @param since the first month shown, if earlier ones are left out; else null
 * @param question whose cohorts have lifetimes: the first one by month in which a user is in one
 *     cohort; null if there is none
 */
record RevenueData(String since, List<Series> series, String question, List<Lifetime> lifetimes) {
  private static final List<String> MOVEMENTS =
      List.of(
          "segment",
          "segment_value",
          "period_start",
          "revenue",
          "opening",
          "new",
          "expansion",
          "contraction",
          "churned",
          "reactivation",
          "closing",
          "gross_revenue_retention",
          "gross_ci_low",
          "gross_ci_high",
          "net_revenue_retention",
          "net_ci_low",
          "net_ci_high",
          "opening_users",
          "kept_users",
          "lost_users",
          "won_users",
          "is_complete");

  private static final List<String> COHORTS =
      List.of(
          "retention",
          "grain",
          "segment",
          "segment_value",
          "cohort_start",
          "period",
          "cohort_users",
          "cumulative_revenue_per_user");

  /** The months of one segment. */
  record Series(int segment, List<Month> months) {}

  /** One month; what is not yet known is null. */
  record Month(
      String start,
      BigDecimal revenue,
      BigDecimal opening,
      BigDecimal fresh,
      BigDecimal expansion,
      BigDecimal contraction,
      BigDecimal churned,
      BigDecimal reactivation,
      BigDecimal closing,
      BigDecimal gross,
      BigDecimal grossLow,
      BigDecimal grossHigh,
      BigDecimal net,
      BigDecimal netLow,
      BigDecimal netHigh,
      Long users,
      Long kept,
      Long lost,
      Long won,
      boolean complete) {}

  /**
   * A cohort of one segment.
   *
   * @param perUser what it has brought per user, by period, as far as known
   */
  record Lifetime(int segment, String start, Long users, List<BigDecimal> perUser) {}

  private record CohortKey(int segment, String start) {}

  static RevenueData of(
      List<RetentionConfig> questions, PublishedTables tables, ShownSegments shown, Reach reach) {
    Map<Integer, List<TableRow>> bySegment = new TreeMap<>();
    Choice months = Choice.ALL.of(shown.set()).since("period_start", reach.months());
    for (TableRow row : tables.rows("revenue_retention", months, MOVEMENTS)) {
      bySegment
          .computeIfAbsent(shown.segments().indexOf(row.segment()), unseen -> new ArrayList<>())
          .add(row);
    }
    List<Series> series = new ArrayList<>();
    bySegment.forEach(
        (segment, rows) -> {
          rows.sort(Comparator.comparing(row -> row.day("period_start")));
          series.add(new Series(segment, rows.stream().map(RevenueData::month).toList()));
        });
    String question =
        questions.stream()
            .filter(one -> one.cohort() != RetentionConfig.Cohort.RECURRING)
            .filter(one -> one.grains().containsKey(Grain.MONTH))
            .map(RetentionConfig::name)
            .findFirst()
            .orElse(null);
    return new RevenueData(
        reach.cut(reach.months()), series, question, lifetimes(question, tables, shown, reach));
  }

  private static List<Lifetime> lifetimes(
      String question, PublishedTables tables, ShownSegments shown, Reach reach) {
    Choice choice =
        Choice.ALL
            .of(shown.set())
            .since(List.of(new Choice.Span(Grain.MONTH.label(), "cohort_start", reach.months())));
    List<TableRow> rows = new ArrayList<>(tables.rows("revenue_cohorts", choice, COHORTS));
    rows.removeIf(row -> !row.text("retention").equals(question));
    rows.sort(
        Comparator.comparing((TableRow row) -> row.day("cohort_start"))
            .thenComparing(row -> row.integer("period")));
    Map<CohortKey, Lifetime> lifetimes = new LinkedHashMap<>();
    for (TableRow row : rows) {
      CohortKey key =
          new CohortKey(
              shown.segments().indexOf(row.segment()), row.day("cohort_start").toString());
      Lifetime lifetime =
          lifetimes.computeIfAbsent(
              key,
              unseen ->
                  new Lifetime(
                      key.segment(), key.start(), row.count("cohort_users"), new ArrayList<>()));
      if (!row.isNull("cumulative_revenue_per_user")) {
        lifetime.perUser().add(row.money("cumulative_revenue_per_user"));
      }
    }
    return List.copyOf(lifetimes.values());
  }

  private static Month month(TableRow row) {
    return new Month(
        row.day("period_start").toString(),
        row.money("revenue"),
        row.money("opening"),
        row.money("new"),
        row.money("expansion"),
        row.money("contraction"),
        row.money("churned"),
        row.money("reactivation"),
        row.money("closing"),
        Rounded.of(row.rate("gross_revenue_retention")),
        Rounded.of(row.rate("gross_ci_low")),
        Rounded.of(row.rate("gross_ci_high")),
        Rounded.of(row.rate("net_revenue_retention")),
        Rounded.of(row.rate("net_ci_low")),
        Rounded.of(row.rate("net_ci_high")),
        row.count("opening_users"),
        row.count("kept_users"),
        row.count("lost_users"),
        row.count("won_users"),
        row.is("is_complete"));
  }
}
