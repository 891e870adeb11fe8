package io.tenure.common.table;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;

import io.tenure.common.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The table of all tables: contracts as rows, and rows as contracts. */
public final class Dictionary {
  /** The table {@code definitions}. */
  public static final Contract CONTRACT =
      Contract.result(
              "definitions",
              "A column of a published table and what it means under the config of this run",
              List.of("table", "position"),
              Stream.concat(
                      Stream.of(
                          required("table", STRING, "Table that the column is in"),
                          required("position", INT, "Place of the column in the table, from 1")
                              .in(Unit.NUMBER),
                          required("column", STRING, "Name of the column"),
                          required("type", STRING, "Type, as Spark SQL names it"),
                          optional(
                              "unit",
                              STRING,
                              "What a number counts or measures; NULL where there is no number"),
                          required("is_nullable", BOOLEAN, "Whether the column can be NULL"),
                          optional(
                                  "grain_position",
                                  INT,
                                  "Place of the column, from 1, among those that together identify a"
                                      + " row of the table; NULL for all others")
                              .in(Unit.NUMBER),
                          required(
                              "is_additive", BOOLEAN, "Whether sums of the column have a meaning"),
                          optional(
                              "sums_over",
                              STRING,
                              "Columns, separated by commas, that rows may differ in and still be"
                                  + " added up, never with an (all) among them; rows must agree in the"
                                  + " rest of the grain. NULL where the column is not additive"),
                          required(
                              "meaning",
                              STRING,
                              "The column's meaning, with this run's parameters"),
                          required("table_meaning", STRING, "What one row of the table is")),
                      Stream.of(Vendor.values())
                          .map(
                              vendor ->
                                  optional(
                                      vendor.name().toLowerCase(Locale.ROOT),
                                      STRING,
                                      "Setting of this product that gives the same number for the same"
                                          + " events; NULL where none is known to")))
                  .toList())
          .hiding(Protection.of(Protection.Rule.NOBODY));

  private Dictionary() {}

  /**
   * Whether this version of Tenure wrote a dictionary, or one that named its columns alike.
   *
   * @param columns that it has
   */
  public static boolean isReadable(Set<String> columns) {
    return columns.containsAll(List.of("table", "column", "type", "meaning", "table_meaning"));
  }

  /**
   * What to say of a run whose dictionary is missing or not readable.
   *
   * @param purpose what cannot be done with the run, a verb
   */
  public static UserError tooOld(String purpose, String runId) {
    return UserError.storage(
        "Cannot %s run %s: its table %s is missing or has other columns, because another version of Tenure wrote it. `run` again."
            .formatted(purpose, runId, CONTRACT.name()),
        null);
  }

  /**
   * The rows of the dictionary, sorted by its grain.
   *
   * @param contracts with parameters filled in
   */
  public static List<Object[]> rows(List<Contract> contracts, String runId) {
    List<Object[]> rows = new ArrayList<>();
    for (Contract contract : sorted(contracts)) {
      for (int at = 0; at < contract.columns().size(); at++) {
        Column column = contract.columns().get(at);
        int key = contract.grain().indexOf(column.name());
        List<Object> row = new ArrayList<>();
        row.add(contract.name());
        row.add(at + 1);
        row.add(column.name());
        row.add(column.type().sql());
        row.add(column.unit() == null ? null : column.unit().label());
        row.add(column.nullable());
        row.add(key < 0 ? null : key + 1);
        row.add(!column.sumsOver().isEmpty());
        row.add(column.sumsOver().isEmpty() ? null : String.join(", ", column.sumsOver()));
        row.add(column.comment());
        row.add(contract.comment());
        for (Vendor vendor : Vendor.values()) {
          row.add(column.vendors().get(vendor));
        }
        row.add(runId);
        rows.add(row.toArray());
      }
    }
    return rows;
  }

  private static List<Contract> sorted(List<Contract> contracts) {
    return contracts.stream().sorted(java.util.Comparator.comparing(Contract::name)).toList();
  }

  /**
   * A column as a row of the dictionary describes it, for those who read a run without its code.
   */
  public record Entry(
      String table,
      String column,
      ColumnType type,
      boolean nullable,
      Integer grainPosition,
      String meaning,
      String tableMeaning) {}

  /** A table as the dictionary describes it. */
  public record Table(String name, String meaning, List<String> grain, List<Entry> columns) {}

  /**
   * The tables of a dictionary.
   *
   * @param entries in the order of the dictionary's grain
   */
  public static List<Table> tables(List<Entry> entries) {
    Map<String, List<Entry>> byTable = new LinkedHashMap<>();
    for (Entry entry : entries) {
      byTable.computeIfAbsent(entry.table(), unseen -> new ArrayList<>()).add(entry);
    }
    return byTable.entrySet().stream()
        .map(
            table ->
                new Table(
                    table.getKey(),
                    table.getValue().get(0).tableMeaning(),
                    table.getValue().stream()
                        .filter(entry -> entry.grainPosition() != null)
                        .sorted(java.util.Comparator.comparing(Entry::grainPosition))
                        .map(Entry::column)
                        .toList(),
                    List.copyOf(table.getValue())))
        .toList();
  }
}
