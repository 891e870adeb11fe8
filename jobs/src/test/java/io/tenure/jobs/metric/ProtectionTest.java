package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.jobs.protect.Hiding;
import io.tenure.jobs.protect.ProtectedRows;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ProtectionTest {
  private final long seed = Long.getLong("tenure.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private record Case(TenureConfig config, LocalDate first, int days, int minUsers) {
    LocalDate last() {
      return first.plusDays(days - 1);
    }
  }

  private Map<String, String> event(String user, LocalDate day, String country, String plan) {
    return Map.of("user", user, "time", day.toString(), "country", country, "plan", plan);
  }

  private List<Map<String, String>> life(Case log, String name, String country, boolean moves) {
    List<Map<String, String>> events = new ArrayList<>();
    int day = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(log.days());
    int regularity = 1 + random.nextInt(random.nextInt(4) == 0 ? log.days() : 8);
    String plan = random.nextBoolean() ? "free" : "pro";
    do {
      events.add(event(name, log.first().plusDays(day), country, plan));
      if (moves && random.nextInt(4) == 0) {
        country = List.of("RO", "MX", "NP").get(random.nextInt(3));
      }
      day += 1 + random.nextInt(regularity);
    } while (day < log.days() && random.nextInt(9) > 0);
    return events;
  }

  private void check(Case log, int users) {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < users; user++) {
      String country = user < users / 8 ? "NP" : user < users / 3 ? "MX" : "RO";
      events.addAll(life(log, "u" + user, country, false));
    }
    TablesOfLog exact = new TablesOfLog(log.config(), log.first(), log.last(), events);
    Hiding hiding = Hiding.of(log.config(), log.last(), log.minUsers(), exact.contracts(), exact);
    Set<String> hidden = new HashSet<>();
    Set<String> secret = new HashSet<>();
    Set<String> droppedValues = new HashSet<>();
    int[] cells = new int[2];
    for (Contract table : exact.contracts()) {
      ProtectedRows rows = hiding.rows(table);
      exact.each(
          table,
          row -> {
            String key =
                table.name()
                    + "|"
                    + table.grain().stream()
                        .map(column -> String.valueOf(row[table.index(column)]))
                        .collect(Collectors.joining(" "));
            boolean dropped = rows.drops(row);
            if (dropped) {
              droppedValues.add(
                  row[table.index("segment")] + " " + row[table.index("segment_value")]);
            }
            Set<String> columns = rows.hidden(row);
            for (String measure : table.measures()) {
              if (table.columns().get(table.index(measure)).type() == ColumnType.BIGINT
                  && row[table.index(measure)] != null) {
                cells[0]++;
                if (dropped || columns.contains(measure)) {
                  hidden.add(key + "|" + measure);
                } else {
                  cells[1]++;
                }
                if (isSecret(log, table, row, measure)) {
                  secret.add(key + "|" + measure);
                }
              }
            }
          });
    }
    assertThat(secret.stream().filter(s -> !hidden.contains(s) && !isOf(droppedValues, s)))
        .as("seed %d", seed)
        .isEmpty();
    Disclosure disclosure = new Disclosure(log.config(), log.first(), log.last());
    int lives = Integer.getInteger("tenure.lives", 1200);
    for (int user = 0; user < lives; user++) {
      String country = List.of("RO", "MX", "NP").get(random.nextInt(3));
      disclosure.user(life(log, "u", country, false));
    }
    Set<String> computed =
        new TreeSet<>(
            disclosure.computable(
                count ->
                    count.matches(System.getProperty("drop", "-"))
                        || hidden.contains(count)
                        || isOf(droppedValues, count)));
    Set<String> leaks = new TreeSet<>(computed);
    leaks.retainAll(secret);
    System.out.printf(
        "seed %d: %d of %d shown, %d hidden, %d secret, dropped %s, computed %d, of them secret %d%n",
        seed,
        cells[1],
        cells[0],
        hidden.size(),
        secret.size(),
        droppedValues,
        computed.size(),
        leaks.size());
    leaks.stream().limit(40).forEach(System.out::println);
    System.out.println("--- companions");
    computed.stream()
        .filter(c -> !secret.contains(c))
        .collect(
            Collectors.groupingBy(
                c -> c.split("[|]")[0] + " " + c.split("[|]")[2], Collectors.counting()))
        .forEach((a, b) -> System.out.println("    " + a + " " + b));
    assertThat(leaks).as("seed %d", seed).isEmpty();
  }

  private static boolean isOf(Set<String> values, String count) {
    return values.stream()
        .anyMatch(value -> (" " + count.split("[|]")[1] + " ").contains(" " + value + " "));
  }

  private static boolean isSecret(Case log, Contract table, Object[] row, String measure) {
    int k = log.minUsers();
    String counted = table.protection().counted();
    if (measure.equals(counted) || measure.equals("new_users")) {
      return false;
    }
    if (table.name().equals("active_users")) {
      long widest = 0;
      String widestWindow = "dau";
      for (String window : table.measures()) {
        Long active = window.equals("new_users") ? null : (Long) row[table.index(window)];
        if (active != null && active >= widest) {
          boolean longer = active > widest || days(window) > days(widestWindow);
          widestWindow = longer ? window : widestWindow;
          widest = active;
        }
      }
      boolean isWidest = measure.equals(widestWindow);
      return widest > 0 && widest < k && !isWidest;
    }
    if (table.name().equals("retention") && row[table.index("period")].equals(0)) {
      return false;
    }
    if (table.name().equals("growth")) {
      Long previous = (Long) row[table.index("previous_active_users")];
      if (measure.equals("previous_active_users") || measure.equals("net_moved_users")) {
        return false;
      }
      if (previous != null && previous > 0 && previous < k) {
        return true;
      }
    }
    Long users = counted == null ? null : (Long) row[table.index(counted)];
    return users != null && users > 0 && users < k;
  }

  private static int days(String window) {
    return switch (window) {
      case "dau" -> 1;
      case "wau" -> 7;
      case "mau" -> 28;
      default -> Integer.parseInt(window.replaceAll("\\D", ""));
    };
  }

  @Test
  void week() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [country]
            retention: [{grains: {day: 7, week: 2}}]
            churn: {inactive-days: 5}
            """);
    check(new Case(config, LocalDate.parse("2024-01-22"), 28, 5), 200);
  }

  @Test
  void months() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [country]
            retention: [{grains: {week: 3, month: 2}}]
            churn: {inactive-days: 10, stages: {early: 0, mid: 1}}
            """);
    check(new Case(config, LocalDate.parse("2024-01-10"), 75, 6), 150);
  }

  @Test
  void brackets() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [country, plan]
            retention: [{grains: {day: 3}, brackets: [0, 1, 3, 6]}]
            active-users: {windows: [1, 2, 7, 14, 28]}
            churn: {inactive-days: 3}
            """);
    check(new Case(config, LocalDate.parse("2024-01-22"), 21, 4), 150);
  }

  @Test
  void recurring() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [country]
            retention: [{name: a, grains: {day: 3}, cohort: recurring}, {name: b, grains: {day: 10}}]
            churn: {inactive-days: 4}
            """);
    check(new Case(config, LocalDate.parse("2024-01-22"), 21, 4), 150);
  }

  @Test
  void large() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [country]
            retention: [{grains: {day: 7, week: 2}}]
            churn: {inactive-days: 5}
            """);
    check(new Case(config, LocalDate.parse("2024-01-22"), 28, 5), 1500);
  }
}
