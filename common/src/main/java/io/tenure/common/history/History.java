package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import io.tenure.common.encoding.Texts;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What one user did, day by day: the state that every table is computed from.
 *
 * <p>One entry for every local day with an accepted event, ascending. What an entry says is a
 * function of all events of the user on that day, so a day is replaced whole and never changed, and
 * histories of disjoint days are joined by union.
 *
 * <p>Days are epoch days in the configured zone. Not for several threads at once.
 */
public final class History {
  /** The value of a dimension for a user of whom none is known. */
  public static final String UNKNOWN = "(unknown)";

  /** The history of a user of whom nothing is known. */
  public static final History EMPTY =
      new History(new int[0], new long[0], null, null, new ValueRuns[0], null, null);

  // What begins a part of what encode() writes.
  private static final int STEPS = 1;
  private static final int COUNTS = 2;

  final int[] days;
  final long[] activities;
  final long[] openings;
  final long[] amounts;
  final ValueRuns[] segments;

  /** Of each day; null where there are no funnels. */
  final StepSequence[] steps;

  /** Of each counted activity, by day; null where nothing is counted. */
  final int[][] counts;

  // What was asked before is not found out again: many metrics ask the same.
  private final Values[] values;
  private int[] daysAsked;
  private int activityAsked = -1;

  History(
      int[] days,
      long[] activities,
      long[] openings,
      long[] amounts,
      ValueRuns[] segments,
      StepSequence[] steps,
      int[][] counts) {
    this.days = days;
    this.activities = activities;
    this.openings = openings;
    this.amounts = amounts;
    this.segments = segments;
    this.values = new Values[segments.length];
    // A history without days is the same, whatever its days would hold.
    this.steps = days.length == 0 ? null : steps;
    this.counts = days.length == 0 ? null : counts;
  }

  /** The number of days with an event. */
  public int size() {
    return days.length;
  }

  /** The {@code at}-th day with an event. */
  public int day(int at) {
    return days[at];
  }

  /** Whether the {@code at}-th day has an event of the activity with this index. */
  public boolean has(int at, int activity) {
    return (activities[at] >>> activity & 1) == 1;
  }

  /** The activities that any day has, as a mask of their bits. */
  public long allActivities() {
    long all = 0;
    for (long mask : activities) {
      all |= mask;
    }
    return all;
  }

  /**
   * Whether the earliest event of the {@code at}-th day is one of the activity with this index. Of
   * events at one instant the one with the least id is the earliest, one without id before all;
   * those that are equal in this, too, count as one.
   */
  public boolean opensWith(int at, int activity) {
    if (openings == null) {
      throw new IllegalStateException("This history was folded without openings");
    }
    return (openings[at] >>> activity & 1) == 1;
  }

  /** The sum of amounts on the {@code at}-th day, unscaled at the config's scale. */
  public long amount(int at) {
    return amounts == null ? 0 : amounts[at];
  }

  /** The events of the {@code at}-th day that are steps of funnels. */
  public StepSequence steps(int at) {
    return steps == null ? StepSequence.EMPTY : steps[at];
  }

  /**
   * The number of events on the {@code at}-th day of a counted activity.
   *
   * @param counted its position in the shape's list
   */
  public int count(int counted, int at) {
    return counts == null ? 0 : counts[counted][at];
  }

  /** The days with an event of the activity with this index, ascending; not to be changed. */
  public int[] days(int activity) {
    if (activity != activityAsked) {
      daysAsked = matching(activity);
      activityAsked = activity;
    }
    return daysAsked;
  }

  private int[] matching(int activity) {
    int count = 0;
    for (long mask : activities) {
      count += (int) (mask >>> activity & 1);
    }
    if (count == days.length) {
      return days;
    }
    int[] matching = new int[count];
    int next = 0;
    for (int at = 0; at < days.length; at++) {
      if (has(at, activity)) {
        matching[next++] = days[at];
      }
    }
    return matching;
  }

  /**
   * The value of a dimension as of a day: that of the last day, up to and including this one, that
   * has a value; {@value #UNKNOWN} if there is none.
   */
  public String segment(int dimension, int day) {
    return values(dimension).asOf(day);
  }

  /** The values of a dimension over time. */
  public Values values(int dimension) {
    if (values[dimension] == null) {
      values[dimension] = new Values(days, segments[dimension]);
    }
    return values[dimension];
  }

  /** The value that the {@code at}-th day itself gives a dimension; null if none. */
  public String segmentOfDay(int dimension, int at) {
    return segments[dimension].at(at);
  }

  /** How many days with an event lie before {@code end}. */
  public int sizeBefore(int end) {
    int found = Arrays.binarySearch(days, end);
    return found >= 0 ? found : -found - 1;
  }

  /** What was known before {@code end}: the days before it. */
  public History before(int end) {
    return slice(0, sizeBefore(end));
  }

  /** The days that satisfy a condition. */
  public History where(IntPredicate condition) {
    int[] kept = IntStream.range(0, days.length).filter(at -> condition.test(days[at])).toArray();
    return kept.length == days.length ? this : new HistoryUnion(this, kept, EMPTY).history();
  }

  /**
   * This history and another one of the same user and shape.
   *
   * @throws IllegalArgumentException if they share a day: a day is replaced, never merged
   */
  public History union(History other) {
    if (other.size() == 0 || size() == 0) {
      return size() == 0 ? other : this;
    }
    int[] all = IntStream.range(0, days.length).toArray();
    return new HistoryUnion(this, all, other).history();
  }

  private History slice(int from, int to) {
    if (from == 0 && to == days.length) {
      return this;
    }
    return new History(
        Arrays.copyOfRange(days, from, to),
        Arrays.copyOfRange(activities, from, to),
        openings == null ? null : Arrays.copyOfRange(openings, from, to),
        amounts == null ? null : Arrays.copyOfRange(amounts, from, to),
        Arrays.stream(segments).map(values -> values.slice(from, to)).toArray(ValueRuns[]::new),
        steps == null ? null : Arrays.copyOfRange(steps, from, to),
        counts == null
            ? null
            : Arrays.stream(counts)
                .map(days -> Arrays.copyOfRange(days, from, to))
                .toArray(int[][]::new));
  }

  /** Writes this history compactly; {@link #decode} reads it back. */
  public byte[] encode() {
    ByteWriter out = new ByteWriter(16 + 2 * days.length);
    out.varint(days.length);
    int previous = 0;
    for (int day : days) {
      out.zigzag((long) day - previous);
      previous = day;
    }
    HistoryBits.write(out, activities);
    out.varint(openings == null ? 0 : 1);
    if (openings != null) {
      HistoryBits.write(out, openings);
    }
    out.varint(amounts == null ? 0 : 1);
    if (amounts != null) {
      for (long amount : amounts) {
        out.zigzag(amount);
      }
    }
    out.varint(segments.length);
    for (ValueRuns ofDays : segments) {
      ofDays.write(out);
    }
    // Histories were without these before there were any.
    if (steps != null) {
      out.varint(STEPS);
      StepSequence.write(out, steps);
    }
    if (counts != null) {
      out.varint(COUNTS);
      writeCounts(out);
    }
    return out.toByteArray();
  }

  /** Reads what {@link #encode} wrote. */
  public static History decode(byte[] bytes) {
    return decode(bytes, null);
  }

  /**
   * Reads what {@link #encode} wrote, of many users one after the other.
   *
   * @param texts gives the values that users before had, too; may be null
   */
  public static History decode(byte[] bytes, Texts texts) {
    ByteReader in = new ByteReader(bytes, texts);
    int size = in.length();
    int[] days = new int[size];
    int previous = 0;
    for (int at = 0; at < size; at++) {
      previous += (int) in.zigzag();
      days[at] = previous;
    }
    long[] activities = HistoryBits.read(in, size);
    long[] openings = in.varint() == 0 ? null : HistoryBits.read(in, size);
    long[] amounts = in.varint() == 0 ? null : new long[size];
    if (amounts != null) {
      for (int at = 0; at < size; at++) {
        amounts[at] = in.zigzag();
      }
    }
    ValueRuns[] segments = new ValueRuns[in.length()];
    for (int dimension = 0; dimension < segments.length; dimension++) {
      segments[dimension] = ValueRuns.read(in, size);
    }
    StepSequence[] steps = null;
    int[][] counts = null;
    while (in.hasMore()) {
      int part = in.length();
      if (part == STEPS) {
        steps = StepSequence.read(in, size);
      } else if (part == COUNTS) {
        counts = readCounts(in, size);
      } else {
        throw new IllegalArgumentException("A history with a part " + part);
      }
    }
    return new History(days, activities, openings, amounts, segments, steps, counts);
  }

  private void writeCounts(ByteWriter out) {
    out.varint(counts.length);
    for (int[] ofDays : counts) {
      for (int count : ofDays) {
        out.varint(count);
      }
    }
  }

  private static int[][] readCounts(ByteReader in, int size) {
    int[][] counts = new int[in.length()][size];
    for (int[] ofDays : counts) {
      for (int at = 0; at < size; at++) {
        ofDays[at] = in.length();
      }
    }
    return counts;
  }

  /**
   * The first day of what {@link #encode} wrote, without reading the rest.
   *
   * @throws IllegalArgumentException if it has no day
   */
  public static int firstDay(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    if (in.length() == 0) {
      throw new IllegalArgumentException("A history without days");
    }
    return (int) in.zigzag();
  }

  /**
   * The first and the last day of what {@link #encode} wrote, without reading the rest.
   *
   * @throws IllegalArgumentException if it has no day
   */
  public static int[] firstAndLastDay(byte[] bytes) {
    ByteReader in = new ByteReader(bytes);
    int size = in.length();
    if (size == 0) {
      throw new IllegalArgumentException("A history without days");
    }
    int first = (int) in.zigzag();
    int last = first;
    for (int at = 1; at < size; at++) {
      last += (int) in.zigzag();
    }
    return new int[] {first, last};
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof History that
        && Arrays.equals(days, that.days)
        && Arrays.equals(activities, that.activities)
        && Arrays.equals(openings, that.openings)
        && Arrays.equals(amounts, that.amounts)
        && Arrays.equals(segments, that.segments)
        && Arrays.equals(steps, that.steps)
        && Arrays.deepEquals(counts, that.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(days) + Arrays.hashCode(activities);
  }

  @Override
  public String toString() {
    return "History"
        + Arrays.toString(days)
        + Arrays.toString(activities)
        + Arrays.toString(segments)
        + Arrays.toString(steps)
        + Arrays.deepToString(counts);
  }
}
