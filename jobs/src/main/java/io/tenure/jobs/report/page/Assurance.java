package io.tenure.jobs.report.page;

import io.tenure.common.config.PrivacyConfig;
import io.tenure.common.store.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How sure the figures are, in sentences. */
final class Assurance {
  private static final String REJECTED = "rejected_";

  private Assurance() {}

  static List<String> of(
      RunRecord run,
      RetentionData retention,
      ShownSegments shown,
      PrivacyConfig privacy,
      PublishedTables tables) {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "In the tables every share of users has its numerator, its denominator and its 95 %"
            + " interval: Wilson for proportions, Greenwood for survival.");
    maturity(retention, sentences);
    rows(run, sentences);
    log(tables, sentences);
    sentences.add(
        run.birthObserved() == null
            ? "The log is taken to be complete: a user's first event in it is the birth."
            : "Births are certain from "
                + run.birthObserved()
                + " on; a user first seen before may be older than the log.");
    run.stages().stream()
        .filter(stage -> stage.name().equals("check"))
        .findFirst()
        .ifPresent(
            stage ->
                sentences.add(
                    stage.rows() + " identities between the tables held before publishing."));
    for (ShownSegments.Dimension dimension : shown.dimensions()) {
      if (dimension.shown() < dimension.values()) {
        sentences.add(leftOut(dimension));
      }
    }
    if (privacy.minUsers() > 0) {
      sentences.add(
          "Figures of fewer than %d users are left out, and so are those that would give them away."
              .formatted(privacy.minUsers()));
    }
    if (privacy.roundTo() > 1) {
      sentences.add(
          "Counts are rounded to multiples of %d, and rates are those of rounded counts; what would give exact counts away is left out."
              .formatted(privacy.roundTo()));
    }
    run.warnings().forEach(warning -> sentences.add("Warning: " + warning));
    return sentences;
  }

  private static void maturity(RetentionData retention, List<String> sentences) {
    long questions =
        retention.triangles().stream().map(RetentionData.Triangle::question).distinct().count();
    retention.triangles().stream()
        .filter(triangle -> triangle.segment() == 0)
        .max(java.util.Comparator.comparingInt(triangle -> rank(triangle.grain())))
        .ifPresent(
            triangle -> {
              long cells =
                  triangle.cohorts().stream().mapToLong(cohort -> cohort.retained().size()).sum();
              long hidden =
                  triangle.cohorts().stream().mapToLong(cohort -> cohort.hidden().size()).sum();
              long shown =
                  triangle.cohorts().stream()
                      .flatMap(cohort -> cohort.retained().stream())
                      .filter(users -> users != null)
                      .count();
              sentences.add(
                  "%s of %s cells of the triangle by %s%s are final%s; the others are hatched until"
                          .formatted(
                              Words.count(shown + hidden),
                              Words.count(cells),
                              triangle.grain(),
                              questions < 2 ? "" : " of " + triangle.question(),
                              hidden == 0 ? "" : ", " + Words.count(hidden) + " of them hidden")
                      + " their period is over for every user of the cohort.");
            });
  }

  private static int rank(String grain) {
    return List.of("day", "week", "month").indexOf(grain);
  }

  private static void rows(RunRecord run, List<String> sentences) {
    RunRecord.Rows rows = run.rows();
    if (rows.read() == 0) {
      sentences.add(
          "This run read no rows (%s): what it says is in the histories it went on with."
              .formatted(run.reading().mode()));
      return;
    }
    String share = Words.percent((double) rows.rejected() / rows.read());
    sentences.add(
        "This run read %s rows (%s): %s accepted, %s rejected (%s%s), %s left out%s."
            .formatted(
                Words.count(rows.read()),
                run.reading().mode(),
                Words.count(rows.accepted()),
                Words.count(rows.rejected()),
                share,
                reasons(rows.rejectedBy(), ": ", ""),
                Words.count(rows.leftOut()),
                reasons(rows.leftOutBy(), " (", ")")));
  }

  /** The broken rows of all runs: a run that adds a day hardly reads any. */
  private static void log(PublishedTables tables, List<String> sentences) {
    Map<String, Long> rejected = new TreeMap<>();
    double share = 0;
    for (TableRow row : tables.rows("quality", Choice.ALL, List.of("check", "value"))) {
      String check = row.text("check");
      if (check == null) {
        return; // another version of Tenure wrote the table, and named its columns otherwise
      }
      if (check.equals(REJECTED + "ratio")) {
        share = row.rate("value");
      } else if (check.startsWith(REJECTED) && !check.startsWith(REJECTED + "ratio")) {
        rejected.put(check.substring(REJECTED.length()), row.count("value"));
      }
    }
    if (!rejected.isEmpty()) {
      sentences.add(
          "Of all rows of the log %s are rejected: %s."
              .formatted(Words.percent(share), reasons(rejected, "", "")));
    }
  }

  private static String reasons(Map<String, Long> reasons, String before, String after) {
    return reasons.isEmpty()
        ? ""
        : reasons.entrySet().stream()
            .map(reason -> Words.plain(reason.getKey()) + " " + Words.count(reason.getValue()))
            .collect(Collectors.joining(", ", before, after));
  }

  private static String leftOut(ShownSegments.Dimension dimension) {
    String share =
        dimension.users() == 0
            ? ""
            : " with "
                + Words.percent((double) dimension.usersShown() / dimension.users())
                + " of the users active of late";
    return "Of %s the page shows the %s largest of %s values%s; the others are in the tables."
        .formatted(
            dimension.name(),
            Words.count(dimension.shown()),
            Words.count(dimension.values()),
            share);
  }
}
