package io.tenure.jobs.metric;

import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection.Rule;
import io.tenure.jobs.protect.Hiding;
import io.tenure.jobs.protect.ProtectedRows;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The counts of a log, by the names that {@link Disclosure} has for them, and which are hidden. */
final class ProtectedLog {
  final Set<String> hidden = new HashSet<>();

  /** Outcomes of rows that speak of too few users: what must not be found out. */
  final Set<String> secret = new HashSet<>();

  final Set<String> leftOut = new HashSet<>();

  /** Tables that have no copy. */
  final Set<String> inside = new HashSet<>();

  final Map<String, Long> shown = new HashMap<>();

  ProtectedLog(
      TenureConfig config,
      LocalDate first,
      LocalDate last,
      int minUsers,
      List<Map<String, String>> events) {
    TablesOfLog exact = new TablesOfLog(config, first, last, events);
    Hiding hiding = Hiding.of(config, last, minUsers, exact.contracts(), exact);
    for (Contract table : exact.contracts()) {
      if (table.protection().staysInside()) {
        inside.add(table.name());
        continue;
      }
      ProtectedRows rows = hiding.rows(table);
      exact.each(table, row -> add(table, row, rows, minUsers));
    }
  }

  private void add(Contract table, Object[] row, ProtectedRows rows, int minUsers) {
    String key =
        table.grain().stream()
            .map(column -> String.valueOf(row[table.index(column)]))
            .collect(Collectors.joining(" ", table.name() + "|", "|"));
    boolean dropped = rows.drops(row);
    if (dropped && table.protection().rule() != Rule.LIFE_TABLE) {
      leftOut.add(row[table.index("segment")] + " " + row[table.index("segment_value")]);
    }
    Set<String> columns = rows.hidden(row);
    for (String measure : table.measures()) {
      Object value = row[table.index(measure)];
      if (value != null && table.columns().get(table.index(measure)).type() == ColumnType.BIGINT) {
        if (dropped || columns.contains(measure)) {
          hidden.add(key + measure);
        } else {
          shown.put(key + measure, (Long) value);
        }
        if (isSecret(table, row, measure, minUsers)) {
          secret.add(key + measure);
        }
      }
    }
  }

  /** Whether a count is not published. */
  boolean isHidden(String count) {
    return hidden.contains(count)
        || inside.contains(count.split("[|]")[0])
        || leftOut.stream()
            .anyMatch(value -> (" " + count.split("[|]")[1] + " ").contains(" " + value + " "));
  }

  private static boolean isSecret(Contract table, Object[] row, String measure, int minUsers) {
    String counted = table.protection().counted();
    if (measure.equals(counted) || measure.equals("new_users")) {
      return false;
    }
    return switch (table.name()) {
      case "active_users" -> {
        String widest = widest(table, row);
        yield !measure.equals(widest) && isFew((Long) row[table.index(widest)], minUsers);
      }
      case "growth" ->
          !measure.equals("previous_active_users")
              && !measure.equals("net_moved_users")
              && (isFew((Long) row[table.index("previous_active_users")], minUsers)
                  || isFew((Long) row[table.index(counted)], minUsers));
      // In its own period a cohort returns by definition.
      case "retention" ->
          !row[table.index("period")].equals(0)
              && isFew((Long) row[table.index(counted)], minUsers);
      default -> counted != null && isFew((Long) row[table.index(counted)], minUsers);
    };
  }

  private static boolean isFew(Long users, int minUsers) {
    return users != null && users > 0 && users < minUsers;
  }

  /** The longest window of a row that is known. */
  private static String widest(Contract table, Object[] row) {
    return table.measures().stream()
        .filter(window -> !window.equals("new_users") && row[table.index(window)] != null)
        .max(java.util.Comparator.comparingInt(ActiveUsersConfig::days))
        .orElseThrow();
  }
}
