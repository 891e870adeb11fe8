package io.tenure.jobs.protect;

import io.tenure.common.calendar.Grain;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Life tables beyond the values that are shown: of a tenure, who is censored is who of those born
 * so long ago is still there. The values that are hidden at it have nobody or enough born then;
 * where they would not, the largest value that is shown ends before it, too, or else the whole.
 */
final class LifeResiduals {
  private static final List<Grain> UNITS = List.of(Grain.DAY, Grain.MONTH);

  private final Hiding hiding;
  private final Map<Slice, Facts> facts;
  private boolean found;

  LifeResiduals(Hiding hiding, Map<Slice, Facts> facts) {
    this.hiding = hiding;
    this.facts = facts;
  }

  /** A value, and how many of it were born. */
  private record Born(Slice slice, long users) {}

  /**
   * Hides more where it must.
   *
   * @return whether it did
   */
  boolean hide() {
    for (Grain unit : UNITS) {
      Map<String, TreeMap<Integer, List<Born>>> dimensions = new HashMap<>();
      facts.forEach(
          (slice, its) -> {
            if (!slice.isWhole()) {
              births(its, unit)
                  .forEach(
                      (tenure, users) ->
                          dimensions
                              .computeIfAbsent(slice.segment(), unseen -> new TreeMap<>())
                              .computeIfAbsent(tenure, unseen -> new ArrayList<>())
                              .add(new Born(slice, users)));
            }
          });
      dimensions
          .values()
          .forEach(tenures -> tenures.forEach((tenure, born) -> judge(unit.label(), tenure, born)));
    }
    return found;
  }

  /** Users born by what their tenure would be at the end of the log, where any may be lost. */
  private Map<Integer, Long> births(Facts its, Grain unit) {
    LocalDate end = hiding.reach().end();
    LocalDate lastLost = end.minusDays(hiding.reach().firstLoss());
    ChronoUnit units = unit == Grain.DAY ? ChronoUnit.DAYS : ChronoUnit.MONTHS;
    int first = Math.toIntExact(lastLost.until(end, units));
    Map<Integer, Long> births = new HashMap<>();
    its.births.forEach(
        (day, users) -> {
          int tenure = Math.toIntExact(day.until(end, units));
          if (users > 0 && tenure >= first) {
            births.merge(tenure, users, Long::sum);
          }
        });
    return births;
  }

  private void judge(String unit, int tenure, List<Born> born) {
    long hidden =
        born.stream()
            .filter(value -> isHidden(value.slice(), unit, tenure))
            .mapToLong(Born::users)
            .sum();
    while (hidden > 0 && hidden < hiding.minUsers() && !isHidden(Slice.WHOLE, unit, tenure)) {
      Optional<Born> largest =
          born.stream()
              .filter(value -> !isHidden(value.slice(), unit, tenure))
              .max(
                  Comparator.comparingLong(Born::users)
                      .thenComparing(value -> value.slice().value()));
      hiding.of(largest.map(Born::slice).orElse(Slice.WHOLE)).hideFrom(unit, tenure);
      hidden += largest.map(Born::users).orElse(0L);
      found = true;
    }
  }

  private boolean isHidden(Slice slice, String unit, int tenure) {
    Integer tail = hiding.of(slice).tails.get(unit);
    return hiding.isDropped(slice) || tail != null && tenure >= tail;
  }
}
