package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** Sums by fingerprint suspect the identities that sums by key find broken. */
class SuspectSumsTest {
  /** A term under a key. */
  private record Term(int identity, Relation relation, Object[] key, Sums sums) {}

  private static BitSet suspects(List<Term> terms) {
    return sums(terms).suspects();
  }

  private static SuspectSums sums(List<Term> terms) {
    SuspectSums sums = new SuspectSums();
    terms.forEach(term -> sums.add(term.identity(), term.relation(), term.key(), term.sums()));
    return sums;
  }

  /** By the keys themselves. */
  private static BitSet broken(List<Term> terms) {
    Map<Judgement.Key, Sums> sums = new HashMap<>();
    terms.forEach(
        term ->
            sums.merge(
                new Judgement.Key(term.identity(), term.relation(), term.key()),
                term.sums(),
                Sums::plus));
    BitSet broken = new BitSet();
    Judgement.breaches(sums.entrySet().iterator()).keySet().forEach(broken::set);
    return broken;
  }

  @Test
  void random_terms_are_judged_as_by_their_keys() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.printf("SuspectSumsTest: -Dtenure.seed=%d%n", seed);
    Random random = new Random(seed);
    int suspected = 0;
    for (int log = 0; log < 2_000; log++) {
      List<Term> terms = new ArrayList<>();
      int size = 1 + random.nextInt(6);
      for (int at = 0; at < size; at++) {
        Relation relation = Relation.values()[random.nextInt(Relation.values().length)];
        Object[] key = {random.nextBoolean() ? null : "a", (long) random.nextInt(2)};
        long number = random.nextInt(3) - 1;
        terms.add(
            new Term(
                relation.ordinal(),
                relation,
                key,
                random.nextBoolean() ? Sums.expected(number) : Sums.actual(number)));
      }
      BitSet broken = broken(terms);
      assertSuspected(broken, suspects(terms), "seed %d, log %d: %s".formatted(seed, log, terms));
      int cut = random.nextInt(size + 1);
      SuspectSums parts = sums(terms.subList(0, cut));
      parts.add(sums(terms.subList(cut, size)));
      assertSuspected(
          broken,
          parts.suspects(),
          "seed %d, log %d, cut at %d: %s".formatted(seed, log, cut, terms));
      suspected += broken.isEmpty() ? 0 : 1;
    }
    assertThat(suspected).isBetween(200, 1_800);
  }

  @Test
  void terms_that_are_added_as_one_are_judged_as_each_by_itself() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.printf("SuspectSumsTest: -Dtenure.seed=%d%n", seed);
    Random random = new Random(seed);
    Object[] parts = {"country, users", "country, returned", "country, gone"};
    int held = 0;
    for (int log = 0; log < 5_000; log++) {
      SuspectSums sums = new SuspectSums();
      Map<Judgement.Key, Sums> exact = new HashMap<>();
      Book byKey =
          (identity, relation, key, more) ->
              exact.merge(new Judgement.Key(identity, relation, key), more, Sums::plus);
      boolean sameEverywhere = true;
      int unknown = random.nextInt(8);
      for (int row = 0; row < 3; row++) {
        int ofRow = random.nextInt(6) == 0 ? random.nextInt(8) : unknown;
        sameEverywhere &= ofRow == unknown;
        Long[] terms = new Long[parts.length];
        for (int at = 0; at < terms.length; at++) {
          long number = random.nextInt(row == 0 ? 3 : 2);
          terms[at] = (ofRow >>> at & 1) == 0 ? (Long) number : null;
        }
        Object[] key = {(long) random.nextInt(1 + log % 2)};
        LongFunction<Sums> side = row == 0 ? Sums::expected : Sums::actual;
        for (Book book : List.of(sums, byKey)) {
          book.addEach(0, Relation.EQUAL_OR_UNKNOWN, key, parts, terms, side);
        }
      }
      boolean broken = !Judgement.breaches(exact.entrySet().iterator()).isEmpty();
      // Where other terms are unknown in some row, more is looked at again than is broken.
      if (broken || sameEverywhere) {
        assertThat(!sums.suspects().isEmpty()).as("seed %d, log %d", seed, log).isEqualTo(broken);
      }
      held += broken ? 0 : 1;
    }
    assertThat(held).isBetween(500, 4_500);
  }

  @Test
  void any_number_of_terms_is_added_up_as_one() {
    for (int wrong : new int[] {-1, 0, 63, 64, 149}) {
      SuspectSums sums = new SuspectSums();
      Object[] parts = new Object[150];
      Long[] expected = new Long[parts.length];
      for (int at = 0; at < parts.length; at++) {
        parts[at] = "active_%dd".formatted(at);
        expected[at] = (long) at;
      }
      Long[] actual = expected.clone();
      if (wrong >= 0) {
        actual[wrong]++;
      }
      Object[] key = {"day"};
      sums.addEach(0, Relation.EQUAL_OR_UNKNOWN, key, parts, expected, Sums::expected);
      sums.addEach(0, Relation.EQUAL_OR_UNKNOWN, key, parts, actual, Sums::actual);
      assertThat(sums.suspects().isEmpty()).as("wrong at %d", wrong).isEqualTo(wrong < 0);
    }
  }

  /** What is broken; of bounds, whose pairs are judged by themselves, perhaps more. */
  private static void assertSuspected(BitSet broken, BitSet suspects, String of) {
    BitSet least = (BitSet) broken.clone();
    least.andNot(suspects);
    assertThat(least.isEmpty()).as("broken %s, suspected %s; %s", broken, suspects, of).isTrue();
    BitSet more = (BitSet) suspects.clone();
    more.andNot(broken);
    more.clear(Relation.AT_MOST.ordinal());
    more.clear(Relation.AT_LEAST.ordinal());
    assertThat(more.isEmpty()).as("broken %s, suspected %s; %s", broken, suspects, of).isTrue();
  }

  @Test
  void a_bound_is_judged_wherever_its_two_terms_stand() {
    for (int apart : new int[] {1, 100, 50_000}) {
      for (boolean broken : new boolean[] {false, true}) {
        List<Term> terms = new ArrayList<>();
        for (long key = 0; key < 50_000 + apart; key++) {
          if (key < 50_000) {
            terms.add(bound(key, Sums.expected(5)));
          }
          if (key >= apart) {
            terms.add(bound(key - apart, Sums.actual(broken && key == 40_000 + apart ? 6 : 5)));
          }
        }
        assertThat(suspects(terms).isEmpty()).as("%d apart", apart).isEqualTo(!broken);
        SuspectSums halves = sums(terms.subList(0, 40_001));
        halves.add(sums(terms.subList(40_001, terms.size())));
        assertThat(halves.suspects().isEmpty()).as("%d apart", apart).isEqualTo(!broken);
      }
    }
  }

  private static Term bound(long key, Sums sums) {
    return new Term(0, Relation.AT_MOST, new Object[] {"until period", key}, sums);
  }

  /** What runs over is no smaller than its bound; what is to be equal still is. */
  @Test
  void sums_of_bounds_do_not_run_over() {
    for (Relation relation : List.of(Relation.AT_MOST, Relation.EQUAL)) {
      List<Term> terms = new ArrayList<>();
      for (int time = 0; time < 3; time++) {
        terms.add(new Term(0, relation, new Object[] {"all"}, Sums.actual(Long.MAX_VALUE)));
        terms.add(new Term(0, relation, new Object[] {"all"}, Sums.expected(Long.MAX_VALUE)));
      }
      if (relation.isBound()) {
        terms.add(new Term(0, relation, new Object[] {"all"}, Sums.actual(Long.MAX_VALUE)));
        terms.add(new Term(0, relation, new Object[] {"all"}, Sums.actual(1)));
        assertThatThrownBy(() -> suspects(terms)).isInstanceOf(ArithmeticException.class);
      } else {
        assertThat(suspects(terms).isEmpty()).isTrue();
      }
    }
  }

  @Test
  void one_wrong_number_among_many_is_found() {
    List<Term> terms = new ArrayList<>();
    for (long key = 0; key < 50_000; key++) {
      Object[] at = {"country", LocalDate.ofEpochDay(key / 100), key % 100};
      terms.add(new Term((int) (key % 7), Relation.EQUAL, at, Sums.expected(key)));
      terms.add(new Term((int) (key % 7), Relation.EQUAL, at, Sums.actual(key)));
    }
    assertThat(suspects(terms).isEmpty()).isTrue();
    SuspectSums halves = sums(terms.subList(0, 50_001));
    halves.add(sums(terms.subList(50_001, terms.size())));
    assertThat(halves.suspects().isEmpty()).isTrue();
    terms.add(
        new Term(3, Relation.EQUAL, new Object[] {"country", LocalDate.EPOCH, 3L}, Sums.actual(1)));
    assertThat(suspects(terms)).hasToString("{3}");
  }

  @Test
  void keys_that_are_alike_have_fingerprints_of_their_own() {
    Fingerprints fingerprints = new Fingerprints();
    Set<Long> prints = new HashSet<>();
    int keys = 0;
    for (int rule = 0; rule < 120; rule++) {
      for (long day = -200; day < 200; day++) {
        for (Object[] key :
            new Object[][] {
              {day, null},
              {null, day},
              {day},
              {LocalDate.ofEpochDay(day), null},
              {Long.toString(day), null},
              {"a", day},
              {"b", day},
              {"ab", day},
              {"a", "b", day}
            }) {
          prints.add(fingerprints.of(rule, key));
          keys++;
        }
      }
    }
    assertThat(prints).hasSize(keys);
  }
}
