package io.tenure.common.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Texts that are read again and again, each made once: the values of a dimension are few, the users
 * who have them many. Of two texts that share a place the last one stays, so it never grows.
 *
 * <p>Not for several threads at once.
 */
public final class Texts {
  private static final int PLACES = 1 << 12;

  private final byte[][] bytes = new byte[PLACES][];
  private final String[] texts = new String[PLACES];

  String of(byte[] source, int from, int length) {
    int hash = length;
    for (int at = from; at < from + length; at++) {
      hash = 31 * hash + source[at];
    }
    int place = (hash ^ hash >>> 15) & PLACES - 1;
    byte[] known = bytes[place];
    if (known == null || !Arrays.equals(known, 0, known.length, source, from, from + length)) {
      bytes[place] = Arrays.copyOfRange(source, from, from + length);
      texts[place] = new String(bytes[place], StandardCharsets.UTF_8);
    }
    return texts[place];
  }
}
