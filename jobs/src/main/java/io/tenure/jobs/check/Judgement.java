package io.tenure.jobs.check;

import io.tenure.common.UserError;
import io.tenure.common.table.Contract;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rows against identities: the arithmetic, wherever the rows come from. */
public final class Judgement implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Breaches that are told; one is enough to stop a run. */
  private static final int TOLD = 3;

  /** Where sums belong: there are as many keys as rows, so one is cheap to make and to find. */
  static final class Key implements Serializable {
    private static final long serialVersionUID = 1L;

    private final int identity;
    private final Relation relation;
    private final Object[] at;
    private final int hash;

    /**
     * @param identity its position among the identities
     */
    Key(int identity, Relation relation, Object[] at) {
      this.identity = identity;
      this.relation = relation;
      this.at = at;
      // Without the relation: the hash of an enum differs from process to process.
      int mixed = identity;
      for (Object part : at) {
        // Days and periods are small numbers next to one another; a factor of 31 lets them collide.
        mixed = (mixed + Objects.hashCode(part)) * 0x9E3779B1;
        mixed ^= mixed >>> 15;
      }
      this.hash = mixed;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && hash == key.hash
          && identity == key.identity
          && relation == key.relation
          && Arrays.equals(at, key.at);
    }

    String text() {
      return Arrays.stream(at).map(String::valueOf).collect(Collectors.joining(", "));
    }
  }

  /**
   * The outcome of one identity.
   *
   * @param breaches how often it is broken
   * @param told a sentence for each of the first few breaches
   */
  public record Outcome(Identity identity, long breaches, List<String> told) {
    public boolean holds() {
      return breaches == 0;
    }
  }

  private final List<Identity> identities;

  /** The positions of those that are judged. */
  private final BitSet judged;

  /** Who asks the rows of a table. */
  private final Map<String, List<Asking>> asking = new HashMap<>();

  /** What an identity asks of the rows of one table. */
  private record Asking(int position, Relation relation, Identity.Terms terms)
      implements Serializable {}

  /**
   * @param identities of tables that are all there
   */
  Judgement(List<Identity> identities) {
    this(identities, allOf(identities));
  }

  private Judgement(List<Identity> identities, BitSet judged) {
    this.identities = identities;
    this.judged = judged;
    judged.stream()
        .forEach(
            at ->
                identities
                    .get(at)
                    .terms()
                    .forEach(
                        (table, terms) ->
                            asking
                                .computeIfAbsent(table, name -> new ArrayList<>())
                                .add(new Asking(at, identities.get(at).relation(), terms))));
  }

  private static BitSet allOf(List<Identity> identities) {
    BitSet all = new BitSet();
    all.set(0, identities.size());
    return all;
  }

  /** The positions of the identities that are judged. */
  BitSet positions() {
    return (BitSet) judged.clone();
  }

  /** The same, of which only some are judged. */
  Judgement only(BitSet positions) {
    return new Judgement(identities, (BitSet) positions.clone());
  }

  /** The tables that any judged identity looks at. */
  <T> Map<Contract, T> concerned(Map<Contract, T> tables) {
    Map<Contract, T> concerned = new LinkedHashMap<>(tables);
    concerned.keySet().removeIf(contract -> !asking.containsKey(contract.name()));
    return concerned;
  }

  /** What takes the rows of a table, and hands on what they add. */
  Consumer<Line> reader(String table, Book book) {
    List<Asking> asked = asking.getOrDefault(table, List.of());
    Ledger[] ledgers =
        asked.stream()
            .map(one -> new Ledger(one.position(), one.relation(), book))
            .toArray(Ledger[]::new);
    return line -> {
      for (int at = 0; at < ledgers.length; at++) {
        asked.get(at).terms().of(line, ledgers[at]);
      }
    };
  }

  /**
   * The breaches of one identity.
   *
   * @param told the first few, in the order of their keys
   */
  record Breaches(long count, List<String> told) implements Serializable {
    static final Breaches NONE = new Breaches(0, List.of());

    Breaches plus(Breaches other) {
      List<String> all = Stream.of(told, other.told).flatMap(List::stream).sorted().toList();
      return new Breaches(
          count + other.count, new ArrayList<>(all.subList(0, Math.min(TOLD, all.size()))));
    }
  }

  /** The breaches by the position of the identity; positions that are missing have none. */
  static Map<Integer, Breaches> breaches(Iterator<Map.Entry<Key, Sums>> finished) {
    Map<Integer, Breaches> breaches = new HashMap<>();
    while (finished.hasNext()) {
      Map.Entry<Key, Sums> sums = finished.next();
      Key key = sums.getKey();
      if (key.relation.isBroken(sums.getValue())) {
        String told = key.text() + ": " + key.relation.describe(sums.getValue());
        breaches.merge(key.identity, new Breaches(1, List.of(told)), Breaches::plus);
      }
    }
    return breaches;
  }

  /** The outcome of every identity. */
  List<Outcome> outcomes(Map<Integer, Breaches> breaches) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int at = 0; at < identities.size(); at++) {
      Breaches own = breaches.getOrDefault(at, Breaches.NONE);
      outcomes.add(new Outcome(identities.get(at), own.count(), own.told()));
    }
    return outcomes;
  }

  /** Judges rows that are at hand, by table, as {@link IdentityCheck} judges those of files. */
  public static List<Outcome> of(
      List<Identity> identities, Map<String, ? extends Iterable<? extends Line>> tables) {
    Judgement all = new Judgement(checkable(identities, tables.keySet()));
    SuspectSums sums = new SuspectSums();
    tables.forEach((table, lines) -> lines.forEach(all.reader(table, sums)));
    Judgement judgement = all.only(sums.suspects());
    Tally tally = judgement.new Tally();
    tables.forEach((table, lines) -> lines.forEach(tally.reader(table)));
    return all.outcomes(tally.breaches());
  }

  /** Sums of rows that one task reads all by itself. */
  final class Tally {
    private final Map<Key, Sums> sums = new HashMap<>();

    Consumer<Line> reader(String table) {
      return Judgement.this.reader(
          table,
          (identity, relation, key, term) ->
              sums.merge(new Key(identity, relation, key), term, Sums::plus));
    }

    Map<Integer, Breaches> breaches() {
      return Judgement.breaches(sums.entrySet().iterator());
    }
  }

  /** Those identities whose tables are all there. */
  static List<Identity> checkable(List<Identity> identities, Set<String> tables) {
    return identities.stream().filter(identity -> tables.containsAll(identity.tables())).toList();
  }

  /**
   * Stops the run if an identity is broken.
   *
   * @throws UserError of quality that names table, key and both numbers
   */
  public static void require(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (!outcome.holds()) {
        throw UserError.quality(
            "Identity %s is broken in %s (%s): %s. Nothing was published; this is a fault of Tenure,"
                    .formatted(
                        outcome.identity().name(),
                        String.join(" and ", outcome.identity().tables()),
                        outcome.identity().sentence(),
                        String.join("; ", outcome.told()))
                + " please report it.");
      }
    }
  }
}
