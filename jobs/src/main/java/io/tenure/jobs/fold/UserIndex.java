package io.tenure.jobs.fold;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.array.ByteArrayMethods;

/**
 * Numbers the users of one task, in the order in which they are first seen.
 *
 * <p>An open-addressing hash table over the bytes of the ids, asked for many ids at once: nearly
 * all the time of a fold is waiting for memory, and looking up a batch step by step lets the
 * processor wait for many places at the same time.
 */
final class UserIndex {
  private static final int INITIAL_SLOTS = 1 << 12;
  private static final int KEY_CHUNK_BYTES = 1 << 20;
  private static final int LENGTH_BYTES = Integer.BYTES;

  /** The hash in the high half, the user's number plus one in the low half; 0 is free. */
  private long[] slots = new long[INITIAL_SLOTS];

  /** Where the id of each user is: the chunk in the high half, the offset in the low half. */
  private long[] keys = new long[INITIAL_SLOTS / 2];

  /** The ids, each behind its length. */
  private byte[][] chunks = {new byte[KEY_CHUNK_BYTES]};

  private int chunk;
  private int used;
  private int size;
  private long bytes;

  /** Keeps the reads of {@link #find} that only warm caches from being optimised away. */
  private long touched;

  /** The number of users. */
  int size() {
    return size;
  }

  /** Memory taken, in bytes, without what is kept for reuse. */
  long bytes() {
    return bytes + 2L * Long.BYTES * slots.length;
  }

  /** Forgets all users. */
  void clear() {
    slots = new long[INITIAL_SLOTS];
    keys = new long[INITIAL_SLOTS / 2];
    chunks = new byte[][] {chunks[0]};
    chunk = 0;
    used = 0;
    size = 0;
    bytes = 0;
  }

  /** The id of a user. */
  byte[] key(int user) {
    byte[] in = chunks[(int) (keys[user] >>> Integer.SIZE)];
    int at = (int) keys[user];
    int length = Platform.getInt(in, Platform.BYTE_ARRAY_OFFSET + at);
    return Arrays.copyOfRange(in, at + LENGTH_BYTES, at + LENGTH_BYTES + length);
  }

  /** Looks up the users of a batch that are not known, numbering those that are new. */
  void find(EventBatch batch) {
    makeRoomFor(batch.unknown);
    int mask = slots.length - 1;
    // Three times only to have slots, places and ids in the cache, many at a time, for the fourth.
    for (int next = 0; next < batch.unknown; next++) {
      int at = batch.unknowns[next];
      batch.users[at] = Math.max(0, (int) slots[slot(batch.hashes[at], mask)] - 1);
    }
    for (int next = 0; next < batch.unknown; next++) {
      batch.places[next] = keys[batch.users[batch.unknowns[next]]];
    }
    for (int next = 0; next < batch.unknown; next++) {
      byte[] in = chunks[(int) (batch.places[next] >>> Integer.SIZE)];
      int place = (int) batch.places[next];
      int end = place + LENGTH_BYTES + batch.keyLengths[batch.unknowns[next]] - 1;
      // An id may lie across two lines of the cache.
      touched += in[place] + in[Math.min(end, in.length - 1)];
    }
    for (int next = 0; next < batch.unknown; next++) {
      int at = batch.unknowns[next];
      batch.users[at] = find(batch, at, mask);
    }
    batch.remember();
  }

  private int find(EventBatch batch, int at, int mask) {
    int hash = batch.hashes[at];
    for (int index = slot(hash, mask); ; index = (index + 1) & mask) {
      long slot = slots[index];
      if (slot == 0) {
        int user = add(batch, at);
        slots[index] = (long) hash << Integer.SIZE | (user + 1);
        return user;
      }
      if ((int) (slot >>> Integer.SIZE) == hash && isKey((int) slot - 1, batch, at)) {
        return (int) slot - 1;
      }
    }
  }

  /** Spreads hashes whose low bits are alike. */
  private static int slot(int hash, int mask) {
    return (hash * 0x9E3779B9 >>> 7 ^ hash) & mask;
  }

  private boolean isKey(int user, EventBatch batch, int at) {
    byte[] in = chunks[(int) (keys[user] >>> Integer.SIZE)];
    long offset = Platform.BYTE_ARRAY_OFFSET + (int) keys[user];
    int length = batch.keyLengths[at];
    return Platform.getInt(in, offset) == length
        && ByteArrayMethods.arrayEquals(
            in,
            offset + LENGTH_BYTES,
            batch.keys,
            Platform.BYTE_ARRAY_OFFSET + batch.keyOffsets[at],
            length);
  }

  private int add(EventBatch batch, int at) {
    int length = batch.keyLengths[at];
    int needed = LENGTH_BYTES + length;
    if (used + needed > chunks[chunk].length) {
      chunk++;
      chunks = Arrays.copyOf(chunks, chunk + 1);
      chunks[chunk] = new byte[Math.max(KEY_CHUNK_BYTES, needed)];
      used = 0;
    }
    byte[] into = chunks[chunk];
    Platform.putInt(into, Platform.BYTE_ARRAY_OFFSET + used, length);
    System.arraycopy(batch.keys, batch.keyOffsets[at], into, used + LENGTH_BYTES, length);
    keys[size] = (long) chunk << Integer.SIZE | used;
    used += needed;
    bytes += needed;
    return size++;
  }

  /** At most half of the slots are ever taken. */
  private void makeRoomFor(int more) {
    int wanted = slots.length;
    while (2L * (size + more) > wanted) {
      wanted = Math.multiplyExact(wanted, 2);
    }
    if (wanted == slots.length) {
      return;
    }
    long[] larger = new long[wanted];
    int mask = wanted - 1;
    for (long slot : slots) {
      if (slot != 0) {
        int index = slot((int) (slot >>> Integer.SIZE), mask);
        while (larger[index] != 0) {
          index = (index + 1) & mask;
        }
        larger[index] = slot;
      }
    }
    slots = larger;
    keys = Arrays.copyOf(keys, wanted / 2);
  }
}
