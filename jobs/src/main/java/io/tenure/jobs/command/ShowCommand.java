package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.TableReader;
import io.tenure.common.table.Dictionary;
import io.tenure.common.table.Unit;
import io.tenure.jobs.report.Canvas;
import io.tenure.jobs.report.TextTable;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Shows a published table in the terminal.
 *
 * <p>Input: the current run of the config's output. Output: text. Example: {@code tenure show
 * retention -c conf/tenure.yaml --where "grain = 'week'"}
 */
@Command(
    name = "show",
    description =
        "Shows a published table; retention as a heat map, active users, growth, habits, churn"
            + " by stage and funnels as charts.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class ShowCommand implements Runnable {
  private static final int DEFAULT_ROWS = 40;

  /** What is shown first of a user at risk. */
  private static final List<String> RISK_COLUMNS =
      List.of(
          "user",
          "risk",
          "reasons",
          "days_since_last_active",
          "similar_churned_users",
          "similar_users",
          "value_at_risk");

  private final Console console;

  @Parameters(paramLabel = "TABLE", description = "Name of a table, such as retention.")
  private String table;

  @Mixin private CommonOptions common;

  @Option(
      names = "--where",
      paramLabel = "SQL",
      description = "Rows to show, as an SQL condition on the table's columns.")
  private String where;

  @Option(names = "--limit", paramLabel = "N", description = "Rows, cohorts or periods, at most.")
  private Integer limit;

  ShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    if (limit != null && (limit < 1 || limit == Integer.MAX_VALUE)) {
      throw UserError.usage(
          "Invalid --limit %d: give a number of rows, 1 to %d."
              .formatted(limit, Integer.MAX_VALUE - 1));
    }
    SparkSession spark = Session.open("show", ZoneOffset.UTC);
    Output output =
        Output.open(common.config().output(), spark.sparkContext().hadoopConfiguration());
    try {
      show(console, spark, output, table, where, limit);
    } catch (RuntimeException e) {
      Optional<String> value = where == null ? Optional.empty() : Failures.ofValue(e);
      throw value
          .<RuntimeException>map(
              told -> UserError.usage("Invalid --where \"%s\": %s".formatted(where, told)))
          .orElse(e);
    }
  }

  /** Shows a table of the current run. */
  static void show(
      Console console,
      SparkSession spark,
      Output output,
      String table,
      String where,
      Integer limit) {
    Pointer current =
        output
            .current()
            .orElseThrow(
                () ->
                    UserError.input(
                        "Cannot show %s: nothing was published in %s. Start with `run`."
                            .formatted(table, output.path())));
    if (!current.tables().containsKey(table)) {
      throw UserError.usage(
          "No table '%s' in run %s%s"
              .formatted(
                  table,
                  current.runId(),
                  Nearest.of(table, current.tables().keySet())
                      .map(near -> "; did you mean '" + near + "'?")
                      .orElse(": it has " + String.join(", ", current.tables().keySet()) + ".")));
    }
    spark.sparkContext().setJobDescription("Show " + table);
    int cohorts = limit == null ? Canvas.DEFAULT_COHORTS : limit;
    Canvas canvas = new Canvas(console.width(), cohorts, console.palette());
    if (table.equals("retention")) {
      new RetentionView(
              tableOf(spark, output, current, "retention", where),
              spark.read().parquet(output.table(current.runId(), "retention_curve")),
              where != null)
          .show(console.out(), canvas);
      return;
    }
    if (Views.have(table)) {
      Dataset<Row> shown = tableOf(spark, output, current, table, where);
      console.out().println(Views.draw(table, shown, where, canvas));
      return;
    }
    int rows = limit == null ? DEFAULT_ROWS : limit;
    Dataset<Row> found = tableOf(spark, output, current, table, where);
    showRows(
        console,
        table.equals("at_risk_users") ? riskiestFirst(found) : found,
        shares(spark, output, current, table),
        rows);
  }

  /** Nobody asks for users by their names; and why comes before the numbers behind it. */
  static Dataset<Row> riskiestFirst(Dataset<Row> users) {
    Set<String> columns = new LinkedHashSet<>(RISK_COLUMNS);
    columns.retainAll(Set.of(users.columns()));
    columns.addAll(List.of(users.columns()));
    return users
        .orderBy(col("risk").desc_nulls_last(), col("user"))
        .select(columns.stream().map(functions::col).toArray(Column[]::new));
  }

  /** The columns of a table that are shares, as the run's own dictionary says. */
  static Set<String> shares(SparkSession spark, Output output, Pointer current, String table) {
    Set<String> shares = new TreeSet<>();
    try (TableReader.Rows columns =
        TableReader.open(
                spark.sparkContext().hadoopConfiguration(),
                output.table(current.runId(), Dictionary.CONTRACT.name()))
            .rows(List.of("table_name", "column_name", "unit"), Optional.empty())) {
      while (columns.hasNext()) {
        Object[] column = columns.next();
        if (column[0].equals(table) && Unit.SHARE.label().equals(column[2])) {
          shares.add((String) column[1]);
        }
      }
    }
    return shares;
  }

  private static Dataset<Row> tableOf(
      SparkSession spark, Output output, Pointer current, String table, String where) {
    Dataset<Row> rows = spark.read().parquet(output.table(current.runId(), table));
    try {
      return where == null ? rows : rows.where(where);
    } catch (Exception e) {
      if (e instanceof AnalysisException analysis) {
        throw UserError.usage(
            "Invalid --where \"%s\": %s".formatted(where, UserError.firstLine(analysis)));
      }
      throw e;
    }
  }

  private static void showRows(Console console, Dataset<Row> table, Set<String> shares, int limit) {
    List<String> headers =
        Arrays.stream(table.columns()).filter(name -> !name.equals("run_id")).toList();
    List<Row> found =
        table
            .select(headers.stream().map(functions::col).toArray(Column[]::new))
            .limit(limit + 1)
            .collectAsList();
    List<List<Object>> rows = new ArrayList<>();
    for (Row row : found.subList(0, Math.min(limit, found.size()))) {
      List<Object> values = new ArrayList<>();
      for (int column = 0; column < headers.size(); column++) {
        values.add(row.get(column));
      }
      rows.add(values);
    }
    console.out().println(new TextTable(headers, shares, rows).draw(console.width()));
    if (found.size() > limit) {
      console.out().println("first " + limit + " rows; --limit shows more, --where others");
    }
  }
}
