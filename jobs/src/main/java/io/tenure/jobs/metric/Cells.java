package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The cells of one task: where metrics add users up. Cells of different tasks are joined by adding
 * their vectors.
 */
public final class Cells {
  private final Tables tables = new Tables();
  private final Map<String, Map<String, Segment>> segments = new HashMap<>();
  private final Segment all = segment(Segments.ALL, Segments.ALL);

  // What was asked last of the user who is being added: several metrics ask the same.
  private History spansOf;
  private List<String> spansBy;
  private List<Span> spans;
  private History spellsOf;
  private SpellRule spellsBy;
  private Spells spells;
  private History segmentsOf;
  private int segmentsOn;
  private List<String> segmentsBy;
  private Segment[] segmentsThen;

  /** The tables by number. */
  private static final class Tables {
    private static final int MOST = 1 << 15;
    private static final int PLACES = 1 << 8;

    /** The object by which a table was asked for last, of all with a place in common. */
    private final String[] asked = new String[PLACES];

    private final int[] numbers = new int[PLACES];
    private final List<String> names = new ArrayList<>();

    int numberOf(String table) {
      // Metrics that were sent to a task bring names of their own, each the same object every time.
      int place = System.identityHashCode(table) & PLACES - 1;
      if (asked[place] != table) {
        numbers[place] = findOrAdd(table);
        asked[place] = table;
      }
      return numbers[place];
    }

    private int findOrAdd(String table) {
      int known = names.indexOf(table);
      if (known >= 0) {
        return known;
      }
      if (names.size() == MOST) {
        throw new IllegalStateException("More than " + MOST + " tables");
      }
      names.add(table);
      return names.size() - 1;
    }
  }

  /**
   * The cells of one segment value: an open-addressing table, looked up several times for every
   * user.
   */
  public static final class Segment {
    private static final int INITIAL_PLACES = 1 << 6;

    private final String dimension;
    private final String value;
    private final Tables tables;

    /** Table, part and index in one number, because every array more is memory to wait for. */
    private long[] addresses = new long[INITIAL_PLACES];

    private long[][] sums = new long[INITIAL_PLACES][];
    private int size;

    // What was asked for last: a user who comes and goes between two values asks each again.
    private long lastAddress;
    private long[] lastSums;

    private Segment(String dimension, String value, Tables tables) {
      this.dimension = dimension;
      this.value = value;
      this.tables = tables;
    }

    /**
     * The sums at an address, to be added to in place; zeros when new, grown when too short.
     *
     * @param part 0 to 65,535
     * @throws IllegalArgumentException for another part
     */
    public long[] sums(String table, int part, int index, int width) {
      if (2 * size >= addresses.length) {
        grow();
      }
      if (part >>> 16 != 0) {
        throw new IllegalArgumentException("Part " + part + " of " + table);
      }
      // One more than the number of the table: 0 is a free place.
      long address = (tables.numberOf(table) + 1L) << 48 | (long) part << 32 | index & 0xFFFF_FFFFL;
      if (address != lastAddress || lastSums.length < width) {
        lastSums = find(address, width);
        lastAddress = address;
      }
      return lastSums;
    }

    private long[] find(long address, int width) {
      int at = place(address);
      if (addresses[at] == 0) {
        addresses[at] = address;
        sums[at] = new long[width];
        size++;
      } else if (sums[at].length < width) {
        sums[at] = Arrays.copyOf(sums[at], width);
      }
      return sums[at];
    }

    /** Where an address is, or the free place that it would get. */
    private int place(long address) {
      int mask = addresses.length - 1;
      // Multiplied as by the finaliser of MurmurHash3 (Appleby, 2011): indexes are numbers next to
      // one another, in some parts the same.
      long mixed = address * 0xFF51AFD7ED558CCDL;
      int at = (int) (mixed ^ mixed >>> 33) & mask;
      while (addresses[at] != 0 && addresses[at] != address) {
        at = at + 1 & mask;
      }
      return at;
    }

    private void grow() {
      final long[] oldAddresses = addresses;
      final long[][] oldSums = sums;
      int wanted = Math.multiplyExact(oldAddresses.length, 2);
      addresses = new long[wanted];
      sums = new long[wanted][];
      for (int from = 0; from < oldAddresses.length; from++) {
        if (oldAddresses[from] != 0) {
          int to = place(oldAddresses[from]);
          addresses[to] = oldAddresses[from];
          sums[to] = oldSums[from];
        }
      }
    }

    private Stream<Cell> cells() {
      return IntStream.range(0, addresses.length)
          .filter(at -> addresses[at] != 0)
          .mapToObj(at -> new Cell(key(addresses[at]), sums[at]));
    }

    private Cell.Key key(long address) {
      return new Cell.Key(
          tables.names.get((int) (address >>> 48) - 1),
          dimension,
          value,
          (int) (address >>> 32) & 0xFFFF,
          (int) address);
    }
  }

  /** The whole. */
  public Segment all() {
    return all;
  }

  public Segment segment(String dimension, String value) {
    return segments
        .computeIfAbsent(dimension, name -> new HashMap<>())
        .computeIfAbsent(value, name -> new Segment(dimension, name, tables));
  }

  /** As {@link Span#of} says. */
  List<Span> spans(History history, List<String> dimensions) {
    if (spansOf != history || !dimensions.equals(spansBy)) {
      spans = Span.of(history, dimensions, this);
      spansOf = history;
      spansBy = dimensions;
    }
    return spans;
  }

  /** As the rule says; not to be changed. */
  Spells spells(History history, SpellRule rule) {
    if (spellsOf != history || !rule.equals(spellsBy)) {
      spells = rule.spells(history);
      spellsOf = history;
      spellsBy = rule;
    }
    return spells;
  }

  /** As {@link Segments#of} says; not to be changed. */
  Segment[] segments(History history, int day, List<String> dimensions) {
    if (segmentsOf != history || segmentsOn != day || !dimensions.equals(segmentsBy)) {
      segmentsThen = Segments.of(history, day, dimensions, this);
      segmentsOf = history;
      segmentsOn = day;
      segmentsBy = dimensions;
    }
    return segmentsThen;
  }

  /** All cells, in no order. */
  public Iterator<Cell> iterator() {
    return segments.values().stream()
        .flatMap(values -> values.values().stream())
        .flatMap(Segment::cells)
        .iterator();
  }

  /** The sum of two vectors; the shorter one is taken to go on in zeros. May reuse either. */
  public static long[] add(long[] left, long[] right) {
    long[] longer = left.length >= right.length ? left : right;
    long[] shorter = longer == left ? right : left;
    for (int at = 0; at < shorter.length; at++) {
      longer[at] = Math.addExact(longer[at], shorter[at]);
    }
    return longer;
  }
}
