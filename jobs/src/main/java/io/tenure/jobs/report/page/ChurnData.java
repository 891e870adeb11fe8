package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table churn_by_stage, by segment shown.
 *
 * @param watch the rate from which a month is to be watched, 0 to 1
 * @param alert the rate above which it is an alert, 0 to 1
 * @param since the first month shown, if earlier ones are left out; else null
 */
record ChurnData(double watch, double alert, String since, List<Series> series) {
  private static final List<String> COLUMNS =
      List.of(
          "segment",
          "segment_value",
          "period_start",
          "stage",
          "users_at_start",
          "churned_users",
          "churn_rate",
          "ci_low",
          "ci_high",
          "band",
          "joined_and_churned_users",
          "is_mature");

  /** The months of one stage in one segment. */
  record Series(String stage, int segment, List<Month> months) {}

  /** One month; what is not yet known is null. */
  record Month(
      String start,
      Long users,
      Long churned,
      BigDecimal rate,
      BigDecimal low,
      BigDecimal high,
      String band,
      Long joinedAndChurned,
      boolean mature) {}

  private record Key(String stage, int segment) {}

  static List<TableRow> rows(PublishedTables tables, ShownSegments shown, Reach reach) {
    return tables.rows(
        "churn_by_stage",
        Choice.ALL.of(shown.set()).since("period_start", reach.months()),
        COLUMNS);
  }

  static ChurnData of(
      List<TableRow> rows, ShownSegments shown, Reach reach, double watch, double alert) {
    Map<Key, List<TableRow>> byKey = new LinkedHashMap<>();
    for (TableRow row : rows) {
      Key key = new Key(row.text("stage"), shown.segments().indexOf(row.segment()));
      byKey.computeIfAbsent(key, unseen -> new ArrayList<>()).add(row);
    }
    List<Series> series = new ArrayList<>();
    byKey.forEach(
        (key, months) -> {
          months.sort(Comparator.comparing(row -> row.day("period_start")));
          series.add(
              new Series(
                  key.stage(), key.segment(), months.stream().map(ChurnData::month).toList()));
        });
    return new ChurnData(watch, alert, reach.cut(reach.months()), series);
  }

  private static Month month(TableRow row) {
    return new Month(
        row.day("period_start").toString(),
        row.count("users_at_start"),
        row.count("churned_users"),
        Rounded.of(row.rate("churn_rate")),
        Rounded.of(row.rate("ci_low")),
        Rounded.of(row.rate("ci_high")),
        row.text("band"),
        row.count("joined_and_churned_users"),
        row.is("is_mature"));
  }
}
