package io.tenure.jobs.report.page;

import java.util.List;

/**
 * One figure of the headline.
 *
 * @param name what the page's own tests and links call it
 * @param label what the figure is
 * @param figure the figure, in words
 * @param tag a word about it, such as the band of a churn rate; null: none
 * @param details what it stands on
 * @param section the section of the page that shows more
 */
record Tile(
    String name, String label, String figure, String tag, List<String> details, String section) {
  Tile {
    details = List.copyOf(details);
  }
}
