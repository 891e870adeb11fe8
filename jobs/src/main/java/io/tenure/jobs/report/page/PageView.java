package io.tenure.jobs.report.page;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the template writes.
 *
 * @param subtitle what the figures are of, in a sentence
 * @param json the data of the charts
 * @param chartStyle what the chart library adds to each chart
 */
record PageView(
    String title,
    String subtitle,
    String runId,
    List<Tile> tiles,
    List<String> assurance,
    List<Section> sections,
    String json,
    Inline style,
    Inline chartStyle,
    List<Inline> scripts,
    List<String> licences) {

  /** Nothing is fetched, nothing is sent; only the scripts and styles of the page itself run. */
  String policy() {
    return "default-src 'none'; base-uri 'none'; form-action 'none'; script-src "
        + scripts.stream().map(Inline::source).collect(Collectors.joining(" "))
        + "; style-src "
        + Stream.of(style, chartStyle).map(Inline::source).collect(Collectors.joining(" "));
  }
}
