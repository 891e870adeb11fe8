package io.tenure.jobs.metric;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.jobs.protect.Hiding;
import io.tenure.jobs.protect.ProtectedRows;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** A log of users with plans, and what is hidden in its tables. */
final class PlansLog {
  static final LocalDate FIRST = LocalDate.parse("2024-01-01");

  final List<Map<String, String>> events = new ArrayList<>();

  /** A row of an exact table, and its columns that are hidden; null: it is left out whole. */
  record Row(Map<String, Object> values, Set<String> hidden) {
    boolean is(String column, Object value) {
      return value.toString().equals(String.valueOf(values.get(column)));
    }

    boolean hides(String column) {
      return hidden == null || hidden.contains(column);
    }

    long count(String column) {
      return values.get(column) == null ? 0 : (Long) values.get(column);
    }
  }

  /** Users with a plan, each active on some days, counted from the first. */
  void users(String plan, int count, int days, IntPredicate active, String amount) {
    for (int user = 0; user < count; user++) {
      for (int day = 0; day < days; day++) {
        if (active.test(day)) {
          event(plan + user, day, plan, "active", amount);
        }
      }
    }
  }

  /**
   * An event.
   *
   * @param is names of activities and subscription events
   */
  void event(String user, int day, String plan, String is, String amount) {
    Map<String, String> event = new HashMap<>();
    event.put("user", user);
    event.put("time", FIRST.plusDays(day).toString());
    event.put("plan", plan);
    event.put("is", is);
    event.put("amount", amount);
    events.add(event);
  }

  /**
   * The rows of a table.
   *
   * @param days of the log
   */
  List<Row> rows(String yaml, int days, int minUsers, String table) {
    TenureConfig config =
        TestLog.config(
            "input: {path: in, user: user, time: time, amount: amount}\noutput: out\n"
                + (yaml.contains("segments:") ? "" : "segments: [plan]\n")
                + yaml);
    LocalDate last = FIRST.plusDays(days - 1L);
    TablesOfLog exact = new TablesOfLog(config, FIRST, last, events);
    Hiding hiding = Hiding.of(config, last, minUsers, exact.contracts(), exact);
    Contract contract =
        exact.contracts().stream()
            .filter(one -> one.name().equals(table))
            .findFirst()
            .orElseThrow();
    ProtectedRows protection = hiding.rows(contract);
    List<Row> rows = new ArrayList<>();
    exact.each(
        contract,
        row -> {
          Map<String, Object> values = new HashMap<>();
          contract
              .columns()
              .forEach(column -> values.put(column.name(), row[contract.index(column.name())]));
          rows.add(new Row(values, protection.drops(row) ? null : protection.hidden(row)));
        });
    return rows;
  }
}
