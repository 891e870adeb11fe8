package io.tenure.jobs.metric;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A seeded random log: users of different habits who fall silent and come back, and who change
 * their country or say nothing of it. Days of month ends are as likely as others.
 *
 * @param start the first day that may have an event
 * @param days the number of days that may have one
 */
public record RandomLives(long seed, int users, LocalDate start, int days) {
  static final List<String> DIMENSIONS = List.of("country", "plan");

  /** Events as {@link TestLog} takes them. */
  public List<Map<String, String>> events() {
    Random random = new Random(seed);
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      int gap = 1 + random.nextInt(12);
      int day = random.nextInt(days);
      while (day < days) {
        for (int more = random.nextInt(3); more >= 0; more--) {
          events.add(event(random, user, day, more));
        }
        day += random.nextInt(8) == 0 ? 20 + random.nextInt(40) : 1 + random.nextInt(gap);
      }
    }
    return events;
  }

  private Map<String, String> event(Random random, int user, int day, int hour) {
    return Map.of(
        "user", "user" + user,
        "time", "%sT%02d:00".formatted(start.plusDays(day), hour),
        "country", oneOf(random, "RO", "DE", "-", "-", "-"),
        "plan", oneOf(random, "free", "paid", "-", "-", "-", "-"));
  }

  private static String oneOf(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }
}
