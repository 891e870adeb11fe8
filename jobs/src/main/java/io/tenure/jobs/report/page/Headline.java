package io.tenure.jobs.report.page;

import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a team wants to know first, each figure with what it stands on. */
final class Headline {
  private static final String NOT_YET = "not yet known";
  private static final String ALL_STAGES = Contract.WHOLE;

  private final PublishedTables tables;
  private final List<TableRow> churn;
  private final ShownSegments shown;
  private final WarningData warning;
  private final LocalDate asOf;

  /**
   * @param churn rows of churn_by_stage
   */
  Headline(
      PublishedTables tables,
      List<TableRow> churn,
      ShownSegments shown,
      WarningData warning,
      LocalDate asOf) {
    this.tables = tables;
    this.churn = churn;
    this.shown = shown;
    this.warning = warning;
    this.asOf = asOf;
  }

  List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    List<TableRow> days = recentDays();
    tiles.add(activeUsers(days));
    tiles.add(stickiness(days));
    tiles.add(monthlyChurn());
    tiles.addAll(bestAndWorstStage());
    RevenueTile.of(tables).ifPresent(tiles::add);
    RiskTile.of(warning).ifPresent(tiles::add);
    tiles.add(biggestChange());
    return tiles;
  }

  private List<TableRow> recentDays() {
    return tables
        .rows(
            "active_users",
            Choice.ALL.of(Set.of(Segment.WHOLE)).since("day", asOf.minusDays(28)),
            List.of(
                "day",
                "segment",
                "segment_value",
                "dau",
                "wau",
                "mau",
                "stickiness",
                "ci_low",
                "ci_high",
                "stickiness_avg"))
        .stream()
        .toList();
  }

  private static Optional<TableRow> on(List<TableRow> days, LocalDate day) {
    return days.stream().filter(row -> row.day("day").equals(day)).findFirst();
  }

  private Tile activeUsers(List<TableRow> days) {
    Optional<TableRow> now = on(days, asOf);
    Long mau = now.map(row -> row.count("mau")).orElse(null);
    Long before = on(days, asOf.minusDays(28)).map(row -> row.count("mau")).orElse(null);
    List<String> details = new ArrayList<>();
    if (mau != null && before != null) {
      details.add(Words.change(before, mau) + " on 28 days before (" + Words.count(before) + ")");
    }
    now.ifPresent(
        row ->
            details.add(
                (row.isNull("wau") ? "" : "7 days " + Words.count(row.count("wau")) + " · ")
                    + (row.isNull("dau") ? "" : "day " + Words.count(row.count("dau")))));
    return new Tile(
        "active-users",
        "Active users, 28 days",
        mau == null ? NOT_YET : Words.count(mau),
        null,
        details,
        "activity");
  }

  private Tile stickiness(List<TableRow> days) {
    Optional<TableRow> now = on(days, asOf).filter(row -> !row.isNull("stickiness"));
    List<String> details = new ArrayList<>();
    now.ifPresent(
        row -> {
          details.add(
              "95 %: "
                  + Words.interval(row.rate("ci_low"), row.rate("ci_high"))
                  + ", "
                  + Words.count(row.count("dau"))
                  + " of "
                  + Words.count(row.count("mau"))
                  + " users");
          if (!row.isNull("stickiness_avg")) {
            details.add("mean of 28 days " + Words.percent(row.rate("stickiness_avg")));
          }
        });
    return new Tile(
        "stickiness",
        "Stickiness, day over 28 days",
        now.map(row -> Words.percent(row.rate("stickiness"))).orElse(NOT_YET),
        null,
        details,
        "activity");
  }

  /** The rows of the whole in its last complete month with users at the start. */
  private List<TableRow> lastMonth() {
    List<TableRow> known =
        churn.stream()
            .filter(row -> row.segment().equals(Segment.WHOLE) && !row.isNull("churn_rate"))
            .toList();
    Optional<LocalDate> last =
        known.stream().map(row -> row.day("period_start")).max(Comparator.naturalOrder());
    return known.stream()
        .filter(row -> row.day("period_start").equals(last.orElseThrow()))
        .toList();
  }

  private Tile monthlyChurn() {
    Optional<TableRow> now =
        lastMonth().stream().filter(row -> row.text("stage").equals(ALL_STAGES)).findFirst();
    List<String> details = new ArrayList<>();
    now.ifPresent(
        row -> {
          details.add(describe(row));
          before(row)
              .ifPresent(
                  old ->
                      details.add(
                          Words.points(old.rate("churn_rate"), row.rate("churn_rate"))
                              + " on the month before ("
                              + Words.percent(old.rate("churn_rate"))
                              + ")"));
        });
    return new Tile(
        "monthly-churn",
        now.map(row -> "Churn in " + Words.month(row.day("period_start"))).orElse("Monthly churn"),
        now.map(row -> Words.percent(row.rate("churn_rate"))).orElse(NOT_YET),
        now.map(row -> row.text("band")).orElse(null),
        details,
        "churn");
  }

  private Optional<TableRow> before(TableRow row) {
    return churn.stream()
        .filter(old -> old.segment().equals(row.segment()))
        .filter(old -> old.text("stage").equals(row.text("stage")))
        .filter(old -> old.day("period_start").equals(row.day("period_start").minusMonths(1)))
        .filter(old -> !old.isNull("churn_rate"))
        .findFirst();
  }

  private static String describe(TableRow row) {
    return "95 %: "
        + Words.interval(row.rate("ci_low"), row.rate("ci_high"))
        + ", "
        + Words.count(row.count("churned_users"))
        + " of "
        + Words.count(row.count("users_at_start"))
        + " users";
  }

  private List<Tile> bestAndWorstStage() {
    List<TableRow> stages =
        lastMonth().stream()
            .filter(row -> !row.text("stage").equals(ALL_STAGES))
            .sorted(Comparator.comparing(row -> row.rate("churn_rate")))
            .toList();
    if (stages.size() < 2) {
      return List.of();
    }
    return List.of(
        stage("best-stage", "Least churn by stage", stages.get(0)),
        stage("worst-stage", "Most churn by stage", stages.get(stages.size() - 1)));
  }

  private static Tile stage(String name, String label, TableRow row) {
    return new Tile(
        name,
        label,
        row.text("stage"),
        row.text("band"),
        List.of("churn " + Words.percent(row.rate("churn_rate")), describe(row)),
        "churn");
  }

  private Tile biggestChange() {
    Optional<Change.Biggest> biggest = Change.biggest(churn, shown);
    if (biggest.isEmpty()) {
      return new Tile(
          "biggest-change",
          "Biggest change of churn",
          NOT_YET,
          null,
          List.of("It takes two complete months with users."),
          "churn");
    }
    Change change = biggest.get().change();
    double pValue = biggest.get().pValue();
    return new Tile(
        "biggest-change",
        "Biggest change of churn",
        Words.points(change.before(), change.now()),
        pValue < 0.05 ? "beyond chance" : "within chance",
        List.of(
            change.what(),
            "%s to %s in %s"
                .formatted(
                    Words.percent(change.before()),
                    Words.percent(change.now()),
                    Words.month(change.month())),
            "the largest of %s compared, %s after adjusting for that"
                .formatted(Words.count(biggest.get().compared()), written(pValue))),
        "churn");
  }

  private static String written(double pValue) {
    return pValue < 0.001
        ? "p < 0.001"
        : String.format(Locale.ROOT, pValue < 0.995 ? "p = %.2f" : "p = %.0f", pValue);
  }
}
