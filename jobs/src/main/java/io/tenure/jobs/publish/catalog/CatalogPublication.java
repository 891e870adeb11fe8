package io.tenure.jobs.publish.catalog;

import static io.tenure.jobs.publish.catalog.CatalogTable.literal;
import static io.tenure.jobs.publish.catalog.CatalogTable.quoted;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.tenure.common.UserError;
import io.tenure.common.config.CatalogConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.ProtectionRecord;
import io.tenure.jobs.publish.RunDictionary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The tables of a run in a namespace of a Spark catalog: Iceberg, or any other that replaces what a
 * table holds in one commit.
 *
 * <p>A catalog knows no transaction over several tables. So each table is replaced in one commit,
 * then tagged with the run id, then marked as holding the run; and {@code runs} is the last one.
 * Whoever takes the run id from there and reads the tables as of its tag reads one run, whole, also
 * while the next one is being published. A table that is marked is not touched again.
 */
public final class CatalogPublication {
  private static final String LAST = "runs";

  /** What is done with each table, in order. */
  public enum Step {
    PREPARE,
    REPLACE,
    TAG,
    MARK
  }

  private final SparkSession spark;
  private final Output output;
  private final CatalogConfig config;
  private final BiConsumer<Step, String> before;

  /**
   * @param before told of each step and its table just before it; what it throws stops publishing
   */
  public CatalogPublication(
      SparkSession spark, Output output, CatalogConfig config, BiConsumer<Step, String> before) {
    this.spark = spark;
    this.output = output;
    this.config = config;
    this.before = before;
  }

  /**
   * What was published.
   *
   * @param rows by table that was written; empty if the catalog had the run already
   */
  public record Published(String namespace, Map<String, Long> rows) {}

  /**
   * Requires that Spark knows the catalog.
   *
   * @throws UserError of usage
   */
  public static void requireKnown(SparkSession spark, CatalogConfig config) {
    String key = "spark.sql.catalog." + config.name();
    if (spark.conf().getOption(key).isEmpty()) {
      throw UserError.usage(
          "Spark knows no catalog '%s' (publish.catalog.name). Say what it is when submitting, such as --conf %s=org.apache.iceberg.spark.SparkCatalog, with its other settings and, in --packages, its connector."
              .formatted(config.name(), key));
    }
  }

  /**
   * Publishes the run that readers of the files see.
   *
   * @throws UserError of storage, if the catalog cannot be reached or refuses, when each table
   *     holds what it held before, or this run; or if the namespace holds what another output
   *     published, when nothing is touched
   */
  public Published publish(Pointer run) {
    requireKnown(spark, config);
    List<CatalogTable> tables =
        RunDictionary.tables(spark, output, run).stream()
            .map(table -> new CatalogTable(config, table))
            .sorted(java.util.Comparator.comparing(table -> table.table().name().equals(LAST)))
            .toList();
    String[] at = {"before the first table"};
    try {
      Map<String, String> ours = open(tables);
      if (isUnclaimed(ours)) {
        ours.replaceAll((table, held) -> CatalogTable.NO_RUN);
      }
      Map<String, Long> rows = new TreeMap<>();
      retire(run, ours, tables);
      for (CatalogTable table : tables) {
        String name = table.table().name();
        at[0] = "at the table " + name;
        if (!run.runId().equals(ours.get(name))) {
          publish(run, table, ours.containsKey(name));
          rows.put(name, rowsOutside(run).get(name));
        }
      }
      return new Published(config.shown(), rows);
    } catch (UserError e) {
      throw e;
    } catch (Exception e) { // Scala does not declare what it throws.
      throw UserError.storage(
          "Cannot publish run %s to the catalog, namespace %s, %s: %s%nIts files are published and whole; each table of the catalog holds this run or what it held, `%s` as the last one. Repeat with `publish`."
              .formatted(run.runId(), config.shown(), at[0], hidden(UserError.firstLine(e)), LAST),
          e);
    }
  }

  private Map<String, Long> rowsOutside(Pointer run) {
    return output.protection(run.runId()).map(ProtectionRecord::tables).orElse(run.tables());
  }

  /** Finds out what is there: the run of each table of ours. */
  private Map<String, String> open(List<CatalogTable> tables) {
    String namespace = CatalogTable.namespace(config);
    spark.sql("CREATE NAMESPACE IF NOT EXISTS " + namespace);
    if (config.tags()) {
      requireTags();
    }
    Map<String, String> ours = new TreeMap<>();
    for (Row found : spark.sql("SHOW TABLES IN " + namespace).collectAsList()) {
      String name = found.getAs("tableName");
      boolean isNamedAsOurs = tables.stream().anyMatch(table -> table.table().name().equals(name));
      Map<String, String> properties = isNamedAsOurs ? properties(name) : propertiesIfAny(name);
      String run = properties.get(CatalogTable.RUN);
      if (run != null) {
        requireOurs(name, run, properties.get(CatalogTable.OUTPUT));
        ours.put(name, run);
      } else if (isNamedAsOurs) {
        throw UserError.storage(
            "Table %s is there and is none of Tenure's, so it was left alone, and nothing was"
                    .formatted(CatalogTable.name(config, name))
                + " published. Rename it, or publish to another namespace.",
            null);
      }
    }
    return ours;
  }

  /** Whether tables are there that no output is known to publish. */
  private boolean isUnclaimed(Map<String, String> ours) {
    return ours.containsKey(LAST) && !properties(LAST).containsKey(CatalogTable.OUTPUT);
  }

  private void requireOurs(String table, String runId, String owner) {
    if (owner != null && !owner.equals(output.path())) {
      throw UserError.storage(
          "The catalog namespace %s holds run %s of the output %s, so none of %s was published there."
                  .formatted(config.shown(), runId, owner, output.path())
              + " Name another namespace (publish.catalog.namespace). Only if this output replaces"
              + " that one, say ALTER TABLE %s UNSET TBLPROPERTIES ('%s'), then repeat with `publish`."
                  .formatted(CatalogTable.name(config, table), CatalogTable.OUTPUT),
          null);
    }
  }

  /** A tag for a table that cannot be: who knows tags complains about the table. */
  private void requireTags() {
    try {
      spark.sql("ALTER TABLE %s CREATE TAG `t`".formatted(CatalogTable.name(config, "_")));
    } catch (Exception e) { // Scala does not declare what it throws.
      if (e instanceof org.apache.spark.SparkThrowable told
          && "PARSE_SYNTAX_ERROR".equals(told.getCondition())) {
        throw UserError.storage(
            "Spark cannot tag tables of the catalog %s, so nothing was published there. Submit with --conf spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions, or, for a catalog without tags, say publish.catalog.tags: false."
                .formatted(config.name()),
            e);
      }
    }
  }

  private Map<String, String> properties(String table) {
    return spark
        .sql("SHOW TBLPROPERTIES " + CatalogTable.name(config, table))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1)));
  }

  /** The properties of what may be a stranger's table, and may be none that can be read. */
  private Map<String, String> propertiesIfAny(String table) {
    try {
      return properties(table);
    } catch (Exception e) { // Scala does not declare what it throws.
      return Map.of();
    }
  }

  /** What the catalog says of a table; among its properties it is not shown. */
  private String described(CatalogTable table) throws AnalysisException {
    return spark.catalog().getTable(table.name()).description();
  }

  private void publish(Pointer run, CatalogTable table, boolean isThere) throws AnalysisException {
    String name = table.table().name();
    before.accept(Step.PREPARE, name);
    requireCurrent(run);
    spark
        .sparkContext()
        .setJobDescription("Publish the table %s to %s".formatted(name, config.shown()));
    if (isThere) {
      table.alterations(spark.table(table.name()).schema()).forEach(spark::sql);
      if (!table.table().meaning().equals(described(table))) {
        spark.sql(table.comment());
      }
    } else {
      spark.sql(table.create());
    }
    replace(run, name, RunDictionary.rows(spark, output, run, name));
  }

  /** Puts rows in the place of all there are, in one commit. */
  private void replace(Pointer run, String table, Dataset<Row> rows) throws AnalysisException {
    String name = CatalogTable.name(config, table);
    List<String> given = List.of(rows.columns());
    Column[] columns =
        Arrays.stream(spark.table(name).schema().fields())
            .map(
                field ->
                    given.contains(field.name())
                        ? col(quoted(field.name()))
                        : lit(null).cast(field.dataType()).as(field.name()))
            .toArray(Column[]::new);
    before.accept(Step.REPLACE, table);
    rows.select(columns)
        .writeTo(name)
        .option("snapshot-property." + CatalogTable.RUN, run.runId())
        .overwrite(lit(true));
    if (config.tags()) {
      before.accept(Step.TAG, table);
      spark.sql("ALTER TABLE %s CREATE OR REPLACE TAG %s".formatted(name, quoted(run.runId())));
    }
    before.accept(Step.MARK, table);
    if (!currentRun().equals(run.runId())) {
      // It may have marked the table before these rows came to it, and would leave it as it is.
      mark(name, CatalogTable.NO_RUN, "");
    }
    requireCurrent(run);
    String owner =
        table.equals(LAST)
            ? ", %s = %s".formatted(literal(CatalogTable.OUTPUT), literal(output.path()))
            : "";
    mark(name, run.runId(), owner);
  }

  private void mark(String name, String holds, String more) {
    spark.sql(
        "ALTER TABLE %s SET TBLPROPERTIES (%s = %s%s)"
            .formatted(name, literal(CatalogTable.RUN), literal(holds), more));
  }

  /** Empties tables of ours that this run does not have: it leaves no stale row. */
  private void retire(Pointer run, Map<String, String> ours, List<CatalogTable> tables)
      throws AnalysisException {
    List<String> published = tables.stream().map(table -> table.table().name()).toList();
    for (String left : ours.keySet().stream().filter(name -> !published.contains(name)).toList()) {
      if (!run.runId().equals(ours.get(left))) {
        requireCurrent(run);
        replace(run, left, spark.table(CatalogTable.name(config, left)).limit(0));
      }
    }
  }

  /** A later run that was quicker must not be replaced by an earlier one. */
  private void requireCurrent(Pointer run) {
    String current = currentRun();
    if (!current.equals(run.runId())) {
      throw new IllegalStateException("run %s became current meanwhile".formatted(current));
    }
  }

  private String currentRun() {
    return output.current().map(Pointer::runId).orElse("none");
  }

  /** Text without the secrets that the catalog was configured with. */
  private String hidden(String text) {
    String shown = text;
    for (Map.Entry<String, String> setting :
        scala.jdk.javaapi.CollectionConverters.asJava(spark.conf().getAll()).entrySet()) {
      if (isSecret(setting.getKey()) && !setting.getValue().isEmpty()) {
        shown = shown.replace(setting.getValue(), "***");
      }
    }
    return shown;
  }

  private boolean isSecret(String key) {
    return key.startsWith("spark.sql.catalog." + config.name() + ".")
        && key.matches("(?i).*(secret|password|token|credential).*");
  }
}
