package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Hundreds of tiny random logs against definitions that walk from day to day: on a day, a user is
 * there if the last activity is at most G days ago.
 */
class ChurnOracleTest {
  private static final LocalDate START = LocalDate.parse("2023-12-20");

  @Test
  void churn_by_stage_is_what_walking_from_day_to_day_counts() {
    for (int seed = 0; seed < 300; seed++) {
      int inactiveDays = 1 + seed % 9;
      LocalDate asOf = START.plusDays(40 + seed % 80);
      List<Map<String, String>> events = new RandomLives(seed, 1 + seed % 6, START, 100).events();
      TenureConfig config =
          TestLog.config(
              "segments: [country, plan]\nchurn: {inactive-days: %d, stages: {a: 0, b: 1, c: 3}}"
                  .formatted(inactiveDays));
      Map<String, String> expected = new TreeMap<>();
      new Walk(events, inactiveDays, asOf).count(expected);
      Map<String, String> actual = new TreeMap<>();
      for (Map<String, Object> row :
          TestLog.of(events).table("churn_by_stage", config, asOf.toString())) {
        if (!row.get("stage").equals("(all)") && !isZero(row)) {
          actual.put(
              "%s %s %s %s"
                  .formatted(
                      row.get("segment"),
                      row.get("segment_value"),
                      row.get("period_start"),
                      row.get("stage")),
              shown(row));
        }
      }
      assertThat(actual)
          .as("seed %d, G %d, as of %s", seed, inactiveDays, asOf)
          .isEqualTo(expected);
    }
  }

  private static boolean isZero(Map<String, Object> row) {
    return shown(row).matches("0( 0)*|0( null)*");
  }

  private static String shown(Map<String, Object> row) {
    return "%s %s %s %s %s %s"
        .formatted(
            row.get("users_at_start"),
            row.get("churned_users"),
            row.get("spells_begun"),
            row.get("joined_and_churned_users"),
            row.get("first_spell_churns"),
            row.get("person_days"));
  }

  /** The slow and obvious way. */
  private static final class Walk {
    private static final int AT_START = 0;
    private static final int CHURNED = 1;
    private static final int BEGUN = 2;
    private static final int JOINED_AND_CHURNED = 3;
    private static final int FIRST = 4;
    private static final int DAYS = 5;

    private final List<Map<String, String>> events;
    private final int inactiveDays;
    private final LocalDate asOf;
    private final Map<String, long[]> counts = new HashMap<>();

    Walk(List<Map<String, String>> events, int inactiveDays, LocalDate asOf) {
      this.events = events.stream().filter(event -> !day(event).isAfter(asOf)).toList();
      this.inactiveDays = inactiveDays;
      this.asOf = asOf;
    }

    void count(Map<String, String> shown) {
      for (String user : events.stream().map(event -> event.get("user")).distinct().toList()) {
        TreeSet<LocalDate> active = new TreeSet<>();
        events.stream()
            .filter(event -> event.get("user").equals(user))
            .forEach(event -> active.add(day(event)));
        for (LocalDate month = active.first().withDayOfMonth(1);
            !month.isAfter(asOf);
            month = month.plusMonths(1)) {
          walk(user, active, month);
        }
      }
      counts.forEach(
          (key, sums) -> {
            boolean open =
                LocalDate.parse(key.split(" ")[2]).plusMonths(1).isAfter(asOf.plusDays(1));
            String text = Long.toString(sums[AT_START]);
            for (int which = CHURNED; which <= DAYS; which++) {
              text += " " + (open ? "null" : sums[which]);
            }
            if (!text.matches("0( 0)*|0( null)*")) {
              shown.put(key, text);
            }
          });
    }

    private void walk(String user, TreeSet<LocalDate> active, LocalDate month) {
      LocalDate born = active.first();
      String stage = "a";
      if (!born.plusMonths(1).isAfter(month)) {
        stage = "b";
      }
      if (!born.plusMonths(3).isAfter(month)) {
        stage = "c";
      }
      // The values of the spell that is under way: of the start of the month, or of its first day.
      LocalDate reference = month.minusDays(1);
      boolean begunHere = false;
      if (isThere(active, month.minusDays(1))) {
        add(user, reference, month, stage, AT_START, 1);
      }
      for (LocalDate day = month;
          day.isBefore(month.plusMonths(1)) && !day.isAfter(asOf);
          day = day.plusDays(1)) {
        if (isThere(active, day.minusDays(1)) && !isThere(before(active, day), day)) {
          add(user, reference, month, stage, begunHere ? JOINED_AND_CHURNED : CHURNED, 1);
          // It was the first spell if all days before were days of it.
          LocalDate walked = born;
          while (walked.isBefore(day) && isThere(active, walked) && !beginsAgain(active, walked)) {
            walked = walked.plusDays(1);
          }
          if (walked.equals(day)) {
            add(user, reference, month, stage, FIRST, 1);
          }
        }
        if (active.contains(day) && !isThere(before(active, day), day)) {
          reference = day;
          begunHere = true;
          add(user, reference, month, stage, BEGUN, 1);
        }
        if (isThere(active, day)) {
          add(user, reference, month, stage, DAYS, 1);
        }
      }
    }

    private boolean beginsAgain(TreeSet<LocalDate> active, LocalDate day) {
      return !day.equals(active.first())
          && active.contains(day)
          && !isThere(before(active, day), day);
    }

    private static TreeSet<LocalDate> before(TreeSet<LocalDate> active, LocalDate day) {
      return new TreeSet<>(active.headSet(day));
    }

    private boolean isThere(TreeSet<LocalDate> active, LocalDate day) {
      LocalDate last = active.floor(day);
      return last != null && !last.plusDays(inactiveDays).isBefore(day);
    }

    private void add(
        String user, LocalDate reference, LocalDate month, String stage, int which, long by) {
      List<String> keys = new ArrayList<>(List.of("(all) (all)"));
      for (String dimension : RandomLives.DIMENSIONS) {
        keys.add(dimension + " " + value(user, dimension, reference));
      }
      for (String key : keys) {
        counts.computeIfAbsent(key + " " + month + " " + stage, name -> new long[6])[which] += by;
      }
    }

    private String value(String user, String dimension, LocalDate asOfDay) {
      String value = "(unknown)";
      String latest = "";
      for (Map<String, String> event : events) {
        if (event.get("user").equals(user)
            && !day(event).isAfter(asOfDay)
            && !event.get(dimension).equals("-")
            && event.get("time").compareTo(latest) > 0) {
          latest = event.get("time");
          value = event.get(dimension);
        }
      }
      return value;
    }

    private static LocalDate day(Map<String, String> event) {
      return LocalDate.parse(event.get("time").substring(0, 10));
    }
  }
}
