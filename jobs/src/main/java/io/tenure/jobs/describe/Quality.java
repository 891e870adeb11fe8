package io.tenure.jobs.describe;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;

import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The table {@code quality}: what was checked of a run, what was tolerated, and what is worth a
 * look.
 */
public final class Quality {
  public static final Contract CONTRACT =
      Contract.result(
              "quality",
              "Something checked of the run: errors stop a run, so in a published one they have passed",
              List.of("check"),
              List.of(
                  required("check", STRING, "What was checked"),
                  required(
                      "severity",
                      STRING,
                      "error: a run that does not pass is not published; warning: worth a look; info:"
                          + " as the config says"),
                  optional("value", DOUBLE, "What was found; NULL where there is nothing to count")
                      .in(Unit.NUMBER),
                  optional("value_unit", STRING, "Unit of value and limit; NULL with value"),
                  optional("limit", DOUBLE, "The largest value that passes; NULL: any")
                      .in(Unit.NUMBER),
                  required("passed", BOOLEAN, "Whether value is at most limit"),
                  required("meaning", STRING, "What was checked, in a sentence")))
          .hiding(Protection.of(Protection.Rule.NOBODY));

  /** How much a check weighs. */
  public enum Severity {
    ERROR,
    WARNING,
    INFO
  }

  private final List<Object[]> rows = new ArrayList<>();
  private final String runId;

  public Quality(String runId) {
    this.runId = runId;
  }

  /**
   * Adds a check.
   *
   * @param unit of value and limit
   * @param limit the largest value that passes; null: any does
   */
  public Quality check(
      String name, Severity severity, double value, Unit unit, Double limit, String meaning) {
    boolean passed = limit == null || value <= limit;
    rows.add(
        new Object[] {name, label(severity), value, unit.label(), limit, passed, meaning, runId});
    return this;
  }

  /** Adds something that was noticed and cannot be counted. */
  public Quality notice(String name, String meaning) {
    rows.add(new Object[] {name, label(Severity.WARNING), null, null, null, false, meaning, runId});
    return this;
  }

  /** The rows. */
  public List<Object[]> rows() {
    return List.copyOf(rows);
  }

  private static String label(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
