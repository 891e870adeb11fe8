package io.tenure.common.history;

import java.util.Arrays;

/**
 * The value of one dimension as of each day: that of the last day, up to and including it, that has
 * a value; {@link History#UNKNOWN} before there is one. Few, because values change rarely.
 */
public final class Values {
  private static final int INITIAL = 4;

  private int size;
  private int[] starts = new int[INITIAL];
  private String[] values = new String[INITIAL];

  /**
   * @param days ascending
   * @param ofDays the value that each day itself gives
   */
  Values(int[] days, ValueRuns ofDays) {
    String value = History.UNKNOWN;
    for (int run = 0; run < ofDays.runs(); run++) {
      String next = ofDays.value(run);
      if (next != null && !next.equals(value)) {
        int at = ofDays.start(run);
        if (at > 0 && size == 0) {
          add(Integer.MIN_VALUE, value);
        }
        add(days[at], next);
        value = next;
      }
    }
    if (size == 0) {
      add(Integer.MIN_VALUE, value);
    }
  }

  private void add(int start, String value) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      values = Arrays.copyOf(values, 2 * size);
    }
    starts[size] = start;
    values[size] = value;
    size++;
  }

  /** How many there are, one after the other: at least one. */
  public int size() {
    return size;
  }

  /** The first day of the {@code at}-th; the first may have none, {@code Integer.MIN_VALUE}. */
  public int start(int at) {
    return starts[at];
  }

  /** The first day after the {@code at}-th; {@code Integer.MAX_VALUE} for the last. */
  public int end(int at) {
    return at + 1 < size ? starts[at + 1] : Integer.MAX_VALUE;
  }

  /** The {@code at}-th value. */
  public String value(int at) {
    return values[at];
  }

  /** The value as of a day. */
  String asOf(int day) {
    int found = Arrays.binarySearch(starts, 0, size, day);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? History.UNKNOWN : values[at];
  }
}
