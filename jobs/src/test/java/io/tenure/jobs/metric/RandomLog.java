package io.tenure.jobs.metric;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A log drawn from a seed: users with habits of their own who move between segments, lose
 * attributes, and come at hours that crowd around midnight.
 */
final class RandomLog {
  private static final Map<String, List<String>> VALUES = values();

  private final Random random;
  private final ZoneId zone;
  private final List<Map<String, String>> events = new ArrayList<>();

  RandomLog(long seed, ZoneId zone) {
    this.random = new Random(seed);
    this.zone = zone;
  }

  private static Map<String, List<String>> values() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    values.put("country", List.of("RO", "EG", "MX", "NP", "-"));
    values.put("plan", List.of("free", "free", "paid", "-"));
    values.put("platform", List.of("ios", "web", "-", "-", "-"));
    return values;
  }

  /** Adds a user with some events between two days. */
  RandomLog user(String name, LocalDate from, LocalDate to, int events) {
    int length = Math.toIntExact(to.toEpochDay() - from.toEpochDay());
    int start = random.nextInt(length);
    int stride = 1 + random.nextInt(1 + 2 * length / Math.max(1, events));
    int day = start;
    for (int at = 0; at < events && day < length; at++) {
      add(name, from.plusDays(day));
      day += random.nextInt(5) == 0 ? random.nextInt(60) : random.nextInt(stride + 1);
    }
    return this;
  }

  private void add(String user, LocalDate day) {
    Map<String, String> event = new LinkedHashMap<>();
    event.put("user", user);
    // A quarter of an hour around midnight, or any time of the day.
    long second = random.nextBoolean() ? random.nextInt(1800) - 900 : random.nextInt(86_400);
    Instant instant = day.atStartOfDay(zone).toInstant().plusSeconds(second);
    event.put("time", instant.toString());
    event.put("id", String.format("e%06d", random.nextInt(1_000_000)));
    event.put("is", random.nextInt(6) == 0 ? "-" : "active");
    VALUES.forEach((name, values) -> event.put(name, values.get(random.nextInt(values.size()))));
    // Users keep their country, most of the time.
    if (random.nextInt(10) > 0) {
      event.put("country", VALUES.get("country").get(Math.floorMod(user.hashCode(), 5)));
    }
    events.add(event);
  }

  /** The events, in an order that says nothing. */
  List<Map<String, String>> events() {
    List<Map<String, String>> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  /** The local day of an event, by java.time. */
  static LocalDate day(Map<String, String> event, ZoneId zone) {
    return Instant.parse(event.get("time")).atZone(zone).toLocalDate();
  }

  static LocalDate firstDay(List<Map<String, String>> events, ZoneId zone) {
    return events.stream()
        .map(event -> day(event, zone))
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }
}
