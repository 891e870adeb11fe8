package io.tenure.jobs.fold;

import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import io.tenure.jobs.read.Events;
import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The partial histories of all users of one task: what {@link OpenHistory} is for one user, for all
 * of them in {@link DayEntries}.
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

  /** How many entries back an event looks for its day before it makes a new one. */
  private static final int LOOK_BACK = 4;

  /** How many entries, of all users, are taken to be in the cache: those made last. */
  private static final int WARM = 1 << 14;

  /** The users whose entries are looked up together when histories are handed on. */
  private static final int TOGETHER = 64;

  private final HistoryShape shape;
  private final EventBatch batch;
  private final UserIndex users = new UserIndex();
  private final ValueNumbers values = new ValueNumbers();
  private final DayEntries entries;

  /** Of each user the entry made last, plus one, in the low half; its day in the high half. */
  private long[] newest = new long[1 << 10];

  private long generation;

  /** Keeps reads that only warm the caches from being optimised away. */
  private long touched;

  /** The entries of some users who follow one another, as {@link DayEntries#word} has them. */
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
    this.batch = new EventBatch(shape.dimensions());
    this.entries = new DayEntries(shape, ids, clock, values);
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
    return users.bytes() + values.bytes() + (long) Long.BYTES * newest.length + entries.bytes();
  }

  /** Begins afresh. */
  void clear() {
    users.clear();
    values.clear();
    newest = new long[1 << 10];
    entries.clear();
    chained = -1;
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
      if ((int) head > 0 && batch.days[at] == DayEntries.day(head)) {
        seen += entries.touch((int) head - 1);
      }
    }
    touched += seen;
    for (int at = 0; at < batch.size; at++) {
      entries.add(entryOf(batch.users[at], batch.days[at]), batch, at);
    }
    batch.clear();
  }

  /** The entry of a user's day, made if it is not soon found. */
  private int entryOf(int user, int day) {
    long head = newest[user];
    int entry = (int) head - 1;
    if (entry >= 0 && DayEntries.day(head) == day) {
      return entry;
    }
    int warm = Math.max(0, entries.size() - WARM);
    for (int back = 0; entry >= warm && back < LOOK_BACK; back++) {
      long word = entries.head(entry);
      if (DayEntries.day(word) == day) {
        return entry;
      }
      entry = (int) word - 1;
    }
    int made = entries.make(day, (int) head);
    newest[user] = DayEntries.word(day, made + 1);
    return made;
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
      entries.put((int) chain[at], history);
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
          long word = entries.head(entry);
          chains[member][lengths[member]++] = DayEntries.word(DayEntries.day(word), entry);
          ends[member] = (int) word;
          seen += entries.touch(entry);
        }
      }
    }
    touched += seen;
  }
}
