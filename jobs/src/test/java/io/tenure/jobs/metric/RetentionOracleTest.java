package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.RetentionOracle.Event;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Every cell of the retention tables of random small logs against {@link RetentionOracle}.
 *
 * <p>Every run draws new logs; {@code -Dtenure.seed=N} draws that of a failure again.
 */
class RetentionOracleTest {
  private static final int LOGS = 400;
  private static final List<String> ZONES =
      List.of(
          "UTC",
          "America/Bahia_Banderas",
          "Africa/Cairo",
          "Asia/Kathmandu",
          "America/St_Johns",
          "Pacific/Apia",
          "+05:45");
  private static final List<String> ACTIVITIES = List.of("active", "signup", "purchase");

  /** A question about a log. */
  private record Case(String yaml, ZoneId zone, boolean local, LocalDate asOf, List<Event> events) {
    TestLog log() {
      return TestLog.of(events.stream().map(this::row).toList());
    }

    private Map<String, String> row(Event event) {
      Map<String, String> row = new LinkedHashMap<>();
      row.put("user", event.user());
      row.put(
          "time",
          local ? event.time().atZone(zone).toLocalDateTime().toString() : event.time().toString());
      row.put("is", event.activities().isEmpty() ? "-" : String.join(" ", event.activities()));
      row.put("id", event.id() == null ? "-" : event.id());
      event.values().forEach((name, value) -> row.put(name, value == null ? "-" : value));
      return row;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(yaml).append("as of ").append(asOf).append('\n');
      events.forEach(event -> text.append(row(event)).append('\n'));
      return text.toString();
    }
  }

  @Test
  void every_cell_is_what_the_definition_says() {
    long first = Long.getLong("tenure.seed", new Random().nextLong());
    for (long seed = first; seed != first + LOGS; seed++) {
      Case log = random(new Random(seed));
      try {
        compare(log);
      } catch (Throwable failure) {
        throw new AssertionError("Repeat with -Dtenure.seed=" + seed + "\n" + log, failure);
      }
    }
  }

  private static void compare(Case log) {
    TenureConfig config = TestLog.config(log.yaml());
    List<Map<String, Object>> retention = new ArrayList<>();
    List<Map<String, Object>> curve = new ArrayList<>();
    List<Map<String, Object>> cohorts = new ArrayList<>();
    for (RetentionConfig question : config.retention()) {
      RetentionOracle oracle =
          new RetentionOracle(
              log.events(),
              question,
              config.dimensions(),
              log.zone(),
              config.weekStart(),
              config.input().historyStarts().orElse(null),
              log.asOf().plusDays(1));
      retention.addAll(oracle.retention());
      curve.addAll(oracle.curve());
      cohorts.addAll(oracle.cohortRows());
    }
    same(log, config, "retention", retention);
    same(log, config, "retention_curve", curve);
    same(log, config, "cohorts", cohorts);
  }

  private static void same(
      Case log, TenureConfig config, String table, List<Map<String, Object>> expected) {
    List<Map<String, Object>> actual = log.log().table(table, config, log.asOf().toString());
    Map<List<Object>, Map<String, Object>> wanted = byKey(table, expected);
    Map<List<Object>, Map<String, Object>> found = byKey(table, actual);
    assertThat(found.keySet()).as(table).isEqualTo(wanted.keySet());
    wanted.forEach(
        (key, row) -> {
          assertThat(found.get(key).keySet()).isEqualTo(row.keySet());
          row.forEach((column, value) -> sameCell(table, key, column, found.get(key), value));
        });
  }

  private static void sameCell(
      String table, List<Object> key, String column, Map<String, Object> row, Object expected) {
    String where = "%s of %s %s".formatted(column, table, key);
    if (expected instanceof Double) {
      assertThat((Double) row.get(column)).as(where).isCloseTo((Double) expected, within(1e-12));
    } else {
      assertThat(row.get(column)).as(where).isEqualTo(expected);
    }
  }

  private static Map<List<Object>, Map<String, Object>> byKey(
      String table, List<Map<String, Object>> rows) {
    List<String> columns =
        List.of("retention", "grain", "segment", "segment_value", "cohort_start", "period");
    Map<List<Object>, Map<String, Object>> byKey = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      List<Object> key = new ArrayList<>();
      columns.forEach(column -> key.add(row.get(column)));
      key.add(row.get("bracket"));
      assertThat(byKey.put(key, row)).as("%s has two rows of %s", table, key).isNull();
    }
    return byKey;
  }

  private static Case random(Random random) {
    ZoneId zone = ZoneId.of(pick(random, ZONES));
    LocalDate base = base(zone, random);
    boolean local = random.nextInt(4) == 0;
    List<String> dimensions = List.of("country", "plan").subList(0, random.nextInt(3));
    int spread = pick(random, List.of(4, 20, 150));
    List<Event> events = new ArrayList<>();
    for (int left = 1 + random.nextInt(40); left > 0; left--) {
      LocalDate day = base.plusDays(random.nextInt(spread) - spread / 2);
      events.add(event(time(day, zone, local, random), dimensions, random));
      if (random.nextInt(6) == 0) {
        events.add(event(events.get(events.size() - 1).time(), dimensions, random));
      }
    }
    Collections.shuffle(events, random);
    LocalDate asOf = base.plusDays(random.nextInt(2 * spread) - spread / 2);
    // A local log has no instants: its clock is taken as one without offsets.
    ZoneId clock = local ? ZoneOffset.UTC : zone;
    return new Case(yaml(zone, dimensions, base, random), clock, local, asOf, events);
  }

  /** A day on which the zone's offset changes, or any other. */
  private static LocalDate base(ZoneId zone, Random random) {
    LocalDate some = LocalDate.of(2000, 1, 1).plusDays(random.nextInt(9_000));
    ZoneOffsetTransition next = zone.getRules().nextTransition(some.atStartOfDay(zone).toInstant());
    return next == null || random.nextInt(3) == 0 ? some : next.getDateTimeBefore().toLocalDate();
  }

  /** Near midnight more often than not. */
  private static Instant time(LocalDate day, ZoneId zone, boolean local, Random random) {
    Instant midnight = day.atStartOfDay(local ? ZoneOffset.UTC : zone).toInstant();
    return switch (random.nextInt(5)) {
      case 0 -> midnight;
      case 1 -> local ? midnight.minusSeconds(1) : midnight.minusNanos(1_000);
      case 2 -> midnight.plusSeconds(1);
      case 3 -> midnight.plusSeconds(60L * (random.nextInt(240) - 120));
      default -> midnight.plusSeconds(3600L * random.nextInt(24));
    };
  }

  private static Event event(Instant time, List<String> dimensions, Random random) {
    Set<String> activities = new LinkedHashSet<>();
    activities.add("active");
    if (random.nextInt(3) == 0) {
      activities.add("signup");
    }
    if (random.nextInt(3) == 0) {
      activities.add("purchase");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String dimension : dimensions) {
      values.put(dimension, pick(random, Arrays.asList(null, null, "a", "b", "c")));
    }
    return new Event(
        "user" + random.nextInt(5),
        time,
        pick(random, Arrays.asList(null, null, "1", "2", "10")),
        activities,
        values);
  }

  private static String yaml(ZoneId zone, List<String> dimensions, LocalDate base, Random random) {
    StringBuilder yaml = new StringBuilder("input: {path: in, user: user, time: time");
    if (random.nextInt(3) == 0) {
      yaml.append(", history-starts: ").append(base.plusDays(random.nextInt(40) - 20));
    }
    yaml.append("}\noutput: out\n");
    yaml.append("timezone: '%s'\n".formatted(zone));
    yaml.append("week-start: ").append(pick(random, List.of("monday", "sunday", "wednesday")));
    yaml.append("\nactivities: {active: 'true', signup: \"event = 'signup'\",");
    yaml.append(" purchase: \"event = 'purchase'\"}\n");
    yaml.append("segments: ").append(dimensions).append("\nretention:\n");
    for (int question = random.nextInt(3); question >= 0; question--) {
      yaml.append(
          "  - {name: q%d, cohort: %s, start: %s, return: %s, grains: {%s}, brackets: %s}\n"
              .formatted(
                  question,
                  pick(random, List.of("first", "first-matching", "recurring")),
                  pick(random, ACTIVITIES),
                  pick(random, ACTIVITIES),
                  grains(random),
                  pick(random, List.of("[]", "[0, 1]", "[0, 2, 5]", "[1, 3, 4, 12]"))));
    }
    return yaml.toString();
  }

  private static String grains(Random random) {
    List<String> grains = new ArrayList<>();
    for (String grain : List.of("day", "week", "month")) {
      if (random.nextBoolean()) {
        grains.add(grain + ": " + random.nextInt(8));
      }
    }
    return grains.isEmpty() ? "week: 3" : String.join(", ", grains);
  }

  private static <T> T pick(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
