package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.MONEY;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.CURRENCY;
import static io.tenure.common.table.Unit.CUSTOMERS;
import static io.tenure.common.table.Unit.MONTHS;
import static io.tenure.common.table.Unit.SHARE;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.jobs.metric.ChurnFlow.Sum;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Customers month by month from now on, if the churn of the last complete months goes on, and if it
 * were another. Those are the last three, or as many as there are.
 *
 * <p>A month loses its rate of the customers at its start, then wins the adds, which lose nobody in
 * the month they join. The observed rate is pooled over these months: churned users over users at
 * the start, summed before they are divided. The whole only: adds of segment values are not given.
 *
 * <p>Where amounts are known, so is what a customer brings in a month: the amounts of the same
 * months over the customers at their ends, again summed before they are divided. The customers at
 * the end of a projected month bring as much each. Who joined in a month is among those at its end
 * and has paid in it, so a log that begins from nothing has a revenue, too.
 */
public final class ChurnProjection implements Metric {
  private static final long serialVersionUID = 1L;

  /** Complete months that the observed rate and adds are taken from. */
  private static final int OBSERVED_MONTHS = 3;

  private static final Contract CONTRACT =
      result(
              "churn_projection",
              "Customers in each month to come, under the observed monthly churn and under given ones",
              List.of("segment", "segment_value", "scenario", "month"),
              List.of(
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  required(
                      "scenario",
                      STRING,
                      "observed: the churn of the last complete months, up to three, of which the month in"
                          + " which a complete log begins is one; with input.history-starts"
                          + " ({input.history-starts}) only months from there on; or a given monthly rate"
                          + " ({churn.projection.rates})"),
                  required("month", INT, "Months ahead, from 1").in(MONTHS),
                  required(
                      "month_start",
                      DATE,
                      "First day of the projected month; month 1 starts on the day after the as-of day"),
                  required("monthly_churn_rate", DOUBLE, "Share lost in each month, 0 to 1")
                      .in(SHARE),
                  required(
                          "annualised_churn_rate",
                          DOUBLE,
                          "Share lost in a year: 1 - (1 - monthly_churn_rate) ^ 12, 0 to 1")
                      .in(SHARE),
                  optional(
                          "basis_churned_users",
                          BIGINT,
                          "Numerator of the observed rate: churned users of the last complete months, up"
                              + " to three; NULL for a given one")
                      .in(USERS),
                  optional(
                          "basis_users_at_start",
                          BIGINT,
                          "Denominator of the observed rate: users at the start of each of those months,"
                              + " added up; NULL for a given one")
                      .in(USERS),
                  Columns.low("the observed rate"),
                  Columns.high("the observed rate"),
                  required("customers_at_start", DOUBLE, "Expected customers when the month starts")
                      .in(CUSTOMERS),
                  required("churned_customers", DOUBLE, "Expected customers lost in the month")
                      .in(CUSTOMERS)
                      .sumsOver("month"),
                  required(
                          "added_customers",
                          DOUBLE,
                          "Customers won in the month: churn.projection.monthly-adds ({churn.projection.monthly-adds}), or the mean of the"
                              + " last complete months, up to three: spells_begun less joined_and_churned_users")
                      .in(CUSTOMERS)
                      .sumsOver("month"),
                  required("customers_at_end", DOUBLE, "Expected customers when the month ends")
                      .in(CUSTOMERS),
                  optional(
                          "revenue_per_customer",
                          MONEY,
                          "What a customer brings in a month: all amounts ({input.amount}) of the last complete months, up to three, over"
                              + " the users at the end of each of those months, added up; NULL without"
                              + " input.amount, a complete month or such users")
                      .in(CURRENCY),
                  optional(
                          "revenue",
                          MONEY,
                          "Expected revenue of the month: customers_at_end times the revenue per customer"
                              + " before it is rounded; NULL where that is")
                      .in(CURRENCY)
                      .sumsOver("month")))
          .hiding(
              Protection.of(Protection.Rule.PROJECTION)
                  .counting("basis_users_at_start")
                  .keeping("month"));

  private final SpellRule rule;
  private final ChurnFlow flow;
  private final int horizon;

  /** Given adds a month; null for the observed ones. */
  private final Integer adds;

  private final List<Double> rates;
  private final int end;

  /** The complete months that are looked at, from the first, in, to the open one, out. */
  private final int firstObserved;

  private final int open;

  /** The first day that amounts are added from, and the first one after them; none if equal. */
  private final int paidFrom;

  private final int paidTo;

  public ChurnProjection(Scope scope) {
    TenureConfig config = scope.config();
    Periods months = config.periods(Grain.MONTH);
    this.rule = SpellRule.of(scope);
    this.flow = new ChurnFlow(CONTRACT.name(), 0, months, Stages.uncut(), List.of(), scope);
    this.horizon = config.churn().projection().months();
    this.adds = config.churn().projection().monthlyAdds().orElse(null);
    this.rates = List.copyOf(config.churn().projection().rates());
    this.end = scope.end();
    this.open = months.of(end);
    this.firstObserved = Math.max(open - OBSERVED_MONTHS, firstMonth(scope, months));
    this.paidTo = months.start(open);
    this.paidFrom =
        config.input().amount().isPresent() && firstObserved < open
            ? months.start(firstObserved)
            : paidTo;
  }

  /**
   * The first month that says who comes. In a log that is not complete, the users of its first days
   * are not won then, and a month that it does not cover from its start is not complete either.
   */
  private static int firstMonth(Scope scope, Periods months) {
    if (scope.isLogComplete()) {
      return months.of(scope.logStart());
    }
    int month = months.of(scope.historyStarts());
    return months.start(month) < scope.historyStarts() ? month + 1 : month;
  }

  @Override
  public List<Contract> tables() {
    return List.of(CONTRACT);
  }

  @Override
  public void add(History history, Cells cells) {
    flow.add(history, cells.spells(history, rule), cells);
    long amounts = 0;
    for (int at = 0; at < history.size(); at++) {
      if (history.day(at) >= paidFrom && history.day(at) < paidTo) {
        amounts = Math.addExact(amounts, history.amount(at));
      }
    }
    if (amounts != 0) {
      // Behind the sums of the flow: a row needs both, and what is unfolded together is one cell.
      long[] sums = cells.all().sums(CONTRACT.name(), 0, 0, flow.width() + 1);
      sums[flow.width()] = Math.addExact(sums[flow.width()], amounts);
    }
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    long[] observed = new long[0];
    long customerMonths = 0;
    for (int month = firstObserved; month < open; month++) {
      observed = Cells.add(observed, flow.sums(cell, month, 0));
      customerMonths += customersAtEnd(flow.sums(cell, month, 0));
    }
    if (observed.length == 0 && adds == null) {
      return;
    }
    double monthlyAdds =
        adds != null ? adds : (double) wonAndKept(observed) / (open - firstObserved);
    double customers = customersAtEnd(flow.sums(cell, flow.last(), 0));
    Revenue revenue =
        paidFrom < paidTo && customerMonths > 0 ? new Revenue(amounts(cell), customerMonths) : null;
    if (observed.length > 0 && of(observed, Sum.USERS_AT_START) > 0) {
      long churned = of(observed, Sum.CHURNED);
      long users = of(observed, Sum.USERS_AT_START);
      Proportion rate = Proportion.of(churned, users);
      List<Object> basis = Arrays.asList(churned, users, rate.low(), rate.high());
      project("observed", rate.rate(), basis, customers, monthlyAdds, revenue, rows);
    }
    List<Object> noBasis = Collections.nCopies(4, null);
    for (double rate : rates) {
      project(Double.toString(rate), rate, noBasis, customers, monthlyAdds, revenue, rows);
    }
  }

  private void project(
      String scenario,
      double rate,
      List<Object> basis,
      double customers,
      double monthlyAdds,
      Revenue revenue,
      Consumer<Object[]> rows) {
    double atStart = customers;
    for (int month = 1; month <= horizon; month++) {
      double churned = atStart * rate;
      double atEnd = atStart - churned + monthlyAdds;
      List<Object> row = new ArrayList<>();
      row.add(Segments.ALL);
      row.add(Segments.ALL);
      row.add(scenario);
      row.add(month);
      row.add(LocalDate.ofEpochDay(end).plusMonths(month - 1L));
      row.add(rate);
      row.add(compounded(rate, 12));
      row.addAll(basis);
      row.addAll(List.of(atStart, churned, monthlyAdds, atEnd));
      row.add(revenue == null ? null : revenue.of(1));
      row.add(revenue == null ? null : revenue.of(atEnd));
      rows.accept(row.toArray());
      atStart = atEnd;
    }
  }

  /**
   * The share lost over {@code periods} periods that each lose {@code rate}: 1 - (1 - rate) ^
   * periods. 5 % a month is 46 % a year, 10 % is 72 %.
   */
  static double compounded(double rate, double periods) {
    return 1 - Math.pow(1 - rate, periods);
  }

  /** The amounts of the observed months, unscaled. */
  private long amounts(Cell cell) {
    return cell.sums().length > flow.width() ? cell.sums()[flow.width()] : 0;
  }

  /**
   * What customers have brought.
   *
   * @param amounts of all months, unscaled
   * @param customerMonths customers of each of those months, added up; more than 0
   */
  private record Revenue(long amounts, long customerMonths) {
    /** The revenue of a month with so many customers. */
    BigDecimal of(double customers) {
      return Money.each(new BigDecimal(customers).multiply(Money.of(amounts)), customerMonths);
    }
  }

  /** Who came in a month and was not gone by its end: the rate is of those there at its start. */
  private static long wonAndKept(long[] month) {
    return of(month, Sum.SPELLS_BEGUN) - of(month, Sum.JOINED_AND_CHURNED);
  }

  /**
   * Who is alive at the end of a month; of the open one, at the end of the as-of day, which those
   * are whose churn day is the next.
   */
  private static long customersAtEnd(long[] month) {
    return of(month, Sum.USERS_AT_START) - of(month, Sum.CHURNED) + wonAndKept(month);
  }

  private static long of(long[] sums, Sum sum) {
    return sums[sum.ordinal()];
  }
}
