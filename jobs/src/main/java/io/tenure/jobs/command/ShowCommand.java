package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.when;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.TableReader;
import io.tenure.common.table.Dictionary;
import io.tenure.common.table.Unit;
import io.tenure.jobs.report.Canvas;
import io.tenure.jobs.report.PlainTable;
import io.tenure.jobs.report.TextTable;
import java.io.PrintStream;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.parquet.schema.Type;
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
      List.of("user", "risk", "value_at_risk", "days_since_last_active", "reasons");

  /** Who is this likely to leave has mostly left. */
  private static final double NEARLY_GONE = 0.9;

  private static final Pattern HORIZON = Pattern.compile("within \\d+ days");

  /** What is shown of several definitions; one is shown whole. */
  private static final List<String> DEFINITION_COLUMNS = List.of("table", "column", "meaning");

  /** What tells whose row it is; that it is in a file of the run needs no saying. */
  private static final Set<String> NOT_SHOWN = Set.of("run_id", "segment_basis");

  private final Console console;

  @Parameters(
      paramLabel = "TABLE",
      arity = "0..1",
      description = "Name of a table, such as retention. Without one, what tables there are.")
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
    if (table == null && (where != null || limit != null)) {
      throw UserError.usage(
          "--where and --limit are of the rows of a table: name one, such as `show retention`.");
    }
    SparkSession spark = Session.open("show", ZoneOffset.UTC);
    Output output =
        Output.open(common.config().output(), spark.sparkContext().hadoopConfiguration());
    try {
      if (table == null) {
        showTables(console, spark, output);
      } else {
        show(console, spark, output, table, where, limit);
      }
    } catch (RuntimeException e) {
      Optional<String> value = where == null ? Optional.empty() : Failures.ofValue(e);
      throw value
          .<RuntimeException>map(
              told ->
                  UserError.usage(
                      "Invalid --where \"%s\": %s".formatted(where, Remedy.after(told, e))))
          .orElse(e);
    }
  }

  /** What there is to show, and what a row of each is. */
  private static void showTables(Console console, SparkSession spark, Output output) {
    Pointer current = current(output, "tables");
    SortedMap<Object, Object> meanings = new TreeMap<>();
    try (TableReader.Rows columns =
        definitions(spark, output, current)
            .rows(List.of("table", "table_meaning"), Optional.empty())) {
      columns.forEachRemaining(column -> meanings.put(column[0], column[1]));
    }
    List<List<Object>> rows =
        meanings.entrySet().stream()
            .map(table -> List.of(table.getKey(), table.getValue()))
            .toList();
    console
        .out()
        .print(new TextTable(List.of("table", "one row is"), Set.of(), rows).draw(console.width()));
  }

  private static Pointer current(Output output, String shown) {
    output.requirePointer();
    return output
        .current()
        .orElseThrow(
            () ->
                UserError.input(
                    "Cannot show %s: nothing was published in %s. Start with `run`."
                        .formatted(shown, output.path())));
  }

  /** Shows a table of the current run. */
  static void show(
      Console console,
      SparkSession spark,
      Output output,
      String table,
      String where,
      Integer limit) {
    Pointer current = current(output, table);
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
    Described described = described(spark, output, current, table);
    if (table.equals("at_risk_users")) {
      showAtRisk(console, found, described, where != null, rows);
    } else {
      Rows first = first(found, rows);
      PlainTable whole = first.asTable(described);
      boolean several = table.equals(Dictionary.CONTRACT.name()) && first.values.size() > 1;
      PlainTable shown = several ? first.only(DEFINITION_COLUMNS).asTable(DEFINITIONS) : whole;
      console.out().println(shown.draw(console.width()));
      if (several) {
        console
            .out()
            .println(
                "--where \"table = 'growth' AND column = 'quick_ratio'\" shows all that is"
                    + " known of one column");
      }
      first.sayMore(console.out());
    }
  }

  private static void showAtRisk(
      Console console, Dataset<Row> users, Described described, boolean chosen, int limit) {
    Row all =
        users
            .agg(count("user"), count(when(col("risk").geq(NEARLY_GONE), true)), max("as_of"))
            .head();
    console
        .out()
        .printf(
            Locale.ROOT,
            "%,d %s%s%s%s%n%n",
            all.getLong(0),
            all.getLong(0) == 1 ? "user" : "users",
            all.isNullAt(2) ? "" : " on " + all.get(2),
            chosen ? ", those that --where leaves" : "",
            described.horizon().map(days -> "; risk is of churn " + days).orElse(""));
    Rows first = first(riskiestFirst(users), limit);
    String drawn =
        first.values.size() == 1
            ? first.asTable(described).draw(console.width())
            : new TextTable(first.headers, described.shares(), first.values).draw(console.width());
    console.out().println(drawn);
    first.sayMore(console.out());
    if (!chosen && all.getLong(1) > 0) {
      console
          .out()
          .printf(
              Locale.ROOT,
              "%,d have a risk of 0.9 or more and are nearly gone; --where \"risk >= 0.3 AND risk <"
                  + " 0.9\" shows whom there is still time for%n",
              all.getLong(1));
    }
  }

  /** Nobody asks for users by their names; and why comes before the numbers behind it. */
  static Dataset<Row> riskiestFirst(Dataset<Row> users) {
    Set<String> columns = new LinkedHashSet<>(RISK_COLUMNS);
    columns.retainAll(Set.of(users.columns()));
    columns.addAll(List.of(users.columns()));
    return users
        .orderBy(col("risk").desc_nulls_last(), col("user"))
        // With spaces, at which lines can be broken.
        .withColumn("reasons", regexp_replace(col("reasons"), ",", ", "))
        .select(columns.stream().map(functions::col).toArray(Column[]::new));
  }

  /**
   * What the run's own dictionary says of a table.
   *
   * @param keys the columns of its grain, in order
   * @param shares the columns that are shares
   * @param horizon of risk, the days that it looks ahead, in words
   */
  record Described(List<String> keys, Set<String> shares, Optional<String> horizon) {}

  private static final Described DEFINITIONS =
      new Described(List.of("table", "column"), Set.of(), Optional.empty());

  private static TableReader definitions(SparkSession spark, Output output, Pointer current) {
    TableReader definitions =
        TableReader.open(
            spark.sparkContext().hadoopConfiguration(),
            output.table(current.runId(), Dictionary.CONTRACT.name()));
    Set<String> columns =
        definitions.schema().stream()
            .flatMap(schema -> schema.getFields().stream())
            .map(Type::getName)
            .collect(Collectors.toSet());
    if (!Dictionary.isReadable(columns)) {
      throw Dictionary.tooOld("show tables of", current.runId());
    }
    return definitions;
  }

  /** What the run's own dictionary says of a table. */
  static Described described(SparkSession spark, Output output, Pointer current, String table) {
    Set<String> shares = new TreeSet<>();
    Map<Integer, String> keys = new TreeMap<>();
    Optional<String> horizon = Optional.empty();
    try (TableReader.Rows columns =
        definitions(spark, output, current)
            .rows(
                List.of("table", "column", "unit", "grain_position", "meaning"),
                Optional.empty())) {
      while (columns.hasNext()) {
        Object[] column = columns.next();
        if (!column[0].equals(table)) {
          continue;
        }
        if (Unit.SHARE.label().equals(column[2])) {
          shares.add((String) column[1]);
        }
        if (column[3] != null) {
          keys.put(((Number) column[3]).intValue(), (String) column[1]);
        }
        if (column[1].equals("risk")) {
          horizon =
              HORIZON.matcher((String) column[4]).results().findFirst().map(MatchResult::group);
        }
      }
    }
    return new Described(List.copyOf(keys.values()), shares, horizon);
  }

  private static Dataset<Row> tableOf(
      SparkSession spark, Output output, Pointer current, String table, String where) {
    Dataset<Row> rows = spark.read().parquet(output.table(current.runId(), table));
    try {
      return where == null ? rows : rows.where(where);
    } catch (Exception e) {
      if (e instanceof AnalysisException analysis) {
        throw UserError.usage(
            "Invalid --where \"%s\": %s"
                .formatted(where, Remedy.after(UserError.firstLine(analysis), analysis)));
      }
      throw e;
    }
  }

  private static Rows first(Dataset<Row> table, int limit) {
    List<String> headers =
        Arrays.stream(table.columns()).filter(name -> !NOT_SHOWN.contains(name)).toList();
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
    return new Rows(headers, rows, found.size() > limit);
  }

  /**
   * The first rows of a table.
   *
   * @param more whether there are others
   */
  private record Rows(List<String> headers, List<List<Object>> values, boolean more) {
    PlainTable asTable(Described described) {
      return new PlainTable(headers, described.keys(), described.shares(), values);
    }

    Rows only(List<String> columns) {
      List<List<Object>> cells =
          values.stream()
              .map(row -> columns.stream().map(name -> row.get(headers.indexOf(name))).toList())
              .toList();
      return new Rows(columns, cells, more);
    }

    void sayMore(PrintStream out) {
      if (more) {
        out.println("first " + values.size() + " rows; --limit shows more, --where others");
      }
    }
  }
}
