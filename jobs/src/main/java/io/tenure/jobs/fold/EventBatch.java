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
    keyBytes = 0;
  }

  /** Appends an event with its user; the caller fills in the rest at the position returned. */
  int append(UTF8String user) {
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
    return size++;
  }
}
