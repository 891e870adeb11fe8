package io.tenure.jobs.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The cells of one task: where metrics add users up. Cells of different tasks are joined by adding
 * their vectors.
 */
public final class Cells {
  private final Map<String, Map<String, Segment>> segments = new HashMap<>();
  private final Segment all = segment(Segments.ALL, Segments.ALL);

  /** The cells of one segment value. */
  public static final class Segment {
    private final String dimension;
    private final String value;
    private final Map<Address, long[]> rows = new HashMap<>();

    /**
     * Looked up several times for every user: what a record makes of itself takes long to warm up.
     */
    private static final class Address {
      private final String table;
      private final int part;
      private final int index;

      Address(String table, int part, int index) {
        this.table = table;
        this.part = part;
        this.index = index;
      }

      @Override
      public int hashCode() {
        // Indexes are numbers next to one another, in some parts the same: without the shift the
        // addresses of different parts share places.
        int mixed = ((table.hashCode() * 31 + part) * 31 + index) * 0x9E3779B1;
        return mixed ^ mixed >>> 15;
      }

      @Override
      public boolean equals(Object other) {
        return other instanceof Address address
            && index == address.index
            && part == address.part
            && table.equals(address.table);
      }
    }

    private Segment(String dimension, String value) {
      this.dimension = dimension;
      this.value = value;
    }

    /** The sums at an address, to be added to in place; zeros when new, grown when too short. */
    public long[] sums(String table, int part, int index, int width) {
      Address address = new Address(table, part, index);
      long[] sums = rows.get(address);
      if (sums == null || sums.length < width) {
        sums = sums == null ? new long[width] : Arrays.copyOf(sums, width);
        rows.put(address, sums);
      }
      return sums;
    }
  }

  /** The whole. */
  public Segment all() {
    return all;
  }

  public Segment segment(String dimension, String value) {
    return segments
        .computeIfAbsent(dimension, name -> new HashMap<>())
        .computeIfAbsent(value, name -> new Segment(dimension, name));
  }

  /** All cells, in no order. */
  public Iterator<Cell> iterator() {
    return segments.values().stream()
        .flatMap(values -> values.values().stream())
        .flatMap(
            segment ->
                segment.rows.entrySet().stream()
                    .map(
                        row ->
                            new Cell(
                                new Cell.Key(
                                    row.getKey().table,
                                    segment.dimension,
                                    segment.value,
                                    row.getKey().part,
                                    row.getKey().index),
                                row.getValue())))
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
