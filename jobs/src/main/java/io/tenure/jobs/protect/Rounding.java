package io.tenure.jobs.protect;

import io.tenure.common.Proportion;
import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection.Share;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rounds the rows of a protected copy: counts to multiples of a number, halves up; rates and their
 * intervals are those of the rounded counts. What follows from exact counts in another way would
 * give them away and is NULL.
 */
public final class Rounding {
  private final Fields fields;
  private final List<Share> shares;
  private final int multiple;
  private final int[] counts;
  private final int[] others;

  /**
   * @param table the exact table
   * @param multiple at least 1; 1 leaves rows as they are
   */
  public Rounding(Contract table, int multiple) {
    this.fields = new Fields(table);
    this.shares = table.protection().shares();
    this.multiple = multiple;
    this.counts = places(table, column -> column.type() == ColumnType.BIGINT);
    this.others =
        places(
            table,
            column ->
                column.type() != ColumnType.BIGINT && table.hideable().contains(column.name()));
  }

  private static int[] places(Contract table, java.util.function.Predicate<Column> which) {
    return IntStream.range(0, table.columns().size())
        .filter(at -> !table.grain().contains(table.columns().get(at).name()))
        .filter(at -> which.test(table.columns().get(at)))
        .toArray();
  }

  /** Rounds a row in place; columns behind those of the table are not looked at. */
  public void round(Object[] row) {
    if (multiple == 1) {
      return;
    }
    for (int place : counts) {
      row[place] = row[place] == null ? null : rounded((Long) row[place]);
    }
    boolean[] known = new boolean[shares.size()];
    for (int at = 0; at < known.length; at++) {
      known[at] = row[fields.place(shares.get(at).rate())] != null;
    }
    for (int place : others) {
      row[place] = null;
    }
    for (int at = 0; at < known.length; at++) {
      if (known[at]) {
        share(row, shares.get(at));
      }
    }
  }

  private void share(Object[] row, Share share) {
    Long part = fields.count(row, share.part());
    Long whole = fields.count(row, share.whole());
    // Both go up or down alike, so the part is no larger than the whole.
    Proportion proportion =
        part == null || whole == null ? Proportion.UNKNOWN : Proportion.of(part, whole);
    row[fields.place(share.rate())] = proportion.rate();
    row[fields.place(share.low())] = proportion.low();
    row[fields.place(share.high())] = proportion.high();
  }

  private long rounded(long count) {
    return Math.multiplyExact(
        Math.floorDiv(Math.addExact(Math.multiplyExact(2, count), multiple), 2L * multiple),
        multiple);
  }
}
