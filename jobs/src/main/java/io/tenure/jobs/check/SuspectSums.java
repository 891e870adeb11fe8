package io.tenure.jobs.check;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongFunction;

/**
 * Finds out which identities may be broken: sums by the fingerprint of their key, 32 bytes each, in
 * the order in which the keys came, and an open-addressing table of where they are.
 *
 * <p>Tables are sorted, so the rows of a segment value ask for keys in the order in which those of
 * the whole did: the next key is mostly as far from the last one as that was from the one before,
 * and is tried there first. Without that, nearly every term would wait for memory.
 *
 * <p>An identity that is not suspect holds, but for the chance of {@link Fingerprints}; what is
 * wrong with one that is, {@link Judgement} tells from the keys themselves.
 */
final class SuspectSums implements Book {
  private static final int INITIAL_PLACES = 1 << 12;

  private static final int WORDS = 4;
  private static final int PRINT = 0;

  /** The sum of the terms expected. */
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

  /** How many places are taken. */
  private int size;

  /** One more than the number of a place, by its fingerprint; 0 is none. At most half is taken. */
  private int[] index = new int[2 * INITIAL_PLACES];

  /** The place found last, and how far from the one before, by the rule of the key. */
  private int[] last = {};

  private int[] step = {};

  @Override
  public void add(int identity, Relation relation, Object[] key, Sums more) {
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
      if (relation.isBound()) {
        neighbours.add(prints[at], rules[at], relation, terms[at], this::add);
      } else {
        add(prints[at], rules[at], terms[at]);
      }
    }
    waiting = 0;
  }

  /**
   * Adds them up as one, each times a number that belongs to its part: where such sums are equal,
   * those of every part are, but for the same chance. Terms of which others are there, too, are
   * kept apart.
   */
  @Override
  public void addEach(
      int identity,
      Relation relation,
      Object[] key,
      Object[] parts,
      Long[] terms,
      LongFunction<Sums> sums) {
    if (relation != Relation.EQUAL_OR_UNKNOWN) {
      throw new IllegalArgumentException(relation.toString());
    }
    for (int from = 0; from < terms.length; from += Long.SIZE) {
      long there = 0;
      long together = 0;
      for (int at = from; at < Math.min(from + Long.SIZE, terms.length); at++) {
        if (terms[at] != null) {
          there |= 1L << at;
          together += terms[at] * fingerprints.factor(parts[at]);
        }
      }
      if (there != 0) {
        Object[] all = Arrays.copyOf(key, key.length + 2);
        all[key.length] = there;
        all[key.length + 1] = (long) from;
        add(identity, relation, all, sums.apply(together));
      }
    }
  }

  private void add(long print, short rule, Sums more) {
    int at = place(print, rule) * WORDS;
    if (more.known()) {
      places[at + STATE] |= KNOWN;
      places[at + EXPECTED] = sum(rule, places[at + EXPECTED], more.expected());
    }
    if (more.found()) {
      addFound(at, rule, more.actual());
    }
  }

  private void addFound(int at, int rule, long term) {
    if (RELATIONS[rule % RELATIONS.length] == Relation.EACH_EQUAL) {
      boolean first = (places[at + STATE] & FOUND) == 0;
      if (!first && places[at + ACTUAL] != term) {
        places[at + STATE] |= DIFFERENT;
      }
      places[at + ACTUAL] = term;
    } else {
      places[at + ACTUAL] = sum(rule, places[at + ACTUAL], term);
    }
    places[at + STATE] |= FOUND;
  }

  /** Sums that are to be equal may run over, which leaves equal ones equal; bounds may not. */
  private static long sum(int rule, long sum, long more) {
    return RELATIONS[rule % RELATIONS.length].isBound() ? Math.addExact(sum, more) : sum + more;
  }

  /** Adds what another one holds. */
  void add(SuspectSums other) {
    finish();
    other.finish();
    for (int place = 0; place < other.size; place++) {
      addPlace(other.places, place * WORDS);
    }
  }

  private void addPlace(long[] others, int from) {
    long state = others[from + STATE];
    short rule = (short) (state >>> FLAG_BITS);
    int at = place(others[from + PRINT], rule) * WORDS;
    places[at + EXPECTED] = sum(rule, places[at + EXPECTED], others[from + EXPECTED]);
    if ((state & FOUND) != 0) {
      addFound(at, rule, others[from + ACTUAL]);
    }
    places[at + STATE] |= state;
  }

  /** The place of a fingerprint, a new one if it has none. */
  private int place(long print, short rule) {
    if (rule >= last.length) {
      last = Arrays.copyOf(last, rule + 1);
      step = Arrays.copyOf(step, rule + 1);
    }
    int likely = last[rule] + step[rule];
    if (likely < 0 || likely >= size || places[likely * WORDS + PRINT] != print) {
      likely = found(print, rule);
      step[rule] = likely - last[rule];
    }
    last[rule] = likely;
    return likely;
  }

  private int found(long print, short rule) {
    int slot = slot(print);
    if (index[slot] != 0) {
      return index[slot] - 1;
    }
    if (isFull()) {
      makeRoom();
      slot = slot(print);
    }
    places[size * WORDS + PRINT] = print;
    places[size * WORDS + STATE] = (long) rule << FLAG_BITS;
    size++;
    index[slot] = size;
    return size - 1;
  }

  /** Where the index has a fingerprint, or the free slot that it would get. */
  private int slot(long print) {
    int mask = index.length - 1;
    int slot = (int) (print ^ print >>> 32) & mask;
    while (index[slot] != 0 && places[(index[slot] - 1) * WORDS + PRINT] != print) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean isFull() {
    return size * WORDS == places.length;
  }

  private void makeRoom() {
    places = Arrays.copyOf(places, Math.multiplyExact(places.length, 2));
    index = new int[Math.multiplyExact(index.length, 2)];
    for (int place = 0; place < size; place++) {
      index[slot(places[place * WORDS + PRINT])] = place + 1;
    }
  }

  /** The positions of the identities that may be broken. */
  BitSet suspects() {
    finish();
    BitSet suspects = new BitSet();
    for (int at = 0; at < size * WORDS; at += WORDS) {
      if (isBroken(at)) {
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
