package io.tenure.jobs.report.page;

import io.tenure.common.config.Parameters;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.RunRecord;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables that the metrics make of a log, and the record of such a run, without files. */
final class LogTables implements PublishedTables {
  private final TestLog log;
  private final TenureConfig config;
  private final String asOf;
  private final List<Contract> contracts;
  private final Map<String, List<Map<String, Object>>> tables = new HashMap<>();

  LogTables(TestLog log, TenureConfig config, String asOf) {
    this.log = log;
    this.config = config;
    this.asOf = asOf;
    int end = (int) LocalDate.parse(asOf).toEpochDay();
    this.contracts =
        Metrics.tables(Metrics.of(new Scope(config, end, end))).stream()
            .map(contract -> contract.filledIn(Parameters.of(config)))
            .toList();
  }

  /** All rows of a table; none, if the config asks for no such table. */
  synchronized List<Map<String, Object>> table(String name) {
    return contracts.stream().anyMatch(contract -> contract.name().equals(name))
        ? tables.computeIfAbsent(name, unseen -> log.table(name, config, asOf))
        : List.of();
  }

  @Override
  public List<TableRow> rows(String table, Choice choice, List<String> columns) {
    Map<String, Integer> index = new LinkedHashMap<>();
    columns.forEach(column -> index.put(column, index.size()));
    List<TableRow> rows = new ArrayList<>();
    for (Map<String, Object> values : table(table)) {
      TableRow row = new TableRow(index, columns.stream().map(values::get).toArray());
      if (choice.holds(row)) {
        rows.add(row);
      }
    }
    return rows;
  }

  @Override
  public Map<String, String> definitions(String table) {
    Map<String, String> definitions = new LinkedHashMap<>();
    for (Contract contract : contracts) {
      if (contract.name().equals(table)) {
        for (Column column : contract.columns()) {
          definitions.put(column.name(), column.comment());
        }
      }
    }
    return definitions;
  }

  /** A run that read a hundred rows. */
  RunRecord run() {
    LocalDate first =
        table("active_users").stream()
            .map(row -> (LocalDate) row.get("day"))
            .min(LocalDate::compareTo)
            .orElseThrow();
    return new RunRecord(
        "20240615T120000Z",
        config.name(),
        RunRecord.COMPLETE,
        asOf,
        first.toString(),
        null,
        "2024-06-15T12:00:00Z",
        "2024-06-15T12:00:10Z",
        "0",
        new RunRecord.Input("in", 1, 1, "0"),
        new RunRecord.Reading("full", "the first run in this output", 1, List.of(), null),
        new RunRecord.Rows(100, 97, 2, 1, Map.of("missing_user", 2L), Map.of("duplicate", 1L)),
        null,
        null,
        Map.of(),
        List.of(new RunRecord.Stage("check", 1, 24)),
        Map.of(),
        List.of());
  }
}
