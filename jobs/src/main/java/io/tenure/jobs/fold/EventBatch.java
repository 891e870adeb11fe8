package io.tenure.jobs.fold;

import java.util.Arrays;
import org.apache.spark.unsafe.types.UTF8String;

/** Some events, column by column, on their way into {@link OpenHistories}. */
final class EventBatch {
  static final int CAPACITY = 1 << 10;

  final int dimensions;
  int size;

  /** The ids of the users that must be looked up, as {@link UserIndex} writes them. */
  long[] keys = new long[CAPACITY];

  final int[] hashes = new int[CAPACITY];
  final int[] days = new int[CAPACITY];
  final long[] times = new long[CAPACITY];
  final long[] activities = new long[CAPACITY];
  final long[] amounts = new long[CAPACITY];

  /** Null where an event has no id, or no event has one. */
  final String[] ids = new String[CAPACITY];

  /** The numbers of the values of all dimensions of an event, then of the next; 0 is none. */
  final int[] values;

  /** The number of each user, once it is found. */
  final int[] users = new int[CAPACITY];

  /** The events whose users must be looked up, first to last. */
  final int[] unknowns = new int[CAPACITY];

  int unknown;

  private final DictionaryNumbers[] memories = new DictionaryNumbers[CAPACITY];
  private final int[] positions = new int[CAPACITY];

  /** The words of each id. */
  private int stride = 1;

  /** Ids that are too long to be there; null if none was ever seen. */
  private UTF8String[] longIds;

  EventBatch(int dimensions) {
    this.dimensions = dimensions;
    this.values = new int[CAPACITY * dimensions];
  }

  boolean isFull() {
    return size == CAPACITY;
  }

  void clear() {
    size = 0;
    unknown = 0;
    if (longIds != null) {
      Arrays.fill(longIds, null);
    }
  }

  int stride() {
    return stride;
  }

  /** Makes room for longer ids. */
  void widen(int words) {
    if (words > stride) {
      long[] wider = new long[CAPACITY * words];
      for (int at = 0; at < size; at++) {
        System.arraycopy(keys, at * stride, wider, at * words, stride);
      }
      keys = wider;
      stride = words;
    }
  }

  /** The id of an event's user if it is too long for {@link #keys}, else null. */
  UTF8String longId(int at) {
    return longIds == null ? null : longIds[at];
  }

  /** Appends an event of a user whose number is known. */
  void append(int user) {
    users[size++] = user;
  }

  /**
   * Appends an event of a user whose number must be looked up.
   *
   * @param memory where to remember the number; null for nowhere
   */
  void append(UTF8String user, DictionaryNumbers memory, int position) {
    if (user.numBytes() > UserIndex.LONGEST) {
      if (longIds == null) {
        longIds = new UTF8String[CAPACITY];
      }
      longIds[size] = user.copy();
    } else {
      int words = UserIndex.words(user.numBytes());
      widen(words);
      int base = size * stride;
      UserIndex.write(user, keys, base);
      for (int word = words; word < stride; word++) {
        keys[base + word] = 0;
      }
      hashes[size] = UserIndex.hash(keys, base, words);
    }
    memories[unknown] = memory;
    positions[unknown] = position;
    unknowns[unknown++] = size++;
  }

  /** Tells whoever asked the numbers that were looked up. */
  void remember() {
    for (int at = 0; at < unknown; at++) {
      if (positions[at] >= 0) {
        memories[at].remember(positions[at], users[unknowns[at]] + 1);
      }
    }
  }
}
