package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.CatalogConfig;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.publish.catalog.CatalogPublication;
import io.tenure.jobs.publish.catalog.CatalogPublication.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.commons.io.FileUtils;
import org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of one output, published to namespaces of an Iceberg catalog on SQLite. */
@ExtendWith(SparkTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CatalogTest {
  private static final BiConsumer<Step, String> ON = (step, table) -> {};
  private static final String SECRET = "canary-0815";

  @TempDir private static Path folder;
  private SparkSession shared;
  private SparkSession lake;
  private Cli tenure;
  private Output output;
  private Pointer first;
  private Pointer second;

  @BeforeAll
  void run_twice(SparkSession session) throws Exception {
    shared = session;
    lake = withIceberg();
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day,
                        amount: amount}
                output: <out>
                segments: [country]
                activities: {paid: "country <> '${user} \\\\ it''s'"}
                retention: [{grains: {month: 2}, brackets: [0, 1, 2], return: paid}]
                publish: {catalog: {name: lake, namespace: by_command}}
                """);
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("log.csv"),
        """
        user,day,country,amount
        ann,2024-01-10,RO,1.5
        bob,2024-01-11,"a\\b	c'd""|é",2
        bob,2024-02-02,"a\\b	c'd""|é",
        cid,2024-02-28,,
        dan,soon,RO,
        """);
    UncheckedRuns runs = new UncheckedRuns(tenure);
    String tolerant = "quality.max-rejected-ratio=1";
    first = runs.run("2024-02-15", tolerant);
    second = runs.run("2024-03-31", tolerant, "active-users.windows=[90]");
    output = Output.open(tenure.output().toString(), session.sparkContext().hadoopConfiguration());
  }

  /** A session of this JVM's Spark that has the catalog; extensions are a session's own. */
  private static SparkSession withIceberg() {
    return org.apache.spark.sql.classic.SparkSession.builder()
        .withExtensions(new IcebergSparkSessionExtensions())
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        // Hundreds of small statements: compiling them costs more than it saves.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
        .config("spark.sql.catalog.lake.type", "jdbc")
        .config(
            "spark.sql.catalog.lake.uri",
            "jdbc:sqlite:%s?synchronous=OFF".formatted(folder.resolve("catalog.db")))
        .config("spark.sql.catalog.lake.jdbc.schema-version", "V1")
        .config("spark.sql.catalog.lake.warehouse", folder.resolve("warehouse").toString())
        .config("spark.sql.catalog.broken", "org.example.NoSuch" + SECRET)
        .config("spark.sql.catalog.broken.token", SECRET)
        .create();
  }

  @AfterAll
  void hand_back_the_session() {
    SparkSession.setActiveSession(shared);
  }

  private void pointAt(Pointer run) {
    HeldOutput held = output.lock("test", InstantSource.system());
    try {
      held.rollBack(run.runId());
    } finally {
      held.close();
    }
  }

  private Map<String, Long> publish(Pointer run, List<String> namespace) {
    return publish(run, namespace, ON);
  }

  private Map<String, Long> publish(
      Pointer run, List<String> namespace, BiConsumer<Step, String> before) {
    pointAt(run);
    SparkSession.setActiveSession(lake);
    return new CatalogPublication(lake, output, new CatalogConfig("lake", namespace, true), before)
        .publish(run)
        .rows();
  }

  private Dataset<Row> sql(String query, Object... names) {
    return lake.sql(query.formatted(names));
  }

  private static List<String> text(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** What a run's files say, in the columns they have. */
  private void assertHolds(String namespace, String version, Pointer run) {
    for (String table : published(run)) {
      Dataset<Row> files = lake.read().parquet(output.table(run.runId(), table));
      String columns =
          String.join(", ", Arrays.stream(files.columns()).map(name -> "`" + name + "`").toList());
      Dataset<Row> there = sql("SELECT %s FROM %s.`%s` %s", columns, namespace, table, version);
      assertThat(text(there)).as(table).isEqualTo(text(files));
    }
  }

  private static List<String> published(Pointer run) {
    return run.tables().keySet().stream()
        .filter(table -> !Set.of("rejected_events", "at_risk_users").contains(table))
        .toList();
  }

  private Map<String, List<String>> snapshots(String namespace) {
    Map<String, List<String>> snapshots = new TreeMap<>();
    for (String table : published(second)) {
      snapshots.put(
          table, text(sql("SELECT snapshot_id FROM %s.`%s`.snapshots", namespace, table)));
    }
    return snapshots;
  }

  private String runOf(String namespace) {
    return sql("SELECT run_id FROM %s.runs WHERE is_this_run", namespace).first().getString(0);
  }

  @Test
  void the_tables_are_those_of_the_files_and_the_run_before_is_read_as_of_its_tag() {
    List<String> odd = List.of("shop-1", "it's `cohort` tables");
    String namespace = "lake.`shop-1`.`it's ``cohort`` tables`";

    assertThat(publish(first, odd).keySet()).containsExactlyInAnyOrderElementsOf(published(first));
    sql(
        "CREATE TABLE %s.gone TBLPROPERTIES ('tenure.run-id' = 'x') AS SELECT 'stale' AS run_id",
        namespace);
    publish(second, odd);

    assertExplained(namespace);
    assertHolds(namespace, "", second);
    assertHolds(namespace, "VERSION AS OF '" + first.runId() + "'", first);
    assertHolds(namespace, "VERSION AS OF '" + second.runId() + "'", second);
    // The runs of now no longer have it: it leaves no stale row.
    assertThat(text(sql("SELECT * FROM %s.gone", namespace))).isEmpty();

    Map<String, List<String>> before = snapshots(namespace);
    assertThat(publish(second, odd)).isEmpty();
    assertThat(snapshots(namespace)).isEqualTo(before);

    // Back to the run without the window of 90 days: its column stays, for views that name it.
    publish(first, odd);
    assertHolds(namespace, "", first);
    assertHolds(namespace, "VERSION AS OF '" + second.runId() + "'", second);
    assertThat(text(sql("SELECT count(active_90d) FROM %s.active_users", namespace)))
        .containsExactly("[0]");
  }

  /** Types, comments and required columns; a column that came later cannot be required. */
  private void assertExplained(String namespace) {
    Map<String, StructField> fields = new TreeMap<>();
    for (String table : published(second)) {
      for (StructField field : lake.table(namespace + ".`" + table + "`").schema().fields()) {
        fields.put(table + "." + field.name(), field);
      }
    }
    int columns = 0;
    for (Row said :
        sql(
                "SELECT * FROM %s.definitions WHERE table NOT IN ('rejected_events',"
                    + " 'at_risk_users')",
                namespace)
            .collectAsList()) {
      String name = said.getAs("table") + "." + said.getAs("column");
      StructField field = fields.get(name);
      assertThat(field.dataType().sql()).isEqualTo(said.<String>getAs("type"));
      assertThat(field.getComment().get()).isEqualTo(said.<String>getAs("meaning"));
      assertThat(field.nullable()).as(name).isEqualTo(said.getAs("is_nullable"));
      columns++;
    }
    assertThat(columns).isGreaterThan(200);
    assertThat(text(sql("SELECT meaning FROM %s.definitions", namespace)))
        .anyMatch(meaning -> meaning.contains("${user}"));
    assertThat(
            sql("DESCRIBE EXTENDED %s.growth", namespace)
                .where("col_name = 'Comment'")
                .first()
                .getString(1))
        .isEqualTo(
            sql("SELECT table_meaning FROM %s.definitions WHERE table = 'growth'", namespace)
                .first()
                .getString(0));
  }

  @Test
  void a_failure_at_any_step_leaves_one_run_to_be_read_and_publishing_again_heals() {
    List<String> failing = List.of("failing");
    publish(first, failing);
    for (String table : List.of("growth", "runs")) {
      for (Step step : Step.values()) {
        assertThatThrownBy(() -> publish(second, failing, failAt(step, table)))
            .isInstanceOf(UserError.class)
            .hasMessageStartingWith(
                "Cannot publish run %s to the catalog, namespace lake.failing, at the table %s:"
                    .formatted(second.runId(), table))
            .hasMessageContaining("injected");
        boolean told = table.equals("runs") && step.compareTo(Step.REPLACE) > 0;
        assertThat(runOf("lake.failing")).isEqualTo((told ? second : first).runId());
      }
      if (table.equals("growth")) {
        assertHolds("lake.failing", "VERSION AS OF '" + first.runId() + "'", first);
      }
    }
    assertThat(publish(second, failing)).containsOnlyKeys("runs");
    assertHolds("lake.failing", "", second);
    assertHolds("lake.failing", "VERSION AS OF '" + second.runId() + "'", second);
  }

  @Test
  void a_slow_run_does_not_keep_a_table_that_a_later_one_has_published() {
    List<String> slow = List.of("slow");
    publish(second, slow);
    BiConsumer<Step, String> overtaken =
        (now, at) -> {
          if (now == Step.REPLACE && at.equals("growth")) {
            publish(second, slow);
          }
        };
    assertThatThrownBy(() -> publish(first, slow, overtaken))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("run %s became current meanwhile".formatted(second.runId()));
    assertThat(runOf("lake.slow")).isEqualTo(second.runId());
    assertThat(publish(second, slow)).containsOnlyKeys("growth");
    assertHolds("lake.slow", "", second);
  }

  private static BiConsumer<Step, String> failAt(Step step, String table) {
    return (now, at) -> {
      if (now == step && at.equals(table)) {
        throw new IllegalStateException("injected");
      }
    };
  }

  @Test
  void a_table_that_is_not_ours_is_left_alone() {
    sql("CREATE NAMESPACE lake.theirs");
    sql("CREATE TABLE lake.theirs.retention AS SELECT 42 AS answer");
    assertThatThrownBy(() -> publish(first, List.of("theirs")))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Table `lake`.`theirs`.`retention` is there and is none of Tenure's");
    assertThat(text(sql("SHOW TABLES IN lake.theirs"))).hasSize(1);
    assertThat(text(sql("SELECT * FROM lake.theirs.retention"))).containsExactly("[42]");
  }

  @Test
  void a_namespace_of_another_output_is_left_alone_until_it_is_given_up() throws Exception {
    publish(second, List.of("mine"));
    Map<String, List<String>> before = snapshots("lake.mine");
    Path moved = folder.resolve("moved");
    FileUtils.copyDirectory(tenure.output().toFile(), moved.toFile());
    CatalogPublication another =
        new CatalogPublication(
            lake,
            Output.open(moved.toString(), shared.sparkContext().hadoopConfiguration()),
            new CatalogConfig("lake", List.of("mine"), true),
            ON);
    assertThatThrownBy(() -> another.publish(second))
        .isInstanceOf(UserError.class)
        .hasMessage(
            ("The catalog namespace lake.mine holds run %s of the output %s, so none of file:%s was"
                    + " published there. Name another namespace (publish.catalog.namespace). Only if"
                    + " this output replaces that one, say ALTER TABLE `lake`.`mine`.`runs` UNSET"
                    + " TBLPROPERTIES ('tenure.output'), then repeat with `publish`.")
                .formatted(second.runId(), output.path(), moved));
    assertThat(snapshots("lake.mine")).isEqualTo(before);

    sql("ALTER TABLE `lake`.`mine`.`runs` UNSET TBLPROPERTIES ('tenure.output')");
    assertThat(another.publish(second).rows()).containsKey("runs");
    assertThatThrownBy(() -> publish(first, List.of("mine")))
        .hasMessageContaining("of the output file:" + moved);
  }

  @Test
  void a_column_of_another_type_is_told() {
    sql("CREATE NAMESPACE lake.changed");
    sql(
        "CREATE TABLE lake.changed.active_periods (active_users STRING)"
            + " TBLPROPERTIES ('tenure.run-id' = 'x')");
    assertThatThrownBy(() -> publish(first, List.of("changed")))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Column active_users of `lake`.`changed`.`active_periods` is STRING in the catalog, but"
                + " BIGINT in this run. Drop the table, or publish to another namespace.");
  }

  @Test
  void a_catalog_without_tags_is_told_before_anything_is_written() {
    SparkSession plain = shared.newSession();
    lake.conf()
        .getAll()
        .foreach(
            setting -> {
              if (setting._1().startsWith("spark.sql.catalog.lake")) {
                plain.conf().set(setting._1(), setting._2());
              }
              return null;
            });
    pointAt(first);
    SparkSession.setActiveSession(plain);
    CatalogConfig tagged = new CatalogConfig("lake", List.of("plain"), true);
    assertThatThrownBy(() -> new CatalogPublication(plain, output, tagged, ON).publish(first))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Spark cannot tag tables of the catalog lake, so nothing was published there.");
    assertThat(text(plain.sql("SHOW TABLES IN lake.plain"))).isEmpty();

    CatalogConfig untagged = new CatalogConfig("lake", List.of("plain"), false);
    assertThatThrownBy(
            () ->
                new CatalogPublication(
                        plain, output, untagged, failAt(Step.PREPARE, "active_users"))
                    .publish(first))
        .hasMessageContaining("injected");
    assertThat(text(sql("SELECT name FROM lake.plain.active_periods.refs")))
        .containsExactly("[main]");
    assertThat(text(sql("SELECT count(*) FROM lake.plain.active_periods")))
        .containsExactly("[" + first.tables().get("active_periods") + "]");
  }

  @Test
  void the_command_publishes_repeats_and_says_what_is_wrong_without_secrets() {
    pointAt(second);
    SparkSession.setActiveSession(lake);
    Cli.Result done = tenure.withConfig("publish");
    assertThat(done.code()).as(done.toString()).isZero();
    assertThat(done.out())
        .startsWith(
            "published run %s in catalog namespace lake.by_command: ".formatted(second.runId()));
    SparkSession.setActiveSession(lake);
    assertThat(tenure.withConfig("publish").out())
        .isEqualTo(
            "catalog namespace lake.by_command has run %s already%n".formatted(second.runId()));

    SparkSession.setActiveSession(lake);
    Cli.Result broken = tenure.withConfig("publish", "--set", "publish.catalog.name=broken");
    assertThat(broken.code()).as(broken.toString()).isEqualTo(5);
    assertThat(broken.err())
        .contains("Its files are published and whole")
        .contains("NoSuch***")
        .doesNotContain(SECRET);

    SparkSession.setActiveSession(lake);
    Cli.Result unknown = tenure.withConfig("run", "--set", "publish.catalog.name=pond");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).startsWith("error: Spark knows no catalog 'pond'");
  }
}
