package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How many users are likelier to leave than to stay, and what such warnings were worth: apart for
 * those who can be won and for those who are as good as gone. These are most of the flagged, and
 * their precision, near 1, would be taken for that of the others.
 */
final class RiskTile {
  private static final BigDecimal EVEN = new BigDecimal("0.5");
  private static final BigDecimal NEARLY_CERTAIN = new BigDecimal("0.9");

  /** Horizons that are not longer do not overlap from one month's end to the next. */
  private static final int SHORTEST_MONTH = 28;

  private RiskTile() {}

  /**
   * The tile; none where risks are not shown.
   *
   * @param horizon days that a risk looks ahead
   * @param missing what stands for a number that is not there
   */
  static Optional<Tile> of(WarningData warning, int horizon, LocalDate asOf, String missing) {
    return level(warning, EVEN).map(even -> tile(warning, even, horizon, asOf, missing));
  }

  private static Optional<WarningData.Level> level(WarningData warning, BigDecimal threshold) {
    return warning.levels().stream()
        .filter(level -> level.threshold().compareTo(threshold) == 0)
        .findFirst();
  }

  private static Tile tile(
      WarningData warning, WarningData.Level even, int horizon, LocalDate asOf, String missing) {
    List<String> details = new ArrayList<>();
    details.add(
        "risk 50 %% or more on %s, of users not churned by then".formatted(Words.day(asOf)));
    level(warning, NEARLY_CERTAIN)
        .filter(high -> even.flaggedNow() != null && high.flaggedNow() != null)
        .ifPresent(high -> bands(warning.months(), even, high, details));
    if (even.churned() != null && even.churned() > 0) {
      details.add(
          "%s of the %s who left within %d days of a past month's end had been flagged (%s)%s"
              .formatted(
                  Words.count(even.flaggedChurned()),
                  Words.count(even.churned()),
                  horizon,
                  share(even.flaggedChurned(), even.churned()),
                  horizon < SHORTEST_MONTH || warning.months() < 2
                      ? ""
                      : "; one who left so soon after two of them counts twice"));
    }
    return new Tile(
        "at-risk",
        "Likely to leave within %d days".formatted(horizon),
        even.flaggedNow() == null
            ? missing
            : "%s of %s".formatted(Words.count(even.flaggedNow()), Words.count(even.now())),
        null,
        details,
        "warning");
  }

  private static void bands(
      int months, WarningData.Level even, WarningData.Level high, List<String> details) {
    String winnable =
        Words.count(even.flaggedNow() - high.flaggedNow()) + " can still be won (50 to 90 %)";
    String nearlyGone = Words.count(high.flaggedNow()) + " are nearly gone (90 % or more)";
    if (even.flagged() != null && high.flagged() != null) {
      long flagged = even.flagged() - high.flagged();
      long left = even.flaggedChurned() - high.flaggedChurned();
      if (flagged > 0) {
        winnable +=
            ": of such, %s of %s left at %d past month end%s (%s)"
                .formatted(
                    Words.count(left),
                    Words.count(flagged),
                    months,
                    months == 1 ? "" : "s",
                    share(left, flagged));
      }
      if (high.flagged() > 0) {
        nearlyGone +=
            ": %s of %s left"
                .formatted(Words.count(high.flaggedChurned()), Words.count(high.flagged()));
      }
    }
    details.add(winnable);
    details.add(nearlyGone);
  }

  private static String share(long part, long whole) {
    return Words.percent((double) part / whole);
  }
}
