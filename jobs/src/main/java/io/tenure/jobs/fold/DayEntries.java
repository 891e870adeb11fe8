package io.tenure.jobs.fold;

import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import java.util.Arrays;

/**
 * What a task has seen of users on days: entry by entry, in flat arrays. Each begins with its day
 * and with the one of the same user that was made before it; the rest are the keys and sums that
 * {@link OpenHistory} has of a day.
 */
final class DayEntries {
  private static final int CHUNK_BITS = 13;
  private static final int CHUNK_ENTRIES = 1 << CHUNK_BITS;

  // Where the words of an entry stand; the rest depends on the shape.
  private static final int DAY_AND_PREVIOUS = 0;
  private static final int ACTIVITIES = 1;

  private final HistoryShape shape;
  private final boolean ids;
  private final EventClock clock;
  private final int openings;
  private final int amounts;
  private final int times;
  private final int numbers;
  private final int steps;
  private final int counts;
  private final int stride;

  /** Those behind the values of the dimensions and, if needed, that of the earliest event. */
  private final int idsOfEntry;

  /**
   * The activities of events that are kept one by one, and those of them that go on in a funnel.
   */
  private final long stepActivities;

  private final long repeatedActivities;
  private final StepPool pool;

  /** The bits of the activities whose events are counted. */
  private final int[] counted;

  private final ValueNumbers values;
  private long[][] chunks = new long[0][];
  private String[][] entryIds = new String[0][];
  private int size;

  /**
   * @param ids whether events may have ids
   * @param clock of the times of events
   * @param values what the numbers of values mean
   */
  DayEntries(HistoryShape shape, boolean ids, EventClock clock, ValueNumbers values) {
    this.shape = shape;
    this.ids = ids;
    this.openings = ACTIVITIES + 1;
    this.amounts = openings + (shape.openings() ? 2 : 0);
    this.times = amounts + (shape.amounts() ? 1 : 0);
    this.numbers = times + shape.dimensions();
    this.steps = numbers + (shape.dimensions() + 1) / 2;
    this.stepActivities = shape.steps().activities();
    this.repeatedActivities = shape.steps().repeatedActivities();
    this.counts = steps + (stepActivities == 0 ? 0 : 1);
    this.counted = shape.counted().stream().mapToInt(bit -> bit).toArray();
    this.stride = counts + counted.length;
    this.idsOfEntry = shape.dimensions() + (shape.openings() ? 1 : 0);
    this.pool = new StepPool(ids);
    this.clock = clock;
    this.values = values;
  }

  int size() {
    return size;
  }

  /** Memory taken, in bytes. */
  long bytes() {
    return (long) size * stride * Long.BYTES
        + (ids ? (long) size * idsOfEntry * Long.BYTES * 8 : 0)
        + pool.bytes();
  }

  /** Begins afresh, in the same memory. */
  void clear() {
    size = 0;
    pool.clear();
  }

  /** The day of an entry and the previous one of its user, plus one, as {@link #word} has them. */
  long head(int entry) {
    return chunks[entry >>> CHUNK_BITS][base(entry) + DAY_AND_PREVIOUS];
  }

  /** A day and, behind it, an entry, or an entry plus one, or 0 for none. */
  static long word(int day, int entry) {
    return (long) day << Integer.SIZE | entry;
  }

  static int day(long word) {
    return (int) (word >> Integer.SIZE);
  }

  /** Reads of an entry what brings it into the cache: it may lie across two lines. */
  long touch(int entry) {
    long[] words = chunks[entry >>> CHUNK_BITS];
    int base = base(entry);
    return words[base] + words[base + stride - 1];
  }

  private int base(int entry) {
    return (entry & CHUNK_ENTRIES - 1) * stride;
  }

  /**
   * A new entry.
   *
   * @param previous of the same user, plus one; 0 for none
   */
  int make(int day, int previous) {
    int entry = size++;
    int chunk = entry >>> CHUNK_BITS;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, Math.max(16, 2 * chunk));
      entryIds = Arrays.copyOf(entryIds, chunks.length);
    }
    if (chunks[chunk] == null) {
      chunks[chunk] = new long[CHUNK_ENTRIES * stride];
      entryIds[chunk] = ids ? new String[CHUNK_ENTRIES * idsOfEntry] : null;
    }
    long[] words = chunks[chunk];
    int base = base(entry);
    Arrays.fill(words, base, base + stride, 0);
    words[base + DAY_AND_PREVIOUS] = word(day, previous);
    if (shape.openings()) {
      words[base + openings] = Long.MAX_VALUE;
    }
    return entry;
  }

  /** Adds an event of a batch to the entry of its user and day. */
  void add(int entry, EventBatch batch, int at) {
    long[] words = chunks[entry >>> CHUNK_BITS];
    int base = base(entry);
    words[base + ACTIVITIES] |= batch.activities[at];
    long time = batch.times[at];
    if (shape.openings()) {
      open(words, base + openings, entry, batch, at);
    }
    if (shape.amounts()) {
      words[base + amounts] = Math.addExact(words[base + amounts], batch.amounts[at]);
    }
    for (int dimension = 0; dimension < batch.dimensions; dimension++) {
      int value = batch.values[at * batch.dimensions + dimension];
      if (value != 0) {
        offer(words, base, entry, dimension, value, time, batch.ids[at]);
      }
    }
    for (int place = 0; place < counted.length; place++) {
      words[base + counts + place] += batch.activities[at] >>> counted[place] & 1;
    }
    if ((batch.activities[at] & stepActivities) != 0) {
      addStep(words, base + steps, batch, at);
    }
  }

  /** The word of an entry is the last of its steps in the pool, plus one. */
  private void addStep(long[] words, int word, EventBatch batch, int at) {
    long activities = batch.activities[at] & stepActivities;
    long instant = clock.instant(batch.days[at], batch.times[at]);
    int last = (int) words[word];
    if ((activities & repeatedActivities) != 0
        || !pool.keepsFirst(last, instant, activities, batch.ids[at])) {
      words[word] = pool.add(last, instant, activities, batch.ids[at]);
    }
  }

  /** The earliest event, as in {@link OpenHistory}. */
  private void open(long[] words, int word, int entry, EventBatch batch, int at) {
    int order = Long.compare(batch.times[at], words[word]);
    if (order == 0 && ids) {
      order = OpenHistory.compareIds(batch.ids[at], id(entry, shape.dimensions()));
    }
    if (order < 0) {
      words[word] = batch.times[at];
      words[word + 1] = batch.activities[at];
      if (ids) {
        entryIds[entry >>> CHUNK_BITS][idAt(entry, shape.dimensions())] = batch.ids[at];
      }
    } else if (order == 0) {
      words[word + 1] |= batch.activities[at];
    }
  }

  /** The day's last event that has a value wins, as in {@link OpenHistory}. */
  private void offer(
      long[] words, int base, int entry, int dimension, int value, long time, String id) {
    int current = number(words, base, dimension);
    if (current == 0 || wins(words, base, entry, dimension, current, value, time, id)) {
      int shift = (dimension & 1) * Integer.SIZE;
      int word = base + numbers + dimension / 2;
      words[word] = words[word] & ~(0xFFFFFFFFL << shift) | (long) value << shift;
      words[base + times + dimension] = time;
      if (ids) {
        entryIds[entry >>> CHUNK_BITS][idAt(entry, dimension)] = id;
      }
    }
  }

  private boolean wins(
      long[] words,
      int base,
      int entry,
      int dimension,
      int current,
      int value,
      long time,
      String id) {
    long winning = words[base + times + dimension];
    if (time != winning) {
      return time > winning;
    }
    return OpenHistory.wins(values.text(value), id, values.text(current), id(entry, dimension));
  }

  private int number(long[] words, int base, int dimension) {
    return (int) (words[base + numbers + dimension / 2] >>> (dimension & 1) * Integer.SIZE);
  }

  private int idAt(int entry, int dimension) {
    return (entry & CHUNK_ENTRIES - 1) * idsOfEntry + dimension;
  }

  private String id(int entry, int dimension) {
    return ids ? entryIds[entry >>> CHUNK_BITS][idAt(entry, dimension)] : null;
  }

  /** Adds an entry to a history. */
  void put(int entry, OpenHistory history) {
    long[] words = chunks[entry >>> CHUNK_BITS];
    int base = base(entry);
    int at = history.position(day(words[base + DAY_AND_PREVIOUS]));
    history.addActivities(at, words[base + ACTIVITIES]);
    if (shape.openings()) {
      history.open(
          at, words[base + openings], id(entry, shape.dimensions()), words[base + openings + 1]);
    }
    if (shape.amounts()) {
      history.addAmount(at, words[base + amounts]);
    }
    for (int place = 0; place < counted.length; place++) {
      history.addCount(at, place, Math.toIntExact(words[base + counts + place]));
    }
    if (stepActivities != 0) {
      pool.each(
          (int) words[base + steps],
          (instant, activities, id) -> history.addStep(at, instant, activities, id));
    }
    for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
      String value = values.text(number(words, base, dimension));
      if (value != null) {
        history.offer(at, dimension, value, words[base + times + dimension], id(entry, dimension));
      }
    }
  }
}
