package io.tenure.jobs.protect;

import io.tenure.common.calendar.Grain;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What has to be hidden with the small numbers of a slice, so that its own tables do not give them
 * away; what its sum with other slices gives away is the business of {@link Hiding}.
 */
final class Closure {
  /**
   * Periods at the start of a log in which users active and users born give the rest away: days
   * have more relations with each other than longer periods, by windows of few days.
   */
  private static final int FIRST_DAYS = 5;

  private static final int FIRST_PERIODS = 3;

  private final Facts facts;
  private final Reach reach;
  private final Hidden hidden;

  private Closure(Facts facts, Reach reach) {
    this.facts = facts;
    this.reach = reach;
    this.hidden = facts.small;
  }

  static Hidden of(Facts facts, Reach reach) {
    return new Closure(facts, reach).closed();
  }

  private Hidden closed() {
    facts.addTails();
    if (reach.livesBeginUnseen()) {
      hidden.hideFrom(Grain.DAY.label(), 0);
      hidden.hideFrom(Grain.MONTH.label(), 0);
    }
    hideTenuresOfFew();
    facts.flows.forEach(this::start);
    facts.flows.forEach(this::flows);
    if (hidden.hidesFlows(Grain.DAY.label()) || hidden.activityBefore != null) {
      hideOfTwoDays(Grain.WEEK, hidden.weeks);
      hideOfTwoDays(Grain.MONTH, hidden.months);
    }
    facts.cohorts.forEach(this::cohorts);
    return hidden;
  }

  /**
   * Who is censored at a tenure was born on one day, or within one month, and is still there; how
   * many were born then is shown. So life tables end before a tenure whose birth days have few.
   */
  private void hideTenuresOfFew() {
    LocalDate end = reach.end();
    LocalDate lastLost = end.minusDays(reach.firstLoss());
    Map<Integer, Long> months = new HashMap<>();
    for (Map.Entry<LocalDate, Long> born : facts.births.headMap(lastLost, true).entrySet()) {
      if (facts.isSmall(born.getValue())) {
        int tenure = Math.toIntExact(born.getKey().until(end, ChronoUnit.DAYS));
        hidden.hideFrom(Grain.DAY.label(), tenure);
      }
    }
    facts.births.forEach(
        (day, born) ->
            months.merge(Math.toIntExact(day.until(end, ChronoUnit.MONTHS)), born, Long::sum));
    int firstLoss = Math.toIntExact(lastLost.until(end, ChronoUnit.MONTHS));
    months.forEach(
        (tenure, born) -> {
          if (tenure >= firstLoss && facts.isSmall(born)) {
            hidden.hideFrom(Grain.MONTH.label(), tenure);
          }
        });
  }

  /**
   * The second period of a log has no users but those born in it and those retained from the first:
   * whoever knows two of the three numbers knows the third.
   */
  private void start(String grain, List<Facts.Flow> flows) {
    int start = grain.equals(Grain.DAY.label()) ? FIRST_DAYS : FIRST_PERIODS;
    int first = 0;
    while (first < flows.size() && flows.get(first).active() == 0) {
      first++;
    }
    for (int at = first; at < Math.min(first + start, flows.size()); at++) {
      if (facts.isSmall(flows.get(at).active())) {
        int last = Math.min(first + start, flows.size()) - 1;
        hidden.hideActivityBefore(flows.get(last).end());
      }
    }
  }

  private void flows(String grain, List<Facts.Flow> flows) {
    for (Facts.Flow flow : flows) {
      if (flow.isSmall() && !hidden.isEarly(flow.start())) {
        hidden.flows.add(grain);
      }
    }
  }

  /**
   * A period with anybody on just two days has the users of both: with those of each day, who is
   * there on both follows.
   */
  private void hideOfTwoDays(Grain grain, Set<LocalDate> periods) {
    for (Facts.Flow period : facts.flows.getOrDefault(grain.label(), List.of())) {
      if (facts.isOfTwo(Grain.DAY.label(), period.start(), period.end())) {
        periods.add(period.start());
      }
    }
  }

  private void cohorts(Question question, TreeMap<LocalDate, Long> sizes) {
    Set<LocalDate> starts = hidden.cohorts(question);
    for (Map.Entry<LocalDate, Long> size : sizes.entrySet()) {
      if (facts.isSmall(size.getValue())) {
        starts.add(size.getKey());
      }
    }
    Reach.Lonely lonely = reach.lonely();
    if (lonely != null
        && question.grain().equals(Grain.DAY.label())
        && starts.contains(lonely.cohort())) {
      hidden.hideFrom(Grain.DAY.label(), lonely.tenure());
    }
    LocalDate late = reach.firstLate(question, sizes.firstKey());
    if (reach.isRecurring(question)) {
      // Who joins a period and returns in the next one is what growth retains.
      if (!starts.isEmpty() || hidden.flows.contains(question.grain())) {
        hidden.flows.add(question.grain());
        starts.addAll(sizes.keySet());
      }
    } else if (starts.stream().anyMatch(start -> start.isBefore(late))) {
      // While all cohorts are known, those of a period add up to its active users.
      starts.addAll(sizes.headMap(late).keySet());
    }
    if (!starts.isEmpty() || hidden.activityBefore != null) {
      hidden.orLater.add(question.name());
    }
  }
}
