package io.tenure.jobs.check;

import java.util.Arrays;
import java.util.function.LongFunction;

/** Takes the sums of identities, by key. */
interface Book {
  /**
   * Adds sums.
   *
   * @param identity its position among the identities
   */
  void add(int identity, Relation relation, Object[] key, Sums sums);

  /**
   * Adds terms that stand under one key, told apart by a last part of it.
   *
   * @param terms by the position of their part; null is none
   * @param sums of a term
   */
  default void addEach(
      int identity,
      Relation relation,
      Object[] key,
      Object[] parts,
      Long[] terms,
      LongFunction<Sums> sums) {
    for (int at = 0; at < terms.length; at++) {
      if (terms[at] != null) {
        Object[] own = Arrays.copyOf(key, key.length + 1);
        own[key.length] = parts[at];
        add(identity, relation, own, sums.apply(terms[at]));
      }
    }
  }
}
