package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many users are likelier to leave than to stay, and what such warnings were worth. */
final class RiskTile {
  private static final BigDecimal EVEN = new BigDecimal("0.5");

  private RiskTile() {}

  /** The tile; none where risks are not shown. */
  static Optional<Tile> of(WarningData warning) {
    return warning.levels().stream()
        .filter(level -> level.threshold().compareTo(EVEN) == 0)
        .findFirst()
        .map(RiskTile::tile);
  }

  private static Tile tile(WarningData.Level even) {
    List<String> details = new ArrayList<>();
    details.add("of " + Words.count(even.now()) + " users there");
    if (even.precision() != null && even.recall() != null) {
      details.add(
          "so far %s of such warnings were right, and came for %s of those who left"
              .formatted(
                  Words.percent(even.precision().doubleValue()),
                  Words.percent(even.recall().doubleValue())));
    }
    return new Tile(
        "at-risk",
        "Users likelier to leave than to stay",
        even.flaggedNow() == null ? "not yet known" : Words.count(even.flaggedNow()),
        null,
        details,
        "warning");
  }
}
