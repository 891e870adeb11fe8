package io.tenure.jobs.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Numbers the users of one task, in the order in which they are first seen.
 *
 * <p>An open-addressing hash table with the ids in it, asked for many ids at once: nearly all the
 * time of a fold is waiting for memory, so a user takes one place there and not three, and looking
 * up a batch step by step lets the processor wait for many places at the same time.
 *
 * <p>An id is a row of words: its bytes, then zeros, and its length in the last byte of the last
 * word that it needs by itself; words of zeros may follow. As the last byte that is not zero is the
 * length and tells where it stands, different ids are different words. The few ids that are longer
 * than {@link #LONGEST} are in a map beside it.
 */
final class UserIndex {
  /** The bytes of the longest id that has its place in the table. */
  static final int LONGEST = 119;

  private static final int INITIAL_SLOTS = 1 << 12;

  /** What a long id takes beside its bytes. */
  private static final int LONG_ID_BYTES = 128;

  /** No longer array is asked for. */
  private static final int MOST_WORDS = 1 << 30;

  /** The words of an id in the table: as many as the longest so far needs. */
  private int stride = 1;

  /** By slot: the hash in the high half, the user's number plus one in the low half, and the id. */
  private long[] slots = new long[INITIAL_SLOTS * 2];

  /** The number of slots, a power of 2, less one. */
  private int mask = INITIAL_SLOTS - 1;

  /** The slot of each user; of those whose id is long, -1 minus its place among these. */
  private int[] slotOf = new int[INITIAL_SLOTS / 2];

  private final Map<UTF8String, Integer> longUsers = new HashMap<>();
  private final List<UTF8String> longIds = new ArrayList<>();
  private long longBytes;
  private int size;

  /** Keeps reads that only warm the caches from being optimised away. */
  private long touched;

  /** The words that an id of some bytes needs. */
  static int words(int bytes) {
    return (bytes + Long.BYTES) / Long.BYTES;
  }

  /** Writes an id that is not long as words. */
  static void write(UTF8String id, long[] into, int at) {
    int bytes = id.numBytes();
    int whole = bytes / Long.BYTES;
    for (int word = 0; word < whole; word++) {
      into[at + word] =
          Platform.getLong(id.getBaseObject(), id.getBaseOffset() + (long) word * Long.BYTES);
    }
    long last = (long) bytes << Long.SIZE - Byte.SIZE;
    for (int next = whole * Long.BYTES; next < bytes; next++) {
      last |= Byte.toUnsignedLong(id.getByte(next)) << next % Long.BYTES * Byte.SIZE;
    }
    into[at + whole] = last;
  }

  /** The hash of an id that is so many words by itself. */
  static int hash(long[] ids, int at, int words) {
    long hash = 0;
    for (int word = 0; word < words; word++) {
      hash = (hash ^ ids[at + word]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> Integer.SIZE;
    }
    return (int) (hash * 0x9E3779B97F4A7C15L >>> Integer.SIZE);
  }

  /** The number of users. */
  int size() {
    return size;
  }

  /** Whether there is room for a million users more, whatever their ids. */
  boolean hasRoom() {
    return hasRoom(size);
  }

  /** The same beside so many users. */
  static boolean hasRoom(int users) {
    long slots = Long.highestOneBit(2L * (users + (1L << 20))) * 2;
    return slots * (words(LONGEST) + 1) <= MOST_WORDS;
  }

  /** Memory taken, in bytes; for a moment half as much again, where more must be made room for. */
  long bytes() {
    return (long) Long.BYTES * slots.length + (long) Integer.BYTES * slotOf.length + longBytes;
  }

  /** Forgets all users. */
  void clear() {
    stride = 1;
    slots = new long[INITIAL_SLOTS * 2];
    mask = INITIAL_SLOTS - 1;
    slotOf = new int[INITIAL_SLOTS / 2];
    longUsers.clear();
    longIds.clear();
    longBytes = 0;
    size = 0;
  }

  /** The id of a user. */
  byte[] key(int user) {
    if (slotOf[user] < 0) {
      return longIds.get(-1 - slotOf[user]).getBytes();
    }
    int at = slotOf[user] * (stride + 1) + 1;
    int end = at + stride - 1;
    while (slots[end] == 0) {
      end--;
    }
    byte[] key = new byte[(int) (slots[end] >>> Long.SIZE - Byte.SIZE)];
    int whole = key.length / Long.BYTES;
    for (int word = 0; word < whole; word++) {
      Platform.putLong(
          key, Platform.BYTE_ARRAY_OFFSET + (long) word * Long.BYTES, slots[at + word]);
    }
    for (int next = whole * Long.BYTES; next < key.length; next++) {
      key[next] = (byte) (slots[at + whole] >>> next % Long.BYTES * Byte.SIZE);
    }
    return key;
  }

  /** Looks up the users of a batch that are not known, numbering those that are new. */
  void find(EventBatch batch) {
    if (batch.stride() > stride) {
      arrange(mask + 1, batch.stride());
    }
    batch.widen(stride);
    makeRoomFor(batch.unknown);
    int width = stride + 1;
    // Only to have the slots in the cache, many at a time, when they are needed.
    for (int next = 0; next < batch.unknown; next++) {
      int base = (batch.hashes[batch.unknowns[next]] & mask) * width;
      // A slot may lie across two lines of the cache.
      touched += slots[base] + slots[base + stride];
    }
    for (int next = 0; next < batch.unknown; next++) {
      int at = batch.unknowns[next];
      batch.users[at] = batch.longId(at) == null ? find(batch, at) : find(batch.longId(at));
    }
    batch.remember();
  }

  private int find(EventBatch batch, int at) {
    int hash = batch.hashes[at];
    int width = stride + 1;
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      long head = slots[slot * width];
      if (head == 0) {
        slots[slot * width] = (long) hash << Integer.SIZE | (size + 1);
        System.arraycopy(batch.keys, at * stride, slots, slot * width + 1, stride);
        return add(slot);
      }
      if ((int) (head >>> Integer.SIZE) == hash
          && isId(slot * width + 1, batch.keys, at * stride)) {
        return (int) head - 1;
      }
    }
  }

  private boolean isId(int at, long[] ids, int id) {
    for (int word = 0; word < stride; word++) {
      if (slots[at + word] != ids[id + word]) {
        return false;
      }
    }
    return true;
  }

  private int find(UTF8String id) {
    Integer known = longUsers.get(id);
    if (known != null) {
      return known;
    }
    longUsers.put(id, size);
    longIds.add(id);
    longBytes += id.numBytes() + LONG_ID_BYTES;
    return add(-longIds.size());
  }

  private int add(int slot) {
    if (size == slotOf.length) {
      slotOf = Arrays.copyOf(slotOf, 2 * size);
    }
    slotOf[size] = slot;
    return size++;
  }

  /** At most half of the slots are ever taken. */
  private void makeRoomFor(int more) {
    int wanted = mask + 1;
    while (2L * (size + more) > wanted) {
      wanted = Math.multiplyExact(wanted, 2);
    }
    if (wanted > mask + 1) {
      arrange(wanted, stride);
    }
  }

  /** Moves all users to a table of so many slots, for ids of so many words. */
  private void arrange(int count, int words) {
    long[] moved = new long[Math.multiplyExact(count, words + 1)];
    for (int from = 0; from < slots.length; from += stride + 1) {
      if (slots[from] != 0) {
        int slot = (int) (slots[from] >>> Integer.SIZE) & count - 1;
        while (moved[slot * (words + 1)] != 0) {
          slot = (slot + 1) & count - 1;
        }
        System.arraycopy(slots, from, moved, slot * (words + 1), stride + 1);
        slotOf[(int) slots[from] - 1] = slot;
      }
    }
    slots = moved;
    mask = count - 1;
    stride = words;
  }
}
