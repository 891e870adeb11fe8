package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Consumer;

/**
 * What becomes of the money of a month in the next one: of each user the amounts of the month
 * against those of the month before.
 *
 * <p>A user with money before and less now <em>contracts</em>, with more <em>expands</em>, with
 * none is <em>lost</em> and the money <em>churned</em>; without money before, the money now is
 * <em>new</em>, or a <em>reactivation</em> if there ever was some. Money is what is above 0: a user
 * whose amounts of a month add up to less counts as one without, and what is below 0 stands apart,
 * as net refunds.
 *
 * <p>A row takes all its users under the value as of the month's last day, the money of the month
 * before, too. So the arithmetic of a row holds in every segment, and who moves brings the money
 * along: {@code net_moved}. Without it, {@code opening} is {@code closing} of the month before.
 *
 * <p>Months are calendar months of the configured zone; of the open one only what is certain is
 * said.
 */
public final class RevenueRetention implements Metric {
  private static final long serialVersionUID = 1L;

  /** Sums of a month, money unscaled. */
  private enum Sum {
    KEPT,
    EXPANSION,
    CONTRACTION,
    CHURNED,
    NEW,
    REACTIVATION,
    NET_REFUNDS,
    KEPT_USERS,
    EXPANDED_USERS,
    CONTRACTED_USERS,
    LOST_USERS,
    NEW_USERS,
    REACTIVATED_USERS,
    REFUNDED_USERS
  }

  /** Sums of products of a month, of users with money before: that, what is left of it, and now. */
  private enum Product {
    BEFORE_BEFORE,
    BEFORE_LEFT,
    LEFT_LEFT,
    BEFORE_NOW,
    NOW_NOW
  }

  private static final int FIRST_PRODUCT = Sum.values().length;
  private static final int WIDTH = FIRST_PRODUCT + Product.values().length * Products.WIDTH;

  private static final String TABLE = RevenueTables.RETENTION.name();

  private final int end;
  private final int logStart;
  private final int historyStarts;
  private final boolean logComplete;
  private final List<String> dimensions;
  private final Periods months;

  /** The log's first month, and the number of those from it to the as-of day. */
  private final int first;

  private final int size;

  public RevenueRetention(Scope scope) {
    TenureConfig config = scope.config();
    this.end = scope.end();
    this.logStart = scope.logStart();
    this.historyStarts = scope.historyStarts();
    this.logComplete = scope.isLogComplete();
    this.dimensions = config.dimensions();
    this.months = config.periods(Grain.MONTH);
    this.first = months.of(logStart);
    this.size = Math.max(0, months.of(scope.asOf()) - first + 1);
  }

  @Override
  public List<Contract> tables() {
    return List.of(RevenueTables.RETENTION);
  }

  @Override
  public void add(History history, Cells cells) {
    boolean paidEver = false;
    long before = 0;
    int next = 0;
    for (int at = 0; at < history.size(); ) {
      int month = months.of(history.day(at)) - first;
      int monthEnd = months.end(first + month);
      long net = 0;
      for (; at < history.size() && history.day(at) < monthEnd; at++) {
        net = Math.addExact(net, history.amount(at));
      }
      if (month > next) {
        add(history, next, before, 0, paidEver, cells);
        before = 0;
      }
      add(history, month, before, net, paidEver, cells);
      paidEver |= net > 0;
      before = Math.max(net, 0);
      next = month + 1;
    }
    if (next < size) {
      add(history, next, before, 0, paidEver, cells);
    }
  }

  /**
   * Adds a month of one user.
   *
   * @param before the money of the month before
   * @param net the amounts of the month
   * @param paidEver whether any earlier month had money
   */
  private void add(
      History history, int month, long before, long net, boolean paidEver, Cells cells) {
    if (before == 0 && net == 0) {
      return;
    }
    int lastDay = Math.min(months.end(first + month), end) - 1;
    for (Cells.Segment segment : cells.segments(history, lastDay, dimensions)) {
      long[] sums = segment.sums(TABLE, 0, 0, (month + 1) * WIDTH);
      int at = month * WIDTH;
      long now = Math.max(net, 0);
      add(sums, at, Sum.NET_REFUNDS, now - net);
      add(sums, at, Sum.REFUNDED_USERS, net < 0 ? 1 : 0);
      if (before > 0) {
        addKnown(sums, at, before, now);
      } else if (now > 0) {
        add(sums, at, paidEver ? Sum.REACTIVATION : Sum.NEW, now);
        add(sums, at, paidEver ? Sum.REACTIVATED_USERS : Sum.NEW_USERS, 1);
      }
    }
  }

  /** A user with money before. */
  private static void addKnown(long[] sums, int at, long before, long now) {
    if (now == 0) {
      add(sums, at, Sum.CHURNED, before);
      add(sums, at, Sum.LOST_USERS, 1);
    } else {
      add(sums, at, Sum.KEPT, before);
      add(sums, at, Sum.KEPT_USERS, 1);
      add(sums, at, Sum.EXPANSION, Math.max(now - before, 0));
      add(sums, at, Sum.EXPANDED_USERS, now > before ? 1 : 0);
      add(sums, at, Sum.CONTRACTION, Math.max(before - now, 0));
      add(sums, at, Sum.CONTRACTED_USERS, now < before ? 1 : 0);
    }
    long left = Math.min(before, now);
    Products.add(sums, place(at, Product.BEFORE_BEFORE), before, before);
    Products.add(sums, place(at, Product.BEFORE_LEFT), before, left);
    Products.add(sums, place(at, Product.LEFT_LEFT), left, left);
    Products.add(sums, place(at, Product.BEFORE_NOW), before, now);
    Products.add(sums, place(at, Product.NOW_NOW), now, now);
  }

  private static void add(long[] sums, int at, Sum sum, long term) {
    sums[at + sum.ordinal()] = Math.addExact(sums[at + sum.ordinal()], term);
  }

  private static int place(int at, Product product) {
    return at + FIRST_PRODUCT + product.ordinal() * Products.WIDTH;
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    long closingBefore = 0;
    for (int month = firstMonth(cell); month < size; month++) {
      Month sums = new Month(cell.sums(), month * WIDTH);
      rows.accept(row(cell, month, sums, closingBefore));
      closingBefore = sums.closing();
    }
  }

  /** The first month that has a row: for the whole the log's first. */
  private static int firstMonth(Cell cell) {
    if (cell.dimension().equals(Segments.ALL)) {
      return 0;
    }
    return cell.firstSum() / WIDTH;
  }

  private Object[] row(Cell cell, int month, Month sums, long closingBefore) {
    int start = months.start(first + month);
    int monthEnd = months.end(first + month);
    boolean complete = monthEnd <= end;
    boolean birthObserved = start >= historyStarts;
    boolean previousKnown = logComplete || months.start(first + month - 1) >= logStart;
    boolean outcomeKnown = complete && previousKnown;
    long opening = sums.opening();
    RevenueRate gross = outcomeKnown ? sums.gross() : RevenueRate.UNKNOWN;
    RevenueRate net = outcomeKnown ? sums.net() : RevenueRate.UNKNOWN;
    long openingUsers = sums.of(Sum.KEPT_USERS) + sums.of(Sum.LOST_USERS);
    long wonUsers = sums.of(Sum.NEW_USERS) + sums.of(Sum.REACTIVATED_USERS);
    Proportion kept =
        outcomeKnown ? Proportion.of(sums.of(Sum.KEPT_USERS), openingUsers) : Proportion.UNKNOWN;
    return new Object[] {
      KnownDates.of(start),
      KnownDates.of(monthEnd),
      cell.dimension(),
      cell.value(),
      Segments.AS_OF,
      Money.of(sums.closing() - sums.of(Sum.NET_REFUNDS)),
      previousKnown ? Money.of(opening) : null,
      complete ? Money.of(sums.of(Sum.NEW)) : null,
      outcomeKnown ? Money.of(sums.of(Sum.EXPANSION)) : null,
      outcomeKnown ? Money.of(sums.of(Sum.CONTRACTION)) : null,
      outcomeKnown ? Money.of(sums.of(Sum.CHURNED)) : null,
      complete ? Money.of(sums.of(Sum.REACTIVATION)) : null,
      complete ? Money.of(sums.closing()) : null,
      complete ? Money.of(sums.of(Sum.NET_REFUNDS)) : null,
      previousKnown ? Money.of(opening - closingBefore) : null,
      gross.rate(),
      gross.low(),
      gross.high(),
      net.rate(),
      net.low(),
      net.high(),
      previousKnown ? openingUsers : null,
      outcomeKnown ? sums.of(Sum.KEPT_USERS) : null,
      outcomeKnown ? sums.of(Sum.EXPANDED_USERS) : null,
      outcomeKnown ? sums.of(Sum.CONTRACTED_USERS) : null,
      outcomeKnown ? sums.of(Sum.LOST_USERS) : null,
      complete ? wonUsers : null,
      complete ? sums.of(Sum.NEW_USERS) : null,
      complete ? sums.of(Sum.REACTIVATED_USERS) : null,
      complete ? sums.of(Sum.KEPT_USERS) + wonUsers : null,
      complete ? sums.of(Sum.REFUNDED_USERS) : null,
      kept.rate(),
      kept.low(),
      kept.high(),
      complete,
      start >= logStart,
      birthObserved
    };
  }

  /** The sums of a month, from a place of a vector on; beyond its end nothing was added. */
  private record Month(long[] sums, int at) {
    long of(Sum sum) {
      return at < sums.length ? sums[at + sum.ordinal()] : 0;
    }

    private BigInteger of(Product product) {
      return at < sums.length ? Products.get(sums, place(at, product)) : BigInteger.ZERO;
    }

    long opening() {
      return Math.addExact(of(Sum.KEPT), of(Sum.CHURNED));
    }

    /** What of the opening is left. */
    private long left() {
      return of(Sum.KEPT) - of(Sum.CONTRACTION);
    }

    long closing() {
      long old = Math.addExact(left(), of(Sum.EXPANSION));
      return Math.addExact(old, Math.addExact(of(Sum.NEW), of(Sum.REACTIVATION)));
    }

    RevenueRate gross() {
      return RevenueRate.of(
              of(Sum.KEPT_USERS) + of(Sum.LOST_USERS),
              opening(),
              left(),
              of(Product.BEFORE_BEFORE),
              of(Product.BEFORE_LEFT),
              of(Product.LEFT_LEFT))
          .atMostOne();
    }

    RevenueRate net() {
      return RevenueRate.of(
          of(Sum.KEPT_USERS) + of(Sum.LOST_USERS),
          opening(),
          left() + of(Sum.EXPANSION),
          of(Product.BEFORE_BEFORE),
          of(Product.BEFORE_NOW),
          of(Product.NOW_NOW));
    }
  }
}
