package io.tenure.jobs.fold;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/** Some events, column by column, on their way into {@link OpenHistories}. */
final class EventBatch {
  static final int CAPACITY = 1 << 10;
  private static final int USUAL_KEY_BYTES = 64;

  final int dimensions;
  int size;

  /** The bytes of the user ids, one behind the other. */
  byte[] keys = new byte[CAPACITY * USUAL_KEY_BYTES];

  final int[] keyOffsets = new int[CAPACITY];
  final int[] keyLengths = new int[CAPACITY];
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

  /** Room to note where in memory the events lead. */
  final long[] places = new long[CAPACITY];

  /** The events whose users must be looked up, first to last. */
  final int[] unknowns = new int[CAPACITY];

  int unknown;

  private final DictionaryNumbers[] memories = new DictionaryNumbers[CAPACITY];
  private final int[] positions = new int[CAPACITY];
  private int keyBytes;

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
    keyBytes = 0;
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
    int length = user.numBytes();
    if (keyBytes + length > keys.length) {
      keys = Arrays.copyOf(keys, Math.max(2 * keys.length, keyBytes + length));
    }
    Platform.copyMemory(
        user.getBaseObject(),
        user.getBaseOffset(),
        keys,
        Platform.BYTE_ARRAY_OFFSET + keyBytes,
        length);
    keyOffsets[size] = keyBytes;
    keyLengths[size] = length;
    hashes[size] = user.hashCode();
    keyBytes += length;
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
