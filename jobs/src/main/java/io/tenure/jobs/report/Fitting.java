package io.tenure.jobs.report;

import java.util.List;
import java.util.Locale;

/**
 * As many of the lines of a chart as there may be.
 *
 * @param lines those that are drawn
 * @param leftOut a sentence of those that are not, and how to see them; empty if there are none
 */
record Fitting<T>(List<T> lines, String leftOut) {
  /**
   * The first lines.
   *
   * @param what the lines are, in the plural
   */
  static <T> Fitting<T> first(List<T> all, Canvas canvas, String what) {
    return of(all, 0, Math.min(all.size(), canvas.cohorts()), "first", what);
  }

  /** The last lines. */
  static <T> Fitting<T> last(List<T> all, Canvas canvas, String what) {
    return of(all, Math.max(0, all.size() - canvas.cohorts()), all.size(), "last", what);
  }

  private static <T> Fitting<T> of(List<T> all, int from, int to, String which, String what) {
    return new Fitting<>(
        all.subList(from, to),
        to - from == all.size()
            ? ""
            : String.format(
                Locale.ROOT,
                "\nthe %s %,d of %,d %s; --limit shows more\n",
                which,
                to - from,
                all.size(),
                what));
  }
}
