package io.tenure.jobs.report.page;

import io.tenure.common.config.PrivacyConfig;
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
  private static final String NOT_SHOWN = "not shown";
  private static final String ALL_STAGES = Contract.WHOLE;

  /** Of fewer users a rate says nothing of where churn is high: one user has 0 % or 100 %. */
  private static final long FEWEST_TO_RANK = 30;

  private static final int WINDOW = 28;

  private final PublishedTables tables;
  private final List<TableRow> churn;
  private final ShownSegments shown;
  private final WarningData warning;
  private final int horizon;
  private final PrivacyConfig privacy;
  private final LocalDate asOf;

  /**
   * @param churn rows of churn_by_stage
   * @param horizon days that a risk looks ahead
   * @param privacy what is hidden in the tables, and how counts are rounded
   */
  Headline(
      PublishedTables tables,
      List<TableRow> churn,
      ShownSegments shown,
      WarningData warning,
      int horizon,
      PrivacyConfig privacy,
      LocalDate asOf) {
    this.tables = tables;
    this.churn = churn;
    this.shown = shown;
    this.warning = warning;
    this.horizon = horizon;
    this.privacy = privacy;
    this.asOf = asOf;
  }

  List<Tile> tiles() {
    List<Tile> tiles = new ArrayList<>();
    List<TableRow> days = recentDays();
    tiles.add(activeUsers(days));
    tiles.add(stickiness(days));
    tiles.add(monthlyChurn());
    tiles.addAll(bestAndWorstStage());
    RevenueTile.of(tables, privacy).ifPresent(tiles::add);
    RiskTile.of(warning, horizon, asOf, missing()).ifPresent(tiles::add);
    tiles.add(leastLikelyChange());
    return tiles;
  }

  /**
   * What stands for a number that is not there: where numbers are hidden, it may be one of these.
   */
  private String missing() {
    return privacy.protects() ? NOT_SHOWN : NOT_YET;
  }

  private boolean nobody(List<TableRow> days) {
    return on(days, asOf).filter(row -> Long.valueOf(0).equals(row.count("mau"))).isPresent();
  }

  private List<TableRow> recentDays() {
    return tables
        .rows(
            "active_users",
            Choice.ALL.of(Set.of(Segment.WHOLE)).since("day", asOf.minusDays(WINDOW)),
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
    Long before = on(days, asOf.minusDays(WINDOW)).map(row -> row.count("mau")).orElse(null);
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
        mau == null ? missing() : Words.count(mau),
        null,
        details,
        "activity");
  }

  /** The mean day, for a single one may be a Sunday or a holiday; the day itself beside it. */
  private Tile stickiness(List<TableRow> days) {
    Optional<TableRow> now = on(days, asOf).filter(row -> !row.isNull("stickiness"));
    List<String> details = new ArrayList<>();
    now.ifPresent(
        row -> {
          details.add(
              "the mean of %s, over %s users of these days"
                  .formatted(
                      Words.span(asOf.minusDays(WINDOW - 1L), asOf),
                      Words.count(row.count("mau"))));
          details.add(
              "%s alone: %s, %s of %s users (95 %%: %s)"
                  .formatted(
                      Words.day(asOf),
                      Words.percent(row.rate("stickiness")),
                      Words.count(row.count("dau")),
                      Words.count(row.count("mau")),
                      Words.interval(row.rate("ci_low"), row.rate("ci_high"))));
        });
    return new Tile(
        "stickiness",
        "Stickiness, mean day over 28 days",
        now.filter(row -> !row.isNull("stickiness_avg"))
            .map(row -> Words.percent(row.rate("stickiness_avg")))
            .orElse(nobody(days) ? "nobody active" : missing()),
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
                              + cases(old)
                              + ")"));
        });
    return new Tile(
        "monthly-churn",
        now.map(row -> "Churn in " + Words.month(row.day("period_start"))).orElse("Monthly churn"),
        now.map(row -> Words.percent(row.rate("churn_rate"))).orElseGet(this::missing),
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
    return "95 %: " + Words.interval(row.rate("ci_low"), row.rate("ci_high")) + ", " + cases(row);
  }

  private static String cases(TableRow row) {
    return "%s of %s users"
        .formatted(
            Words.count(row.count("churned_users")), Words.count(row.count("users_at_start")));
  }

  private List<Tile> bestAndWorstStage() {
    List<TableRow> stages =
        lastMonth().stream().filter(row -> !row.text("stage").equals(ALL_STAGES)).toList();
    if (stages.size() < 2) {
      return List.of();
    }
    List<TableRow> ranked =
        stages.stream()
            .filter(row -> row.count("users_at_start") >= FEWEST_TO_RANK)
            .sorted(Comparator.comparing(row -> row.rate("churn_rate")))
            .toList();
    if (ranked.size() < 2) {
      return List.of(
          new Tile(
              "best-stage",
              "Churn by stage",
              "too few to rank",
              null,
              List.of(
                  "It takes two stages with %d users or more at the start of %s."
                      .formatted(FEWEST_TO_RANK, Words.month(stages.get(0).day("period_start")))),
              "churn"));
    }
    return List.of(
        stage("best-stage", "Least churn by stage", ranked.get(0)),
        stage("worst-stage", "Most churn by stage", ranked.get(ranked.size() - 1)));
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

  /**
   * The change that chance explains worst. It is seldom the one of most points: those are of few
   * users. Its rates are left to the counts, for rounded they would not differ by what is said.
   */
  private Tile leastLikelyChange() {
    if (privacy.roundTo() > 1) {
      return new Tile(
          "biggest-change",
          "Change of churn by segment",
          NOT_SHOWN,
          null,
          List.of("Counts are rounded here, and a test of rounded counts would say nothing true."),
          "churn");
    }
    Optional<Change.Biggest> found = Change.biggest(churn, shown);
    if (found.isEmpty()) {
      return new Tile(
          "biggest-change",
          "Change of churn by segment",
          missing(),
          null,
          List.of(
              "It takes two complete months with users"
                  + (privacy.protects() ? " whose numbers are not hidden." : ".")),
          "churn");
    }
    Change change = found.get().change();
    double pValue = found.get().pValue();
    String compared = Words.count(found.get().compared());
    return new Tile(
        "biggest-change",
        "Change of churn by segment, "
            + Words.months(change.month().minusMonths(1), change.month()),
        Words.points(change.before(), change.now()),
        pValue <= 0.05 ? "beyond chance" : "within chance",
        List.of(
            "%s: %s of %s users churned, then %s of %s"
                .formatted(
                    change.what(),
                    Words.count(change.cases()[0]),
                    Words.count(change.users()[0]),
                    Words.count(change.cases()[1]),
                    Words.count(change.users()[1])),
            "the change hardest to explain by chance of %s compared; %s after adjusting for %s"
                .formatted(compared, written(pValue), compared)),
        "churn");
  }

  private static String written(double pValue) {
    return pValue < 0.001
        ? "p < 0.001"
        : String.format(Locale.ROOT, pValue < 0.995 ? "p = %.2f" : "p = %.0f", pValue);
  }
}
