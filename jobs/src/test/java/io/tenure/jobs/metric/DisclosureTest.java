package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Why {@code privacy.min-users} hides more than numbers of few users: what can be computed of
 * numbers that are merely left out. Users are drawn under {@code -Dtenure.seed}.
 */
class DisclosureTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-01-28");
  private static final LocalDate LAST = LocalDate.parse("2024-02-11");
  private static final int DAYS = (int) (LAST.toEpochDay() - FIRST.toEpochDay()) + 1;
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [country]
          retention: [{grains: {week: 1}}]
          churn: {inactive-days: 3}
          """);

  private final long seed = Long.getLong("tenure.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** Some days of a user, whose country may change. */
  private List<Map<String, String>> life(String name, List<String> countries) {
    List<Map<String, String>> events = new ArrayList<>();
    int day = random.nextInt(DAYS);
    do {
      events.add(
          event(
              name,
              FIRST.plusDays(day).toString(),
              countries.get(random.nextInt(countries.size()))));
      day += 1 + random.nextInt(random.nextBoolean() ? 3 : 12);
    } while (day < DAYS && random.nextInt(6) > 0);
    return events;
  }

  private static Map<String, String> event(String user, String day, String country) {
    return Map.of("user", user, "time", day, "country", country);
  }

  /** The same life with two countries in the place of one another. */
  private static List<Map<String, String>> mirrored(List<Map<String, String>> life) {
    Map<String, String> other = Map.of("MX", "NP", "NP", "MX");
    return life.stream()
        .map(
            event ->
                event(
                    event.get("user"),
                    event.get("time"),
                    other.getOrDefault(event.get("country"), event.get("country"))))
        .toList();
  }

  /** What users add who live these days in three countries, of which two are alike. */
  private Disclosure disclosure(int lives) {
    System.out.printf("DisclosureTest: -Dtenure.seed=%d%n", seed);
    Disclosure disclosure = new Disclosure(CONFIG, FIRST, LAST);
    for (int user = 0; user < lives; user++) {
      List<Map<String, String>> life = life("u", List.of("RO", "MX", "NP"));
      disclosure.user(life);
      disclosure.user(mirrored(life));
    }
    return disclosure;
  }

  private static boolean isOf(String country, String count) {
    return count.contains("country " + country);
  }

  @Test
  void the_counts_of_a_log_are_the_sum_of_what_each_user_adds() {
    Disclosure disclosure = new Disclosure(CONFIG, FIRST, LAST);
    List<Map<String, String>> log = new ArrayList<>();
    Map<String, Long> sum = new TreeMap<>();
    for (int user = 0; user < 30; user++) {
      List<Map<String, String>> life = life("u" + user, List.of("RO", "MX", "NP"));
      log.addAll(life);
      disclosure.counts(life).forEach((count, users) -> sum.merge(count, users, Long::sum));
    }
    sum.values().removeIf(users -> users == 0);
    assertThat(disclosure.counts(log)).as("seed %d", seed).isEqualTo(sum).hasSizeGreaterThan(300);
  }

  @Test
  void one_value_that_is_left_out_is_what_the_others_leave_of_the_whole() {
    Disclosure disclosure = disclosure(200);
    // Who moves from one value to another has not moved in the whole: of moves only the net is
    // known.
    Predicate<String> moves = count -> count.matches(".*[|]moved_(in|out)_users");
    Set<String> computed = disclosure.computable(count -> isOf("NP", count));
    computed.removeIf(moves);
    assertThat(computed)
        .as("seed %d", seed)
        .isEqualTo(disclosure.counts(moves.negate().and(count -> isOf("NP", count))))
        .hasSizeGreaterThan(100);
  }

  @Test
  void two_values_that_are_left_out_everywhere_cannot_be_told_apart() {
    Disclosure disclosure = disclosure(200);
    assertThat(disclosure.computable(count -> isOf("NP", count) || isOf("MX", count)))
        .as("seed %d", seed)
        .isEmpty();
  }

  @Test
  void small_counts_that_are_left_out_by_themselves_are_computed_from_the_others() {
    Disclosure disclosure = disclosure(400);
    int found = 0;
    int hidden = 0;
    // Of a single log it may be less than half, once in some hundred.
    for (int logs = 0; logs < 4; logs++) {
      List<Map<String, String>> log = new ArrayList<>();
      for (int user = 0; user < 120; user++) {
        String country = user < 6 ? "NP" : user < 14 ? "MX" : "RO";
        log.addAll(life("u" + user, List.of(country)));
      }
      Map<String, Long> counts = disclosure.counts(log);
      Predicate<String> small = count -> counts.getOrDefault(count, 5L) < 5;
      Set<String> computed = disclosure.computable(small);
      computed.retainAll(counts.keySet());
      found += computed.size();
      hidden += (int) counts.keySet().stream().filter(small).count();
    }
    System.out.printf("%d of %d small counts are computed%n", found, hidden);
    assertThat(found).as("seed %d", seed).isGreaterThan(hidden / 2);
  }
}
