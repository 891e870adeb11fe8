package io.tenure.common.history;

import io.tenure.common.encoding.TextOrder;
import java.util.Arrays;

/**
 * One user's history while its events are still coming in, in any order and in any number of parts.
 *
 * <p>A commutative and associative state: {@link #add} and {@link #merge} of the same events, in
 * any order and any grouping, give the same state. So it remembers, beside what a day says, the
 * keys that decide it: the time and id of the earliest event, and those behind each segment value;
 * and the events that are steps of funnels, one by one. {@link #close} drops what is not needed any
 * more.
 *
 * <p>Amounts are sums: an event that is delivered twice must be removed before it is added.
 */
public final class OpenHistory {
  private static final int INITIAL_DAYS = 2;

  final HistoryShape shape;

  /** The activities of events that are kept one by one. */
  private final long stepActivities;

  // Seen by what writes and reads this state.

  int size;
  int[] days;
  long[] activities;
  long[] openings;
  long[] openingTimes;

  /** Allocated once an event with an id comes. */
  String[] openingIds;

  long[] amounts;

  /**
   * Of each day its steps of funnels, null if it has none; itself null where there are no funnels.
   */
  StepEvents[] steps;

  /** Per counted activity and day: the number of events. */
  final int[][] counts;

  /** Per dimension and day: the winning value so far (null: none) and what made it win. */
  final String[][] values;

  final long[][] valueTimes;

  /** Allocated once an event with an id comes. */
  String[][] valueIds;

  public OpenHistory(HistoryShape shape) {
    this(shape, INITIAL_DAYS);
  }

  /**
   * @param capacity the number of days to make room for
   */
  public OpenHistory(HistoryShape shape, int capacity) {
    int room = Math.max(capacity, INITIAL_DAYS);
    this.shape = shape;
    days = new int[room];
    activities = new long[room];
    if (shape.openings()) {
      openings = new long[room];
      openingTimes = new long[room];
    }
    if (shape.amounts()) {
      amounts = new long[room];
    }
    stepActivities = shape.steps().activities();
    if (stepActivities != 0) {
      steps = new StepEvents[room];
    }
    counts = new int[shape.counted().size()][room];
    values = new String[shape.dimensions()][room];
    valueTimes = new long[shape.dimensions()][room];
  }

  /** The number of days held; what the memory of this state is proportional to. */
  public int size() {
    return size;
  }

  /** Takes in one event. */
  public void add(Event event) {
    int at = position(event.day);
    addActivities(at, event.activities);
    if (openings != null) {
      open(at, event.time, event.id, event.activities);
    }
    if (amounts != null) {
      addAmount(at, event.amount);
    }
    for (int counted = 0; counted < counts.length; counted++) {
      addCount(at, counted, (int) (event.activities >>> shape.counted().get(counted) & 1));
    }
    if ((event.activities & stepActivities) != 0) {
      addStep(at, event.instant, event.activities & stepActivities, event.id);
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      if (event.segments[dimension] != null) {
        offer(at, dimension, event.segments[dimension], event.time, event.id);
      }
    }
  }

  /** Takes in all events of another part of the same user's history. */
  public void merge(OpenHistory other) {
    makeRoomFor(other);
    int at = 0;
    for (int from = 0; from < other.size; from++) {
      while (days[at] < other.days[from]) {
        at++;
      }
      addActivities(at, other.activities[from]);
      if (openings != null) {
        open(at, other.openingTimes[from], other.openingId(from), other.openings[from]);
      }
      if (amounts != null) {
        addAmount(at, other.amounts[from]);
      }
      for (int counted = 0; counted < counts.length; counted++) {
        addCount(at, counted, other.counts[counted][from]);
      }
      if (steps != null && other.steps[from] != null) {
        stepsOf(at).addAll(other.steps[from]);
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
    return new History(
        Arrays.copyOf(days, size),
        Arrays.copyOf(activities, size),
        openings == null ? null : Arrays.copyOf(openings, size),
        amounts == null ? null : Arrays.copyOf(amounts, size),
        Arrays.stream(values).map(ofDays -> ValueRuns.of(ofDays, size)).toArray(ValueRuns[]::new),
        steps == null ? null : closedSteps(),
        counts.length == 0
            ? null
            : Arrays.stream(counts)
                .map(ofDays -> Arrays.copyOf(ofDays, size))
                .toArray(int[][]::new));
  }

  private StepSequence[] closedSteps() {
    StepSequence[] closed = new StepSequence[size];
    for (int at = 0; at < size; at++) {
      closed[at] = steps[at] == null ? StepSequence.EMPTY : steps[at].close(shape.steps());
    }
    return closed;
  }

  // The parts of adding, for whoever holds events in another form.

  /** Adds to the activities of the day at a position. */
  public void addActivities(int at, long more) {
    activities[at] |= more;
  }

  /** Adds to the amount of the day at a position. */
  public void addAmount(int at, long amount) {
    amounts[at] = Math.addExact(amounts[at], amount);
  }

  /** Adds events of a counted activity to the day at a position. */
  public void addCount(int at, int counted, int events) {
    counts[counted][at] = Math.addExact(counts[counted][at], events);
  }

  /**
   * Adds an event of the day at a position that is a step of a funnel.
   *
   * @param instant microseconds since 1970-01-01T00:00Z
   * @param activities those that are steps
   * @param id null if it has none
   */
  public void addStep(int at, long instant, long activities, String id) {
    stepsOf(at).add(instant, activities, id);
  }

  private StepEvents stepsOf(int at) {
    if (steps[at] == null) {
      steps[at] = new StepEvents();
    }
    return steps[at];
  }

  /**
   * Offers the earliest event of the day at a position: what it was, and when.
   *
   * @param id of the event; null if it has none
   */
  public void open(int at, long time, String id, long opening) {
    int order = Long.compare(time, openingTimes[at]);
    if (order == 0 && (id != null || openingIds != null)) {
      order = compareIds(id, openingId(at));
    }
    if (order < 0) {
      openingTimes[at] = time;
      openings[at] = opening;
      if (id != null && openingIds == null) {
        openingIds = new String[days.length];
      }
      if (openingIds != null) {
        openingIds[at] = id;
      }
    } else if (order == 0) {
      openings[at] |= opening;
    }
  }

  private String openingId(int at) {
    return openingIds == null ? null : openingIds[at];
  }

  /**
   * Offers a value for the day at a position. The day's last event that has a value wins; ties:
   * greatest id, then greatest value, both in {@link TextOrder}.
   *
   * @param id the id of the event; null if it has none
   */
  public void offer(int at, int dimension, String value, long time, String id) {
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
    long winning = valueTimes[dimension][at];
    return time == winning ? wins(value, id, current, valueId(dimension, at)) : time > winning;
  }

  /** Whether a value wins over the current one of the same time. */
  public static boolean wins(String value, String id, String current, String currentId) {
    int order = compareIds(id, currentId);
    return order > 0 || (order == 0 && TextOrder.compare(value, current) > 0);
  }

  /** The order of the ids of events at one time: none comes first, then as text. */
  public static int compareIds(String left, String right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return TextOrder.compare(left, right);
  }

  /**
   * The position of a day, made for it if it is new; valid until the next new day. Events mostly
   * come in the order of days.
   */
  public int position(int day) {
    if (size > 0 && days[size - 1] == day) {
      return size - 1;
    }
    int at = size == 0 || day > days[size - 1] ? size : Arrays.binarySearch(days, 0, size, day);
    if (at >= 0 && at < size) {
      return at;
    }
    int insertion = at < 0 ? -at - 1 : at;
    makeRoom(insertion);
    begin(insertion, day);
    size++;
    return insertion;
  }

  /** A day of which nothing is known yet. */
  private void begin(int at, int day) {
    days[at] = day;
    activities[at] = 0;
    if (openings != null) {
      openings[at] = 0;
      openingTimes[at] = Long.MAX_VALUE;
      if (openingIds != null) {
        openingIds[at] = null;
      }
    }
    if (amounts != null) {
      amounts[at] = 0;
    }
    if (steps != null) {
      steps[at] = null;
    }
    for (int[] ofDays : counts) {
      ofDays[at] = 0;
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      values[dimension][at] = null;
      valueTimes[dimension][at] = Long.MIN_VALUE;
      if (valueIds != null) {
        valueIds[dimension][at] = null;
      }
    }
  }

  /** Begins all days of another history that are not here, moving each of the others once. */
  private void makeRoomFor(OpenHistory other) {
    int fresh = 0;
    int mine = 0;
    for (int from = 0; from < other.size; from++) {
      while (mine < size && days[mine] < other.days[from]) {
        mine++;
      }
      fresh += mine == size || days[mine] != other.days[from] ? 1 : 0;
    }
    if (fresh == 0) {
      return;
    }
    if (size + fresh > days.length) {
      resize(Math.max(size + fresh, 2 * size));
    }
    int to = size + fresh - 1;
    mine = size - 1;
    for (int from = other.size - 1; from >= 0 && mine < to; ) {
      if (mine < 0 || days[mine] < other.days[from]) {
        begin(to--, other.days[from--]);
      } else {
        from -= days[mine] == other.days[from] ? 1 : 0;
        move(mine--, 1, to--);
      }
    }
    size += fresh;
  }

  private void makeRoom(int insertion) {
    if (size == days.length) {
      resize(size * 2);
    }
    if (insertion < size) {
      move(insertion, size - insertion, insertion + 1);
    }
  }

  private void move(int from, int count, int to) {
    System.arraycopy(days, from, days, to, count);
    System.arraycopy(activities, from, activities, to, count);
    if (openings != null) {
      System.arraycopy(openings, from, openings, to, count);
      System.arraycopy(openingTimes, from, openingTimes, to, count);
      if (openingIds != null) {
        System.arraycopy(openingIds, from, openingIds, to, count);
      }
    }
    if (amounts != null) {
      System.arraycopy(amounts, from, amounts, to, count);
    }
    if (steps != null) {
      System.arraycopy(steps, from, steps, to, count);
    }
    for (int[] ofDays : counts) {
      System.arraycopy(ofDays, from, ofDays, to, count);
    }
    for (int dimension = 0; dimension < values.length; dimension++) {
      System.arraycopy(values[dimension], from, values[dimension], to, count);
      System.arraycopy(valueTimes[dimension], from, valueTimes[dimension], to, count);
      if (valueIds != null) {
        System.arraycopy(valueIds[dimension], from, valueIds[dimension], to, count);
      }
    }
  }

  private void resize(int capacity) {
    days = Arrays.copyOf(days, capacity);
    activities = Arrays.copyOf(activities, capacity);
    if (openings != null) {
      openings = Arrays.copyOf(openings, capacity);
      openingTimes = Arrays.copyOf(openingTimes, capacity);
      if (openingIds != null) {
        openingIds = Arrays.copyOf(openingIds, capacity);
      }
    }
    if (amounts != null) {
      amounts = Arrays.copyOf(amounts, capacity);
    }
    if (steps != null) {
      steps = Arrays.copyOf(steps, capacity);
    }
    for (int counted = 0; counted < counts.length; counted++) {
      counts[counted] = Arrays.copyOf(counts[counted], capacity);
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

  /** Writes this state; {@link #decode} reads it back. */
  public byte[] encode() {
    return OpenHistoryCode.encode(this);
  }

  /** Reads what {@link #encode} wrote, for the same shape. */
  public static OpenHistory decode(byte[] bytes, HistoryShape shape) {
    return OpenHistoryCode.decode(bytes, shape);
  }
}
