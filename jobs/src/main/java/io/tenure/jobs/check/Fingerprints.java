package io.tenure.jobs.check;

import java.time.LocalDate;

/**
 * Numbers of 64 bits that stand for keys. Two of {@code n} keys share one about as rarely as two of
 * {@code n} random numbers do: {@code n²/2^65}, for ten million keys once in 400,000 runs.
 */
final class Fingerprints {
  private static final long ODD = 0x9E3779B97F4A7C15L;

  /** Texts seen last, by their hash: most come again and again, as the same object. */
  private final String[] texts = new String[1 << 12];

  private final long[] prints = new long[texts.length];

  /**
   * The fingerprint of a key.
   *
   * @param rule a number for the identity and its relation
   * @param key texts, days, numbers, or records of such
   */
  long of(int rule, Object[] key) {
    long print = mix(rule);
    for (Object part : key) {
      // Rotated, so that parts which change places with what is before them give another sum.
      print = mix(Long.rotateLeft(print, 23) + of(part));
    }
    // 0 is a free place.
    return print == 0 ? ODD : print;
  }

  /** A number for a part of a key, by which terms are told apart that are added up as one. */
  long factor(Object part) {
    // An odd one, so that no term but 0 times it is 0.
    return mix(of(part)) | 1;
  }

  private long of(Object part) {
    if (part == null) {
      return 1;
    }
    if (part instanceof Long number) {
      return mix(number ^ 2);
    }
    if (part instanceof LocalDate day) {
      return mix((day.getYear() * 16L + day.getMonthValue()) * 32 + day.getDayOfMonth() ^ ODD);
    }
    // A text or, rarely, what is told by its words.
    return ofText(part.toString());
  }

  private long ofText(String text) {
    int at = text.hashCode() & texts.length - 1;
    if (texts[at] != text) {
      texts[at] = text;
      prints[at] = computed(text);
    }
    return prints[at];
  }

  private static long computed(String text) {
    long print = ~text.length();
    for (int at = 0; at < text.length(); at++) {
      print = print * ODD + text.charAt(at);
      print ^= print >>> 32;
    }
    return print;
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): one to one, and every bit counts. */
  private static long mix(long bits) {
    long mixed = (bits + ODD) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }
}
