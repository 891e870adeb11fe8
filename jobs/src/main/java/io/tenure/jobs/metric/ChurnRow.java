package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.jobs.metric.ChurnFlow.Sum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The measures of one period as a row shows them, from its sums.
 *
 * @param months the length of the period in months: 1, 3 or 12
 * @param start first day of the period
 * @param end first day after it
 * @param over whether the period is over: until then only its start is known
 * @param terms whether it is known whose term ends in the period
 */
record ChurnRow(int months, int start, int end, boolean over, boolean terms, Bands bands) {
  private static final int MONTHS_OF_A_YEAR = 12;

  /** The values of {@link ChurnTables#MEASURES}, in their order. */
  List<Object> measures(long[] sums) {
    long users = sum(sums, Sum.USERS_AT_START);
    List<Object> row = new ArrayList<>();
    row.add(users);
    row.add(sum(sums, Sum.PAUSED));
    row.add(terms ? sum(sums, Sum.COULD_LEAVE) : null);
    if (over) {
      addOutcome(users, sums, row);
    } else {
      row.addAll(Collections.nCopies(ChurnTables.OUTCOMES, null));
    }
    row.add(over);
    row.add(KnownDates.of(end));
    return row;
  }

  private void addOutcome(long users, long[] sums, List<Object> row) {
    long churned = sum(sums, Sum.CHURNED);
    Proportion rate = Proportion.of(churned, users);
    row.add(churned);
    row.add(rate.rate());
    row.add(rate.low());
    row.add(rate.high());
    row.add(rate.rate() == null ? null : over(rate.rate(), MONTHS_OF_A_YEAR));
    row.add(rate.rate() == null ? null : bands.of(exact(over(rate.rate(), 1))));
    long begun = sum(sums, Sum.SPELLS_BEGUN);
    long joinedAndChurned = sum(sums, Sum.JOINED_AND_CHURNED);
    long movedIn = sum(sums, Sum.MOVED_IN);
    long movedOut = sum(sums, Sum.MOVED_OUT);
    row.add(begun);
    row.add(joinedAndChurned);
    row.add(movedIn);
    row.add(movedOut);
    row.add(users + begun - churned - joinedAndChurned + movedIn - movedOut);
    row.add(sum(sums, Sum.FIRST_SPELL_CHURNS));
    long personDays = sum(sums, Sum.PERSON_DAYS);
    double personMonths = (double) personDays * months / (end - start);
    row.add(personDays);
    row.add(personMonths);
    PoissonRate hazard = PoissonRate.of(churned + joinedAndChurned, personMonths);
    row.add(hazard.rate());
    row.add(hazard.low());
    row.add(hazard.high());
    long left = sum(sums, Sum.COULD_LEAVE_CHURNED);
    Proportion ofThoseWhoCould = Proportion.of(left, sum(sums, Sum.COULD_LEAVE));
    row.add(terms ? left : null);
    row.add(ofThoseWhoCould.rate());
    row.add(ofThoseWhoCould.low());
    row.add(ofThoseWhoCould.high());
  }

  /** The rate over so many months, if that of this period went on. */
  private double over(double rate, int wanted) {
    return wanted == months ? rate : ChurnProjection.compounded(rate, (double) wanted / months);
  }

  /** A rate at a limit is at it, whatever the last bits of a power say. */
  private static double exact(double rate) {
    return BigDecimal.valueOf(rate).setScale(12, RoundingMode.HALF_EVEN).doubleValue();
  }

  private static long sum(long[] sums, Sum sum) {
    return sums[sum.ordinal()];
  }
}
