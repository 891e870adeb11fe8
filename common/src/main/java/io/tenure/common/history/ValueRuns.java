package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import java.util.Arrays;
import java.util.Objects;

/**
 * The value that each day with an event gives one dimension, null for none. Values change rarely:
 * days that follow one another and have the same are held as one run, and never one by one.
 */
final class ValueRuns {
  private static final int INITIAL = 2;

  /** How many days there are. */
  private int size;

  private int runs;

  /** The position after each run. */
  private int[] ends = new int[INITIAL];

  private String[] values = new String[INITIAL];

  /** The run that was looked at last: who asks goes from day to day. */
  private int last;

  /** Of no day yet. */
  ValueRuns() {}

  /**
   * @param ofDays the value of each day, and perhaps more after them
   * @param size how many days there are
   */
  static ValueRuns of(String[] ofDays, int size) {
    ValueRuns all = new ValueRuns();
    for (int at = 0; at < size; at++) {
      all.add(ofDays[at], 1);
    }
    return all;
  }

  /** Adds days after the last, all of which have the same value. */
  void add(String value, int days) {
    if (days == 0) {
      return;
    }
    size += days;
    if (runs > 0 && Objects.equals(values[runs - 1], value)) {
      ends[runs - 1] = size;
      return;
    }
    if (runs == ends.length) {
      ends = Arrays.copyOf(ends, 2 * runs);
      values = Arrays.copyOf(values, 2 * runs);
    }
    ends[runs] = size;
    values[runs] = value;
    runs++;
  }

  /** How many runs there are. */
  int runs() {
    return runs;
  }

  /** The position of the first day of a run. */
  int start(int run) {
    return run == 0 ? 0 : ends[run - 1];
  }

  /** The value of a run. */
  String value(int run) {
    return values[run];
  }

  /** The value of the {@code at}-th day. */
  String at(int at) {
    if (at < 0 || at >= size) {
      throw new IndexOutOfBoundsException("Day %d of %d".formatted(at, size));
    }
    if (start(last) > at) {
      last = 0;
    }
    while (ends[last] <= at) {
      last++;
    }
    return values[last];
  }

  /** The days from one position to before another. */
  ValueRuns slice(int from, int to) {
    ValueRuns slice = new ValueRuns();
    for (int run = 0; run < runs && start(run) < to; run++) {
      slice.add(values[run], Math.max(0, Math.min(to, ends[run]) - Math.max(from, start(run))));
    }
    return slice;
  }

  /** Writes each run as how many days it has, and the value; {@link #read} reads it back. */
  void write(ByteWriter out) {
    for (int run = 0; run < runs; run++) {
      out.varint(ends[run] - start(run));
      out.optionalString(values[run]);
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param size how many days there are
   */
  static ValueRuns read(ByteReader in, int size) {
    ValueRuns read = new ValueRuns();
    while (read.size < size) {
      int days = in.length();
      read.add(in.optionalString(), days);
    }
    if (read.size != size) {
      throw new IllegalArgumentException(
          "Values of %d days in a history of %d".formatted(read.size, size));
    }
    return read;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ValueRuns that
        && size == that.size
        && Arrays.equals(ends, 0, runs, that.ends, 0, that.runs)
        && Arrays.equals(values, 0, runs, that.values, 0, that.runs);
  }

  @Override
  public int hashCode() {
    return 31 * size + runs;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int run = 0; run < runs; run++) {
      text.append(run == 0 ? "" : ", ").append(values[run]).append(" to ").append(ends[run]);
    }
    return text.append(']').toString();
  }
}
