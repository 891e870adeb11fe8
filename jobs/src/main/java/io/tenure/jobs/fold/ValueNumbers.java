package io.tenure.jobs.fold;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.unsafe.types.UTF8String;

/** Numbers the segment values of one task, from 1 on; 0 is no value. */
final class ValueNumbers {
  /** About what a value costs beside its text, in bytes. */
  private static final int BYTES_PER_VALUE = 160;

  /** Direct-mapped: most rows have one of few values. */
  private static final int RECENT = 1 << 8;

  private static final int PREFIX_BYTES = 8;

  private final Map<UTF8String, Integer> numbers = new HashMap<>();
  private final List<String> texts = new ArrayList<>();

  /** Values of at most eight bytes, which are told by their prefix and length. */
  private final long[] recentPrefixes = new long[RECENT];

  private final int[] recentLengths = new int[RECENT];
  private final int[] recentNumbers = new int[RECENT];
  private long bytes;

  ValueNumbers() {
    clear();
  }

  void clear() {
    numbers.clear();
    texts.clear();
    texts.add(null);
    java.util.Arrays.fill(recentNumbers, 0);
    bytes = 0;
  }

  /** Memory taken, in bytes. */
  long bytes() {
    return bytes;
  }

  /** The text of a value; null for 0. */
  String text(int number) {
    return texts.get(number);
  }

  /** The number of a value that is valid until the next row is read. */
  int of(UTF8String value) {
    int length = value.numBytes();
    if (length > PREFIX_BYTES) {
      return lookUp(value);
    }
    long prefix = value.getPrefix();
    int at = (int) (prefix * 0x9E3779B97F4A7C15L >>> 56) ^ length;
    if (recentNumbers[at] != 0 && recentPrefixes[at] == prefix && recentLengths[at] == length) {
      return recentNumbers[at];
    }
    int number = lookUp(value);
    recentPrefixes[at] = prefix;
    recentLengths[at] = length;
    recentNumbers[at] = number;
    return number;
  }

  private int lookUp(UTF8String value) {
    Integer known = numbers.get(value);
    if (known != null) {
      return known;
    }
    int number = texts.size();
    numbers.put(value.copy(), number);
    texts.add(value.toString());
    bytes += BYTES_PER_VALUE + 3L * value.numBytes();
    return number;
  }
}
