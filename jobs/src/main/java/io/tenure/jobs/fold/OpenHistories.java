package io.tenure.jobs.fold;

import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import io.tenure.jobs.read.Events;
import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The partial histories of all users of one task: what {@link OpenHistory} is for one user, in flat
 * arrays for all of them.
 *
 * <p>Every event adds to the user's entry of its day, or makes one. Entries of a user are chained,
 * the last made first; where events do not come in the order of days, a day may have several, which
 * become one when the history is handed on.
 *
 * <p>Entries lie all over the memory, and waiting for it is what a fold would mostly do. So an
 * event of another day than the user's last looks for its entry only among those made of late, and
 * what must be looked at is asked for many at a time.
 */
final class OpenHistories {
  /** The number that stands for no value. */
  static final int NO_VALUE = 0;

  private static final int CHUNK_BITS = 13;
  private static final int CHUNK_ENTRIES = 1 << CHUNK_BITS;

  /** How many entries back an event looks for its day before it makes a new one. */
  private static final int LOOK_BACK = 4;

  /** How many entries, of all users, are taken to be in the cache: those made last. */
  private static final int WARM = 1 << 14;

  /** The users whose entries are looked up together when histories are handed on. */
  private static final int TOGETHER = 64;

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

  private final EventBatch batch;
  private final UserIndex users = new UserIndex();
  private final ValueNumbers values = new ValueNumbers();

  /** Of each user the entry made last, plus one, in the low half; its day in the high half. */
  private long[] newest = new long[1 << 10];

  private long[][] chunks = new long[0][];
  private String[][] entryIds = new String[0][];
  private int entries;
  private long generation;

  /** Keeps reads that only warm the caches from being optimised away. */
  private long touched;

  /** The entries of some users who follow one another, as {@link #word} has them. */
  private final long[][] chains = new long[TOGETHER][16];

  private final int[] lengths = new int[TOGETHER];
  private final int[] ends = new int[TOGETHER];

  /** The first user of the chains; -1 if there are none. */
  private int chained = -1;

  /**
   * @param ids whether events may have ids
   * @param clock of the times of events
   */
  OpenHistories(HistoryShape shape, boolean ids, EventClock clock) {
    this.shape = shape;
    this.ids = ids;
    this.batch = new EventBatch(shape.dimensions());
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
  }

  /** The number of users of all events that were absorbed. */
  int size() {
    return users.size();
  }

  /** Whether another event's user can be numbered. */
  boolean hasRoom() {
    return users.hasRoom();
  }

  /** Memory taken, in bytes. */
  long bytes() {
    return users.bytes()
        + values.bytes()
        + (long) Long.BYTES * newest.length
        + (long) entries * stride * Long.BYTES
        + (ids ? (long) entries * idsOfEntry * Long.BYTES * 8 : 0)
        + pool.bytes();
  }

  /** Begins afresh. */
  void clear() {
    users.clear();
    values.clear();
    newest = new long[1 << 10];
    entries = 0;
    chained = -1;
    pool.clear();
    batch.clear();
    generation++;
  }

  /** Changes when users and values are numbered anew. */
  long generation() {
    return generation;
  }

  /**
   * Begins an event of a user, which {@link #event} and {@link #value} go on with.
   *
   * @param user valid until the next row is read
   */
  void add(UTF8String user) {
    makeRoom();
    batch.append(user, null, -1);
  }

  /**
   * The same, and has the user's number, plus one, remembered.
   *
   * @param position where to remember it; -1 for nowhere
   */
  void add(UTF8String user, DictionaryNumbers memory, int position) {
    makeRoom();
    batch.append(user, memory, position);
  }

  /** Begins an event of a user whose number is known. */
  void add(int user) {
    makeRoom();
    batch.append(user);
  }

  private void makeRoom() {
    if (batch.isFull()) {
      absorb();
    }
  }

  /**
   * What the event begun last is.
   *
   * @param id null if there is none
   */
  void event(int day, long time, long activities, long amount, String id) {
    int at = batch.size - 1;
    batch.days[at] = day;
    batch.times[at] = time;
    batch.activities[at] = activities;
    batch.amounts[at] = amount;
    batch.ids[at] = id;
  }

  /** The number of a segment value, for as long as the generation lasts; blank is no value. */
  int number(UTF8String value) {
    return value == null || isBlank(value) ? NO_VALUE : values.of(value);
  }

  /** As a user or an id of an event is blank: nothing, or nothing but spaces. */
  private static boolean isBlank(UTF8String text) {
    return text.numBytes() == 0
        || Byte.toUnsignedInt(text.getByte(0)) <= ' '
            && text.toString().chars().allMatch(letter -> Events.WHITE_SPACE.indexOf(letter) >= 0);
  }

  /** The value of a dimension of the event begun last, by its number. */
  void value(int dimension, int number) {
    batch.values[(batch.size - 1) * batch.dimensions + dimension] = number;
  }

  /** Brings events that wait in the batch into the histories. */
  void absorb() {
    users.find(batch);
    chained = -1;
    if (users.size() > newest.length) {
      newest = Arrays.copyOf(newest, Math.max(users.size(), 2 * newest.length));
    }
    // Only to have the entries in the cache, many at a time, when they are needed.
    long seen = 0;
    for (int at = 0; at < batch.size; at++) {
      long head = newest[batch.users[at]];
      if ((int) head > 0 && batch.days[at] == day(head)) {
        seen += touch((int) head - 1);
      }
    }
    touched += seen;
    for (int at = 0; at < batch.size; at++) {
      absorb(at);
    }
    batch.clear();
  }

  private void absorb(int at) {
    int entry = entryOf(batch.users[at], batch.days[at]);
    update(chunks[entry >>> CHUNK_BITS], base(entry), entry, at);
  }

  /** The entry of a user's day, made if it is not soon found. */
  private int entryOf(int user, int day) {
    long head = newest[user];
    int entry = (int) head - 1;
    if (entry >= 0 && day(head) == day) {
      return entry;
    }
    int warm = Math.max(0, entries - WARM);
    for (int back = 0; entry >= warm && back < LOOK_BACK; back++) {
      long word = chunks[entry >>> CHUNK_BITS][base(entry) + DAY_AND_PREVIOUS];
      if (day(word) == day) {
        return entry;
      }
      entry = (int) word - 1;
    }
    int made = make(day, (int) head);
    newest[user] = word(day, made + 1);
    return made;
  }

  /** A day and, behind it, an entry, or an entry plus one, or 0 for none. */
  private static long word(int day, int entry) {
    return (long) day << Integer.SIZE | entry;
  }

  private static int day(long word) {
    return (int) (word >> Integer.SIZE);
  }

  /** Reads of an entry what brings it into the cache: it may lie across two lines. */
  private long touch(int entry) {
    long[] words = chunks[entry >>> CHUNK_BITS];
    int base = base(entry);
    return words[base] + words[base + stride - 1];
  }

  private int base(int entry) {
    return (entry & CHUNK_ENTRIES - 1) * stride;
  }

  private int make(int day, int previous) {
    int entry = entries++;
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

  private void update(long[] words, int base, int entry, int at) {
    words[base + ACTIVITIES] |= batch.activities[at];
    long time = batch.times[at];
    if (shape.openings()) {
      open(words, base + openings, entry, at);
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
      addStep(words, base + steps, at);
    }
  }

  /** The word of an entry is the last of its steps in the pool, plus one. */
  private void addStep(long[] words, int word, int at) {
    long activities = batch.activities[at] & stepActivities;
    long instant = clock.instant(batch.days[at], batch.times[at]);
    int last = (int) words[word];
    if ((activities & repeatedActivities) != 0
        || !pool.keepsFirst(last, instant, activities, batch.ids[at])) {
      words[word] = pool.add(last, instant, activities, batch.ids[at]);
    }
  }

  /** The earliest event, as in {@link OpenHistory}. */
  private void open(long[] words, int word, int entry, int at) {
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

  /** The id of a user. */
  byte[] user(int user) {
    return users.key(user);
  }

  /** The history of a user. */
  OpenHistory history(int user) {
    if (chained < 0 || user < chained || user >= chained + TOGETHER) {
      chain(user);
    }
    long[] chain = chains[user - chained];
    int length = lengths[user - chained];
    Arrays.sort(chain, 0, length);
    OpenHistory history = new OpenHistory(shape, length);
    for (int at = 0; at < length; at++) {
      put((int) chain[at], history);
    }
    return history;
  }

  /** Looks up the entries of a user and those that follow, a step of all of them at a time. */
  private void chain(int first) {
    chained = first;
    int members = Math.min(TOGETHER, users.size() - first);
    for (int member = 0; member < members; member++) {
      lengths[member] = 0;
      ends[member] = (int) newest[first + member];
    }
    long seen = 0;
    for (boolean more = true; more; ) {
      more = false;
      for (int member = 0; member < members; member++) {
        int entry = ends[member] - 1;
        if (entry >= 0) {
          more = true;
          if (lengths[member] == chains[member].length) {
            chains[member] = Arrays.copyOf(chains[member], 2 * lengths[member]);
          }
          long word = chunks[entry >>> CHUNK_BITS][base(entry) + DAY_AND_PREVIOUS];
          chains[member][lengths[member]++] = word(day(word), entry);
          ends[member] = (int) word;
          seen += touch(entry);
        }
      }
    }
    touched += seen;
  }

  private void put(int entry, OpenHistory history) {
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
