package io.tenure.jobs.check;

import java.util.BitSet;

/**
 * Finds out which identities may be broken, in 32 bytes a place, half of which are taken at most:
 * sums by the fingerprint of their key, in an open-addressing table.
 *
 * <p>An identity that is not suspect holds, but for the chance of {@link Fingerprints}; what is
 * wrong with one that is, {@link Judgement} tells from the keys themselves.
 */
final class SuspectSums {
  private static final int INITIAL_PLACES = 1 << 12;

  // A place: its words stand together, because most places are not in any cache of the processor.
  private static final int WORDS = 4;
  private static final int PRINT = 0;
  private static final int EXPECTED = 1;

  /** The sum of the terms found, or where each must equal what is expected, the first of them. */
  private static final int ACTUAL = 2;

  /** The flags, above them the identity and the relation of the key. */
  private static final int STATE = 3;

  private static final int KNOWN = 1;
  private static final int FOUND = 2;

  /** Terms were found that differ. */
  private static final int DIFFERENT = 4;

  private static final int FLAG_BITS = 3;

  private static final Relation[] RELATIONS = Relation.values();

  /** Terms that wait to be added: many small pieces of code bring them, one loop adds them. */
  private static final int WAITING = 1 << 10;

  private final short[] rules = new short[WAITING];
  private final Object[][] keys = new Object[WAITING][];
  private final Sums[] terms = new Sums[WAITING];
  private final long[] prints = new long[WAITING];
  private int waiting;

  private final Fingerprints fingerprints = new Fingerprints();
  private final Neighbours neighbours = new Neighbours();
  private long[] places = new long[INITIAL_PLACES * WORDS];
  private int size;

  /**
   * Adds terms under a key.
   *
   * @param identity its position among the identities
   */
  void add(int identity, Relation relation, Object[] key, Sums more) {
    rules[waiting] = (short) (identity * RELATIONS.length + relation.ordinal());
    keys[waiting] = key;
    terms[waiting] = more;
    waiting++;
    if (waiting == WAITING) {
      addWaiting();
    }
  }

  /** Everything that waits, so that the places hold all. */
  private void finish() {
    addWaiting();
    neighbours.leave(this::add);
  }

  private void addWaiting() {
    for (int at = 0; at < waiting; at++) {
      prints[at] = fingerprints.of(rules[at], keys[at]);
    }
    for (int at = 0; at < waiting; at++) {
      Relation relation = RELATIONS[rules[at] % RELATIONS.length];
      if (relation == Relation.AT_MOST || relation == Relation.AT_LEAST) {
        neighbours.add(prints[at], rules[at], relation, terms[at], this::add);
      } else {
        add(prints[at], rules[at], terms[at]);
      }
    }
    waiting = 0;
  }

  private void add(long print, short rule, Sums more) {
    makeRoom();
    int at = place(print, places);
    if (places[at + PRINT] == 0) {
      places[at + PRINT] = print;
      places[at + STATE] = (long) rule << FLAG_BITS;
      size++;
    }
    if (more.known()) {
      places[at + STATE] |= KNOWN;
      places[at + EXPECTED] = Math.addExact(places[at + EXPECTED], more.expected());
    }
    if (more.found()) {
      addFound(at, RELATIONS[rule % RELATIONS.length], more.actual());
    }
  }

  private void addFound(int at, Relation relation, long term) {
    if (relation == Relation.EACH_EQUAL) {
      boolean first = (places[at + STATE] & FOUND) == 0;
      if (!first && places[at + ACTUAL] != term) {
        places[at + STATE] |= DIFFERENT;
      }
      places[at + ACTUAL] = term;
    } else {
      places[at + ACTUAL] = Math.addExact(places[at + ACTUAL], term);
    }
    places[at + STATE] |= FOUND;
  }

  /** Adds what another one holds. */
  void add(SuspectSums other) {
    finish();
    other.finish();
    for (int from = 0; from < other.places.length; from += WORDS) {
      if (other.places[from] != 0) {
        addPlace(other.places, from);
      }
    }
  }

  private void addPlace(long[] others, int from) {
    makeRoom();
    int at = place(others[from + PRINT], places);
    if (places[at + PRINT] == 0) {
      System.arraycopy(others, from, places, at, WORDS);
      size++;
      return;
    }
    long state = others[from + STATE];
    places[at + EXPECTED] = Math.addExact(places[at + EXPECTED], others[from + EXPECTED]);
    if ((state & FOUND) != 0) {
      int rule = (int) (state >>> FLAG_BITS);
      addFound(at, RELATIONS[rule % RELATIONS.length], others[from + ACTUAL]);
    }
    places[at + STATE] |= state;
  }

  /** Where the place of a fingerprint begins, or the free one that it would get. */
  private static int place(long print, long[] places) {
    int mask = places.length - 1;
    int at = (int) (print ^ print >>> 32) * WORDS & mask;
    while (places[at] != 0 && places[at] != print) {
      at = at + WORDS & mask;
    }
    return at;
  }

  private void makeRoom() {
    if (2 * WORDS * (size + 1) >= places.length) {
      grow();
    }
  }

  private void grow() {
    long[] larger = new long[Math.multiplyExact(places.length, 2)];
    for (int from = 0; from < places.length; from += WORDS) {
      if (places[from] != 0) {
        System.arraycopy(places, from, larger, place(places[from], larger), WORDS);
      }
    }
    places = larger;
  }

  /** The positions of the identities that may be broken. */
  BitSet suspects() {
    finish();
    BitSet suspects = new BitSet();
    for (int at = 0; at < places.length; at += WORDS) {
      if (places[at + PRINT] != 0 && isBroken(at)) {
        suspects.set((int) (places[at + STATE] >>> FLAG_BITS) / RELATIONS.length);
      }
    }
    return suspects;
  }

  private boolean isBroken(int at) {
    long state = places[at + STATE];
    long actual = places[at + ACTUAL];
    boolean different = (state & DIFFERENT) != 0;
    return RELATIONS[(int) (state >>> FLAG_BITS) % RELATIONS.length].isBroken(
        new Sums(
            (state & KNOWN) != 0,
            places[at + EXPECTED],
            (state & FOUND) != 0,
            actual,
            different ? Long.MIN_VALUE : actual,
            actual));
  }
}
