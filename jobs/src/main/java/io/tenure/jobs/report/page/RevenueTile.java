package io.tenure.jobs.report.page;

import io.tenure.common.config.PrivacyConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Net revenue retention of the last complete month, and gross beside it. */
final class RevenueTile {
  private static final List<String> COLUMNS =
      List.of(
          "segment",
          "segment_value",
          "period_start",
          "is_complete",
          "opening_users",
          "gross_revenue_retention",
          "gross_ci_low",
          "gross_ci_high",
          "net_revenue_retention",
          "net_ci_low",
          "net_ci_high");

  private RevenueTile() {}

  /** Whether there is a rate, though none is shown: of a month that is over and had one before. */
  private static boolean isKnowable(List<TableRow> whole) {
    return whole.stream().filter(row -> row.is("is_complete")).count() > 1;
  }

  private static String missing(List<TableRow> whole, PrivacyConfig privacy) {
    if (privacy.protects()) {
      return "not shown";
    }
    return isKnowable(whole) ? "nobody paid before" : "not yet known";
  }

  /** The tile; none for a log without amounts. */
  static Optional<Tile> of(PublishedTables tables, PrivacyConfig privacy) {
    List<TableRow> whole =
        tables.rows("revenue_retention", Choice.ALL.of(Set.of(Segment.WHOLE)), COLUMNS);
    if (whole.isEmpty()) {
      return Optional.empty();
    }
    Optional<TableRow> last =
        whole.stream()
            .filter(row -> !row.isNull("net_revenue_retention"))
            .max(Comparator.comparing(row -> row.day("period_start")));
    List<String> details = new ArrayList<>();
    last.ifPresent(
        row -> {
          String interval =
              row.isNull("net_ci_low")
                  ? ""
                  : "95 %%: %s, "
                      .formatted(Words.interval(row.rate("net_ci_low"), row.rate("net_ci_high")));
          details.add(interval + "money of " + Words.count(row.count("opening_users")) + " users");
          details.add(
              "gross "
                  + Words.percent(row.rate("gross_revenue_retention"))
                  + (row.isNull("gross_ci_low")
                      ? ""
                      : ", 95 %: "
                          + Words.interval(row.rate("gross_ci_low"), row.rate("gross_ci_high"))));
        });
    return Optional.of(
        new Tile(
            "net-revenue-retention",
            last.map(row -> "Net revenue retention, " + Words.month(row.day("period_start")))
                .orElse("Net revenue retention"),
            last.map(row -> Words.percent(row.rate("net_revenue_retention")))
                .orElseGet(() -> missing(whole, privacy)),
            null,
            details,
            "revenue"));
  }
}
