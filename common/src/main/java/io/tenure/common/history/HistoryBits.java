package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;

/**
 * A column of bit masks, one a day: bits that every day has are written once, and only those that
 * vary take a bit a day.
 */
final class HistoryBits {
  private HistoryBits() {}

  static void write(ByteWriter out, long[] masks) {
    long all = masks.length == 0 ? 0 : -1L;
    long any = 0;
    for (long mask : masks) {
      all &= mask;
      any |= mask;
    }
    long varying = any & ~all;
    out.varint(all);
    out.varint(varying);
    for (long rest = varying; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      int packed = 0;
      for (int at = 0; at < masks.length; at++) {
        packed |= (int) (masks[at] >>> bit & 1) << (at & 7);
        if ((at & 7) == 7 || at == masks.length - 1) {
          out.write(packed);
          packed = 0;
        }
      }
    }
  }

  static long[] read(ByteReader in, int size) {
    long all = in.varint();
    long varying = in.varint();
    long[] masks = new long[size];
    java.util.Arrays.fill(masks, all);
    for (long rest = varying; rest != 0; rest &= rest - 1) {
      int bit = Long.numberOfTrailingZeros(rest);
      int packed = 0;
      for (int at = 0; at < size; at++) {
        if ((at & 7) == 0) {
          packed = in.read();
        }
        masks[at] |= (long) (packed >>> (at & 7) & 1) << bit;
      }
    }
    return masks;
  }
}
