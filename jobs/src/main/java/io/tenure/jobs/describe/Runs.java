package io.tenure.jobs.describe;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.ColumnType.TIMESTAMP;

import io.tenure.common.calendar.DayRanges;
import io.tenure.common.store.RunRecord;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.Unit;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * The table {@code runs}: the runs that are kept, with the one that wrote the table as the last.
 */
public final class Runs {
  public static final Contract CONTRACT =
      Contract.table(
              "runs",
              "A run that is kept beside this one, or this one",
              List.of("run_id"),
              List.of(
                  required("run_id", STRING, "The run that the row is about"),
                  required(
                      "is_this_run", BOOLEAN, "Whether this run is the one that wrote the tables"),
                  required("name", STRING, "Name of the log in the config"),
                  required("as_of", DATE, "The last local day that counts"),
                  required("log_start", DATE, "The first local day of the log with an event"),
                  required("started_at", TIMESTAMP, "When the run began"),
                  required(
                      "mode",
                      STRING,
                      "full: read everything; incremental: read what had changed since the run before;"
                          + " erasure: read nothing, left out people whom the run before had"),
                  optional(
                          "days_recomputed",
                          BIGINT,
                          "Local days that an incremental run computed anew; NULL for a full one: all")
                      .in(Unit.DAYS),
                  required(
                          "rows_read",
                          BIGINT,
                          "Rows of the input read by the run: the sum of the" + " following three")
                      .in(Unit.ROWS)
                      .sumsOver("run_id"),
                  required("rows_accepted", BIGINT, "Rows read that are events")
                      .in(Unit.ROWS)
                      .sumsOver("run_id"),
                  required(
                          "rows_rejected", BIGINT, "Rows read that are broken: see rejected_events")
                      .in(Unit.ROWS)
                      .sumsOver("run_id"),
                  required(
                          "rows_left_out",
                          BIGINT,
                          "Rows read that the run did not ask for, such as duplicates, or days that it"
                              + " knew already")
                      .in(Unit.ROWS)
                      .sumsOver("run_id"),
                  required(
                      "config_hash",
                      STRING,
                      "Fingerprint of what decides the numbers: runs with the same one are comparable"),
                  required("version", STRING, "Version of Tenure"),
                  optional(
                      "identities_hash",
                      STRING,
                      "Fingerprint of the table of aliases that the run went by; NULL: none")))
          .hiding(Protection.of(Protection.Rule.NOBODY));

  private Runs() {}

  /**
   * The rows, one for each record.
   *
   * @param records in the order they were published; the last one is of the run that writes
   */
  public static List<Object[]> rows(List<RunRecord> records) {
    List<Object[]> rows = new ArrayList<>();
    for (RunRecord run : records) {
      RunRecord.Reading reading = run.reading();
      RunRecord.Rows read = run.rows();
      rows.add(
          new Object[] {
            run.runId(),
            run == records.get(records.size() - 1),
            run.name(),
            LocalDate.parse(run.asOf()),
            LocalDate.parse(run.logStart()),
            Instant.parse(run.startedAt()),
            reading.mode(),
            reading.mode().equals("full")
                ? null
                : DayRanges.parse(reading.days()).getLongCardinality(),
            read.read(),
            read.accepted(),
            read.rejected(),
            read.leftOut(),
            run.configHash(),
            run.versions().getOrDefault("tenure", "unknown"),
            run.identities() == null ? null : run.identities().fingerprint()
          });
    }
    return rows;
  }
}
