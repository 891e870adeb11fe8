package io.tenure.common.config;

/**
 * What is asked, of which days: what a metric may know beside a history.
 *
 * @param logStart the first day of the log, an epoch day
 * @param asOf the last day that counts, an epoch day: everything up to its end is known, nothing
 *     after it is
 */
public record Scope(TenureConfig config, int logStart, int asOf) {
  /** The day that starts when knowledge ends. */
  public int end() {
    return asOf + 1;
  }

  /** Whether nothing came before the log: births are certain from its first day. */
  public boolean isLogComplete() {
    return historyStarts() <= logStart;
  }

  /** The first day from which births are certain: without a statement, any. */
  public int historyStarts() {
    return config
        .input()
        .historyStarts()
        .map(day -> Math.toIntExact(day.toEpochDay()))
        .orElse(Integer.MIN_VALUE);
  }
}
