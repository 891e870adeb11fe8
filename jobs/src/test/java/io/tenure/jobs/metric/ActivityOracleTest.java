package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Many tiny logs, each counted once by the metrics and once by asking every event every time. */
class ActivityOracleTest {
  private static final int LOGS = 200;
  private static final List<String> ZONES =
      List.of("Africa/Cairo", "America/Bahia_Banderas", "America/St_Johns", "UTC");
  private static final List<String> WEEK_STARTS = List.of("monday", "sunday", "saturday");

  @Test
  void tiny_logs_are_counted_as_by_asking_every_event() {
    for (long seed = 0; seed < LOGS; seed++) {
      Random random = new Random(seed);
      String zone = ZONES.get(random.nextInt(ZONES.size()));
      LocalDate from = LocalDate.parse("2024-04-01").plusDays(random.nextInt(40));
      LocalDate asOf = from.plusDays(20 + random.nextInt(35));
      TenureConfig config = config(random, zone, from);
      RandomLog log = new RandomLog(seed, ZoneId.of(zone));
      for (int user = 0; user <= random.nextInt(5); user++) {
        log.user("user" + user, from, from.plusDays(40), 1 + random.nextInt(9));
      }
      List<Map<String, String>> events = log.events();
      SlowActivity slow = new SlowActivity(events, config, asOf);
      hold(seed, events, config, asOf, "active_users", slow.activeUsers());
      hold(seed, events, config, asOf, "growth", slow.growth());
      hold(seed, events, config, asOf, "usage_frequency", slow.usageFrequency());
    }
  }

  private static TenureConfig config(Random random, String zone, LocalDate from) {
    String historyStarts =
        random.nextBoolean() ? ", history-starts: " + from.plusDays(random.nextInt(30)) : "";
    return TestLog.config(
        """
        input: {path: in, user: user, time: time%s}
        output: out
        timezone: %s
        week-start: %s
        segments: [plan, country]
        active-users: {windows: [%d]}
        """
            .formatted(
                historyStarts,
                zone,
                WEEK_STARTS.get(random.nextInt(WEEK_STARTS.size())),
                2 + random.nextInt(40)));
  }

  private static void hold(
      long seed,
      List<Map<String, String>> events,
      TenureConfig config,
      LocalDate asOf,
      String table,
      List<Map<String, Object>> expected) {
    List<Map<String, Object>> actual = TestLog.of(events).table(table, config, asOf.toString());
    actual.forEach(row -> row.keySet().removeIf(column -> column.startsWith("ci_")));
    assertThat(sorted(actual))
        .as("seed %d, %s as of %s of %s", seed, table, asOf, events)
        .isEqualTo(sorted(expected));
  }

  /** Rows in one order, whatever the order of their columns. */
  private static List<String> sorted(List<Map<String, Object>> rows) {
    List<String> sorted = new ArrayList<>();
    rows.forEach(row -> sorted.add(new TreeMap<>(row).toString()));
    sorted.sort(null);
    return sorted;
  }
}
