package io.tenure.jobs.command;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;

import io.tenure.common.calendar.Grain;
import io.tenure.common.store.TableReader;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.parquet.io.api.Binary;

/**
 * Whether a log looks as if it began in the midst of its users' lives: then everybody who was there
 * before is new in its first weeks, and nothing else in the tables gives that away.
 */
final class LogBeginning {
  /** Fewer users than that may come together by chance. */
  private static final long MANY = 100;

  /** From this week on most of those who were there before have been seen. */
  private static final int USUAL_FROM = 6;

  private static final int USUAL_WEEKS = 8;

  /** Times as many as usual. A launch may have as many: then one line in the config says so. */
  private static final int MUCH = 3;

  private LogBeginning() {}

  /** The new users of the whole by week, as the table {@code growth} has them. */
  static SortedMap<LocalDate, Long> births(TableReader growth) {
    String week = Grain.WEEK.label();
    SortedMap<LocalDate, Long> births = new TreeMap<>();
    try (TableReader.Rows rows =
        growth.rows(
            List.of("grain", "segment", "period_start", "new_users"),
            Optional.of(
                and(
                    eq(binaryColumn("grain"), Binary.fromString(week)),
                    eq(binaryColumn("segment"), Binary.fromString(Contract.WHOLE)))))) {
      while (rows.hasNext()) {
        Object[] row = rows.next();
        if (row[0].equals(week) && row[1].equals(Contract.WHOLE)) {
          births.put((LocalDate) row[2], (Long) row[3]);
        }
      }
    }
    return births;
  }

  /**
   * What to tell; empty if the log looks complete, or is too short to tell.
   *
   * @param births new users by week, the last one open
   * @param logStart the first day of the log
   */
  static Optional<String> warning(SortedMap<LocalDate, Long> births, LocalDate logStart) {
    List<Long> weeks = List.copyOf(births.values());
    if (weeks.size() <= USUAL_FROM + USUAL_WEEKS) {
      return Optional.empty();
    }
    // The first one may be cut off by the beginning of the log.
    long first = weeks.get(0) + weeks.get(1);
    List<Long> later =
        weeks.subList(USUAL_FROM, USUAL_FROM + USUAL_WEEKS).stream().sorted().toList();
    long usual = later.get(USUAL_WEEKS / 2 - 1) + later.get(USUAL_WEEKS / 2);
    if (first < MANY || first <= MUCH * usual) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%,d users are new in the first two weeks of the log, and %,d in two usual weeks later on:"
                + " it seems to begin in the midst of its users' lives, so that old users pass for new"
                + " ones. If so, say input.history-starts, a day by which nearly all of them have been"
                + " seen; if the log is complete, input.history-starts: %s.",
            first,
            usual,
            // Before the week, the month, the quarter and the year in which the log begins.
            logStart.withDayOfYear(1).minusWeeks(1)));
  }
}
