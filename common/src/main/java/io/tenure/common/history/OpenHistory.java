package io.tenure.common.history;

import java.util.Arrays;

/**
 * One user's history while its events are still coming in, in any order and in any number of parts.
 *
 * <p>A commutative and associative state: {@link #add} and {@link #merge} of the same events, in
 * any order and any grouping, give the same state. So it remembers, beside what a day says, the
 * keys that decide it: the time of the earliest event, and the time and id behind each segment
 * value. {@link #close} drops them.
 *
 * <p>Amounts are sums: an event that is delivered twice must be removed before it is added.
 */
public final class OpenHistory {
  private static final int INITIAL_DAYS = 2;

  private final HistoryShape shape;
  private int size;
  private int[] days = new int[INITIAL_DAYS];
  private long[] activities = new long[INITIAL_DAYS];
  private long[] openings;
  private long[] openingTimes;
  private long[] amounts;

  /** Per dimension and day: the winning value so far (null: none) and what made it win. */
  private final String[][] values;

  private final long[][] valueTimes;

  /** Allocated once an event with an id comes. */
  private String[][] valueIds;

  public OpenHistory(HistoryShape shape) {
    this.shape = shape;
    if (shape.openings()) {
      openings = new long[INITIAL_DAYS];
      openingTimes = new long[INITIAL_DAYS];
    }
    if (shape.amounts()) {
      amounts = new long[INITIAL_DAYS];
    }
    values = new String[shape.dimensions()][INITIAL_DAYS];
    valueTimes = new long[shape.dimensions()][INITIAL_DAYS];
  }

  /** The number of days held; what the memory of this state is proportional to. */
  public int size() {
    return size;
  }

  /** Takes in one event. */
  public void add(Event event) {
    int at = position(event.day);
    activities[at] |= event.activities;
    if (openings != null) {
      open(at, event.time, event.activities);
    }
    if (amounts != null) {
      amounts[at] = Math.addExact(amounts[at], event.amount);
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      if (event.segments[dimension] != null) {
        offer(at, dimension, event.segments[dimension], event.time, event.id);
      }
    }
  }

  /** Takes in all events of another part of the same user's history. */
  public void merge(OpenHistory other) {
    for (int from = 0; from < other.size; from++) {
      int at = position(other.days[from]);
      activities[at] |= other.activities[from];
      if (openings != null) {
        open(at, other.openingTimes[from], other.openings[from]);
      }
      if (amounts != null) {
        amounts[at] = Math.addExact(amounts[at], other.amounts[from]);
      }
      for (int dimension = 0; dimension < values.length; dimension++) {
        if (other.values[dimension][from] != null) {
          offer(
              at,
              dimension,
              other.values[dimension][from],
              other.valueTimes[dimension][from],
              other.valueId(dimension, from));
        }
      }
    }
  }

  /** The history, once every event of its days is in. */
  public History close() {
    String[][] closed = new String[values.length][];
    for (int dimension = 0; dimension < values.length; dimension++) {
      closed[dimension] = Arrays.copyOf(values[dimension], size);
    }
    return new History(
        Arrays.copyOf(days, size),
        Arrays.copyOf(activities, size),
        openings == null ? null : Arrays.copyOf(openings, size),
        amounts == null ? null : Arrays.copyOf(amounts, size),
        closed);
  }

  private void open(int at, long time, long opening) {
    if (time < openingTimes[at]) {
      openingTimes[at] = time;
      openings[at] = opening;
    } else if (time == openingTimes[at]) {
      openings[at] |= opening;
    }
  }

  /** The day's last event that has a value wins; ties: greatest id, then greatest value. */
  private void offer(int at, int dimension, String value, long time, String id) {
    String current = values[dimension][at];
    if (current == null || wins(at, dimension, current, value, time, id)) {
      values[dimension][at] = value;
      valueTimes[dimension][at] = time;
      if (id != null && valueIds == null) {
        valueIds = new String[values.length][days.length];
      }
      if (valueIds != null) {
        valueIds[dimension][at] = id;
      }
    }
  }

  private boolean wins(int at, int dimension, String current, String value, long time, String id) {
    int order = Long.compare(time, valueTimes[dimension][at]);
    if (order == 0) {
      order = compareIds(id, valueId(dimension, at));
    }
    return order > 0 || (order == 0 && value.compareTo(current) > 0);
  }

  private static int compareIds(String left, String right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return left.compareTo(right);
  }

  /** The position of a day, made for it if it is new. Events mostly come in the order of days. */
  private int position(int day) {
    if (size > 0 && days[size - 1] == day) {
      return size - 1;
    }
    int at = size == 0 || day > days[size - 1] ? size : Arrays.binarySearch(days, 0, size, day);
    if (at >= 0 && at < size) {
      return at;
    }
    int insertion = at < 0 ? -at - 1 : at;
    makeRoom(insertion);
    days[insertion] = day;
    activities[insertion] = 0;
    if (openings != null) {
      openings[insertion] = 0;
      openingTimes[insertion] = Long.MAX_VALUE;
    }
    if (amounts != null) {
      amounts[insertion] = 0;
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      values[dimension][insertion] = null;
      valueTimes[dimension][insertion] = Long.MIN_VALUE;
      if (valueIds != null) {
        valueIds[dimension][insertion] = null;
      }
    }
    size++;
    return insertion;
  }

  private void makeRoom(int insertion) {
    if (size == days.length) {
      resize(size * 2);
    }
    int moved = size - insertion;
    if (moved == 0) {
      return;
    }
    System.arraycopy(days, insertion, days, insertion + 1, moved);
    System.arraycopy(activities, insertion, activities, insertion + 1, moved);
    if (openings != null) {
      System.arraycopy(openings, insertion, openings, insertion + 1, moved);
      System.arraycopy(openingTimes, insertion, openingTimes, insertion + 1, moved);
    }
    if (amounts != null) {
      System.arraycopy(amounts, insertion, amounts, insertion + 1, moved);
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      System.arraycopy(values[dimension], insertion, values[dimension], insertion + 1, moved);
      System.arraycopy(
          valueTimes[dimension], insertion, valueTimes[dimension], insertion + 1, moved);
      if (valueIds != null) {
        System.arraycopy(valueIds[dimension], insertion, valueIds[dimension], insertion + 1, moved);
      }
    }
  }

  private void resize(int capacity) {
    days = Arrays.copyOf(days, capacity);
    activities = Arrays.copyOf(activities, capacity);
    if (openings != null) {
      openings = Arrays.copyOf(openings, capacity);
      openingTimes = Arrays.copyOf(openingTimes, capacity);
    }
    if (amounts != null) {
      amounts = Arrays.copyOf(amounts, capacity);
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      values[dimension] = Arrays.copyOf(values[dimension], capacity);
      valueTimes[dimension] = Arrays.copyOf(valueTimes[dimension], capacity);
      if (valueIds != null) {
        valueIds[dimension] = Arrays.copyOf(valueIds[dimension], capacity);
      }
    }
  }

  private String valueId(int dimension, int at) {
    return valueIds == null ? null : valueIds[dimension][at];
  }

  // Encoding: what a shuffle carries between the parts of one history.

  /** Writes this state; {@link #decode} reads it back. */
  public byte[] encode() {
    ByteWriter out = new ByteWriter(16 + size * (4 + 8 * values.length));
    out.varint(size);
    boolean ids = valueIds != null;
    out.varint(ids ? 1 : 0);
    int previous = 0;
    for (int at = 0; at < size; at++) {
      out.zigzag(days[at] - previous);
      previous = days[at];
      out.varint(activities[at]);
      long reference = 0;
      if (openings != null) {
        out.zigzag(openingTimes[at]);
        out.varint(openings[at]);
        reference = openingTimes[at];
      }
      if (amounts != null) {
        out.zigzag(amounts[at]);
      }
      for (int dimension = 0; dimension < values.length; dimension++) {
        String value = values[dimension][at];
        out.optionalString(value);
        if (value != null) {
          // Mostly one event decides all dimensions: then the difference is a single zero byte.
          out.zigzag(valueTimes[dimension][at] - reference);
          reference = valueTimes[dimension][at];
          if (ids) {
            out.optionalString(valueIds[dimension][at]);
          }
        }
      }
    }
    return out.toByteArray();
  }

  /** Reads what {@link #encode} wrote, for the same shape. */
  public static OpenHistory decode(byte[] bytes, HistoryShape shape) {
    OpenHistory history = new OpenHistory(shape);
    ByteReader in = new ByteReader(bytes);
    int size = in.length();
    boolean ids = in.varint() == 1;
    history.size = size;
    history.resize(Math.max(size, INITIAL_DAYS));
    if (ids) {
      history.valueIds = new String[shape.dimensions()][history.days.length];
    }
    int previous = 0;
    for (int at = 0; at < size; at++) {
      previous += (int) in.zigzag();
      history.days[at] = previous;
      history.activities[at] = in.varint();
      long reference = 0;
      if (shape.openings()) {
        reference = in.zigzag();
        history.openingTimes[at] = reference;
        history.openings[at] = in.varint();
      }
      if (shape.amounts()) {
        history.amounts[at] = in.zigzag();
      }
      for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
        String value = in.optionalString();
        history.values[dimension][at] = value;
        if (value == null) {
          history.valueTimes[dimension][at] = Long.MIN_VALUE;
          continue;
        }
        reference += in.zigzag();
        history.valueTimes[dimension][at] = reference;
        if (ids) {
          history.valueIds[dimension][at] = in.optionalString();
        }
      }
    }
    return history;
  }
}
