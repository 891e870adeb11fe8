package io.tenure.jobs.check;

import java.util.BitSet;

/**
 * Finds out which identities may be broken, in 27 bytes a place, half of which are taken at most:
 * sums by the fingerprint of their key, in an open-addressing table.
 *
 * <p>An identity that is not suspect holds, but for the chance of {@link Fingerprints}; what is
 * wrong with one that is, {@link Judgement} tells from the keys themselves.
 */
final class SuspectSums {
  private static final int INITIAL_PLACES = 1 << 12;
  private static final byte KNOWN = 1;
  private static final byte FOUND = 2;

  /** Terms were found that differ. */
  private static final byte DIFFERENT = 4;

  private static final Relation[] RELATIONS = Relation.values();

  private long[] prints = new long[INITIAL_PLACES];
  private long[] expected = new long[INITIAL_PLACES];

  /** The sum of the terms found, or where each must equal what is expected, the first of them. */
  private long[] actual = new long[INITIAL_PLACES];

  private byte[] flags = new byte[INITIAL_PLACES];

  /** The identity and the relation of each key. */
  private short[] rules = new short[INITIAL_PLACES];

  private final Fingerprints fingerprints = new Fingerprints();
  private int size;

  /**
   * Adds terms under a key.
   *
   * @param identity its position among the identities
   */
  void add(int identity, Relation relation, Object[] key, Sums terms) {
    if (2 * size >= prints.length) {
      grow();
    }
    long print = fingerprints.of(identity, relation, key);
    int at = place(print, prints);
    if (prints[at] == 0) {
      prints[at] = print;
      rules[at] = (short) (identity * RELATIONS.length + relation.ordinal());
      size++;
    }
    if (terms.known()) {
      flags[at] |= KNOWN;
      expected[at] = Math.addExact(expected[at], terms.expected());
    }
    if (terms.found()) {
      if (relation == Relation.EACH_EQUAL) {
        boolean first = (flags[at] & FOUND) == 0;
        flags[at] |= first || actual[at] == terms.actual() ? 0 : DIFFERENT;
        actual[at] = terms.actual();
      } else {
        actual[at] = Math.addExact(actual[at], terms.actual());
      }
      flags[at] |= FOUND;
    }
  }

  private static int place(long print, long[] prints) {
    int mask = prints.length - 1;
    int at = (int) (print ^ print >>> 32) & mask;
    while (prints[at] != 0 && prints[at] != print) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    int wanted = Math.multiplyExact(prints.length, 2);
    final SuspectSums larger = new SuspectSums();
    larger.prints = new long[wanted];
    larger.expected = new long[wanted];
    larger.actual = new long[wanted];
    larger.flags = new byte[wanted];
    larger.rules = new short[wanted];
    for (int from = 0; from < prints.length; from++) {
      if (prints[from] != 0) {
        int to = place(prints[from], larger.prints);
        larger.prints[to] = prints[from];
        larger.expected[to] = expected[from];
        larger.actual[to] = actual[from];
        larger.flags[to] = flags[from];
        larger.rules[to] = rules[from];
      }
    }
    prints = larger.prints;
    expected = larger.expected;
    actual = larger.actual;
    flags = larger.flags;
    rules = larger.rules;
  }

  /** The positions of the identities that may be broken. */
  BitSet suspects() {
    BitSet suspects = new BitSet();
    for (int at = 0; at < prints.length; at++) {
      if (prints[at] != 0 && isBroken(at)) {
        suspects.set(rules[at] / RELATIONS.length);
      }
    }
    return suspects;
  }

  private boolean isBroken(int at) {
    boolean known = (flags[at] & KNOWN) != 0;
    boolean found = (flags[at] & FOUND) != 0;
    boolean different = (flags[at] & DIFFERENT) != 0;
    return RELATIONS[rules[at] % RELATIONS.length].isBroken(
        new Sums(
            known,
            expected[at],
            found,
            actual[at],
            different ? Long.MIN_VALUE : actual[at],
            actual[at]));
  }
}
