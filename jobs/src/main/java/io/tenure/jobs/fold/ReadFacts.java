package io.tenure.jobs.fold;

import io.tenure.jobs.read.Reason;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;

/**
 * What reading found: how many rows met which fate, and which days hold accepted events.
 *
 * <p>A mergeable state like the histories, and carried with them through the same shuffle: counters
 * beside the data would count the rows of a repeated task twice.
 */
public final class ReadFacts {
  private final long[] rows = new long[Reason.values().length];
  private int firstDay = Integer.MAX_VALUE;
  private int lastDay = Integer.MIN_VALUE;

  void count(Reason reason) {
    rows[reason.ordinal()]++;
  }

  /** Counts an accepted row. */
  void accept(int day) {
    rows[Reason.ACCEPTED.ordinal()]++;
    firstDay = Math.min(firstDay, day);
    lastDay = Math.max(lastDay, day);
  }

  /** Adds what another task found. */
  public void merge(ReadFacts other) {
    for (int reason = 0; reason < rows.length; reason++) {
      rows[reason] += other.rows[reason];
    }
    firstDay = Math.min(firstDay, other.firstDay);
    lastDay = Math.max(lastDay, other.lastDay);
  }

  /** Rows that met a reason. */
  public long rows(Reason reason) {
    return rows[reason.ordinal()];
  }

  /** Rows that met a fate. */
  public long rows(Reason.Fate fate) {
    long sum = 0;
    for (Reason reason : Reason.values()) {
      sum += reason.fate() == fate ? rows(reason) : 0;
    }
    return sum;
  }

  /** All rows read. */
  public long rows() {
    long sum = 0;
    for (long count : rows) {
      sum += count;
    }
    return sum;
  }

  /** The reasons of a fate that any row met, with their numbers of rows. */
  public Map<Reason, Long> reasons(Reason.Fate fate) {
    Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      if (reason.fate() == fate && rows(reason) > 0) {
        reasons.put(reason, rows(reason));
      }
    }
    return reasons;
  }

  /** Whether no row was accepted; then there is no first or last day. */
  public boolean isEmpty() {
    return rows(Reason.ACCEPTED) == 0;
  }

  /** The first local day with an accepted event, an epoch day. */
  public int firstDay() {
    return firstDay;
  }

  /** The last local day with an accepted event, an epoch day. */
  public int lastDay() {
    return lastDay;
  }

  byte[] encode() {
    ByteBuffer buffer = ByteBuffer.allocate(8 * rows.length + 8);
    for (long count : rows) {
      buffer.putLong(count);
    }
    return buffer.putInt(firstDay).putInt(lastDay).array();
  }

  static ReadFacts decode(byte[] bytes) {
    ReadFacts facts = new ReadFacts();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    for (int reason = 0; reason < facts.rows.length; reason++) {
      facts.rows[reason] = buffer.getLong();
    }
    facts.firstDay = buffer.getInt();
    facts.lastDay = buffer.getInt();
    return facts;
  }
}
