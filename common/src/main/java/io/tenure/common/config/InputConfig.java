package io.tenure.common.config;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where the events are and what their columns mean.
 *
 * <p>{@code user}, {@code time}, {@code event}, {@code eventId} and {@code amount} are columns or
 * SQL expressions over the columns of the input.
 *
 * @param path any Hadoop path or glob
 * @param options handed to Spark's reader as they are
 * @param timeUnit the unit of a numeric time; must be absent for timestamps and dates
 * @param event names the event; when absent every row is {@code event}
 * @param eventId rows of one user and one local day with the same id count once
 * @param amount money; exact to {@value #AMOUNT_SCALE} decimals
 * @param where rows for which this predicate is not true are left out, and counted
 * @param partition the column of the date partition, used to read less
 * @param historyStarts the local day from which births are certain; absent: the log is complete
 * @param earliest the first local day that is a plausible time; rows before it are rejected
 * @param deletedFiles what becomes of the events of a file that is gone
 */
public record InputConfig(
    String path,
    Format format,
    Map<String, String> options,
    String user,
    String time,
    Optional<TimeUnit> timeUnit,
    Optional<String> event,
    Optional<String> eventId,
    Optional<String> amount,
    Optional<String> where,
    Optional<String> partition,
    Optional<LocalDate> historyStarts,
    LocalDate earliest,
    DeletedFiles deletedFiles) {

  /** Decimals kept of an amount. */
  public static final int AMOUNT_SCALE = 4;

  /** A file format that Spark reads. */
  public enum Format {
    PARQUET,
    CSV,
    JSON,
    ORC;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What becomes of what was read of a file that is gone. */
  public enum DeletedFiles {
    /** It is as if its events had never been. */
    REMOVED,
    /** The days that it held stay as they were read. */
    KEPT;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The unit of a time given as a number since 1970-01-01T00:00Z. */
  public enum TimeUnit {
    SECONDS(1_000_000L),
    MILLISECONDS(1_000L),
    MICROSECONDS(1L);

    private final long micros;

    TimeUnit(long micros) {
      this.micros = micros;
    }

    /** Microseconds in one unit. */
    public long micros() {
      return micros;
    }

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
