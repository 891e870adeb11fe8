package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.metric.TestLog;
import io.tenure.jobs.read.Aliases;
import io.tenure.jobs.read.IdentitiesTable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** With a table of identities, a run counts people and not their ids. */
@ExtendWith(SparkTest.class)
class IdentitiesTableTest {
  private static final String LAST = "2024-03-12";

  @TempDir Path folder;
  private Cli tenure;
  private UncheckedRuns runs;

  @BeforeEach
  void write_a_config(SparkSession spark) {
    configure(", event-id: id");
  }

  private void configure(String ids) {
    configure(ids, "user");
  }

  private void configure(String ids, String user) {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>/real, user: %s, time: time%s}
                identities: {path: %s, user: person}
                output: <out>
                segments: [country]
                retention: [{grains: {day: 4}}]
                quality: {max-rejected-ratio: 0.5}
                """
                    .formatted(user, ids, folder.resolve("people")));
    runs = new UncheckedRuns(tenure);
  }

  private void people(SparkSession spark, Map<String, String> aliases) {
    people(spark, "alias STRING, person STRING", aliases);
  }

  private void people(SparkSession spark, String columns, Map<String, String> aliases) {
    spark
        .createDataFrame(
            aliases.entrySet().stream()
                .map(row -> RowFactory.create(row.getKey(), row.getValue()))
                .toList(),
            StructType.fromDDL(columns))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(folder.resolve("people").toString());
  }

  /** Rows {@code id user time country}; _ stands for NULL. */
  private void write(SparkSession spark, String log, String name, List<String> rows) {
    spark
        .createDataFrame(
            rows.stream()
                .map(row -> row.split(" "))
                .map(row -> RowFactory.create(row[0], row[1], row[2], row[3]))
                .toList(),
            StructType.fromDDL("id STRING, user STRING, time STRING, country STRING"))
        .selectExpr(
            "nullif(id, '_') AS id", "nullif(user, '_') AS user", "DATE(time) AS time", "country")
        .coalesce(1)
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(tenure.events().resolve(log).resolve(name).toString());
  }

  private Output output() {
    return output(tenure.output());
  }

  private static Output output(Path path) {
    return Output.open(path.toString(), new Configuration());
  }

  private RunRecord record(Pointer pointer) {
    return output().record(pointer.runId());
  }

  private List<String> users(SparkSession spark) {
    return spark
        .read()
        .schema(Fold.STATE)
        .parquet(output().state(output().current().orElseThrow().runId()))
        .where("user IS NOT NULL")
        .orderBy("user")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /**
   * A random log, and the same with users for aliases, read with event ids (so row by row) and
   * without (by columns); then another table of identities, under which some people are more and
   * others fewer.
   */
  @Test
  void aliases_in_folders_below_the_path_count_too(SparkSession spark) throws IOException {
    people(spark, Map.of("a1", "ann"));
    Path people = folder.resolve("people");
    Path held = Files.move(people, folder.resolve("held"));
    people(spark, Map.of("b1", "bob"));
    Files.createDirectories(people.resolve("2024/03"));
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(held, "part-*")) {
      for (Path part : parts) {
        Files.move(part, people.resolve("2024/03").resolve(part.getFileName()));
      }
    }
    Aliases aliases =
        IdentitiesTable.read(
            spark,
            TestLog.config(
                "input: {path: in, user: user, time: time}\noutput: out\nidentities: {path: %s, user: person}"
                    .formatted(people)));
    assertThat(List.of(aliases.user("a1"), aliases.user("b1"))).containsExactly("ann", "bob");
  }

  @Test
  void a_run_is_that_of_a_log_that_says_users_for_aliases(SparkSession spark) throws IOException {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.printf("IdentitiesTableTest: -Dtenure.seed=%d%n", seed);
    Random random = new Random(seed);
    List<String> log = log(random, 150);
    List<String> more = log(random, 30);
    Map<String, String> first = aliases(random);
    write(spark, "real", "1", log);
    people(spark, first);
    RunRecord run = record(runs.run(LAST));
    assertThat(run.identities().aliases()).isEqualTo(first.size());
    assertAsByHand(spark, seed, "first", first, Map.of("1", log));

    write(spark, "real", "2", more);
    RunRecord added = record(runs.run(LAST));
    assertThat(added.reading().mode()).isEqualTo("incremental");
    assertAsByHand(spark, seed, "more events", first, Map.of("2", more));

    Map<String, String> second = aliases(random);
    second.put("u1", "u2");
    second.put("u2", "u3");
    second.remove("u3");
    people(spark, second);
    RunRecord changed = record(runs.run(LAST));
    assertThat(changed.reading().mode()).isEqualTo("full");
    assertThat(changed.reading().why())
        .isEqualTo(
            "the identities changed since the current run; any day may hold events of their users");
    second.put("u1", "u3");
    assertAsByHand(spark, seed, "other identities", second, Map.of("1", log, "2", more));

    // Without ids, rows are read by columns.
    configure("");
    runs.run(LAST);
    assertAsByHand(spark, seed, "by columns", second, Map.of());
  }

  private void assertAsByHand(
      SparkSession spark,
      long seed,
      String when,
      Map<String, String> aliases,
      Map<String, List<String>> files)
      throws IOException {
    files.forEach(
        (name, rows) ->
            write(
                spark,
                "byhand",
                name,
                rows.stream()
                    .map(row -> row.split(" "))
                    .map(
                        row ->
                            String.join(
                                " ", row[0], aliases.getOrDefault(row[1], row[1]), row[2], row[3]))
                    .toList()));
    // A table of identities that says nothing.
    Path nobody = folder.resolve("nobody");
    spark
        .sql("SELECT '' AS alias, '' AS person LIMIT 0")
        .write()
        .mode("overwrite")
        .parquet(nobody.toString());
    Path byHand = folder.resolve("out by hand");
    runs.rebuild(
        LAST,
        "input.path=" + tenure.events().resolve("byhand"),
        "identities.path=" + nobody,
        "output=" + byHand);
    Map<String, List<String>> expected = PublishedTables.of(spark, output(byHand));
    Map<String, List<String>> actual = PublishedTables.of(spark, output());
    // Its rows stand as the files have them.
    assertThat(actual.remove("rejected_events")).hasSameSizeAs(expected.remove("rejected_events"));
    assertThat(actual).as("seed %d, %s", seed, when).isEqualTo(expected);
  }

  /** The same id at one user and at an alias of theirs is one event. */
  private static List<String> log(Random random, int rows) {
    return random
        .ints(rows, 0, 10)
        .mapToObj(
            day ->
                "%s %s %s c%d"
                    .formatted(
                        random.nextInt(10) == 0 ? "_" : "e" + random.nextInt(20),
                        random.nextInt(15) == 0 ? "_" : "u" + random.nextInt(9),
                        LocalDate.of(2024, 3, 1).plusDays(day),
                        random.nextInt(3)))
        .toList();
  }

  /** Of u1 to u8, some stand for another with a greater number that stands for itself. */
  private static Map<String, String> aliases(Random random) {
    Map<String, String> aliases = new TreeMap<>();
    aliases.put("u4", "u8");
    for (int alias = 1; alias < 6; alias++) {
      if (random.nextBoolean()) {
        aliases.put("u" + alias, random.nextBoolean() ? "u6" : "person " + random.nextInt(3));
      }
    }
    aliases.replaceAll((alias, user) -> user.replace(" ", ""));
    return aliases;
  }

  @Test
  void an_event_under_two_ids_of_a_person_counts_once_and_the_change_is_the_cause(
      SparkSession spark) throws IOException {
    write(
        spark,
        "real",
        "1",
        List.of("1 phone 2024-03-01 c", "1 laptop 2024-03-01 c", "2 bob 2024-03-02 c"));
    people(spark, Map.of("x", "y"));
    runs.run("2024-03-02");
    people(spark, Map.of("phone", "ann", "laptop", "phone"));
    RunRecord run = record(runs.run("2024-03-02"));
    assertThat(users(spark)).containsExactly("ann", "bob");
    assertThat(run.rows().leftOutBy()).containsExactly(Map.entry("duplicate", 1L));
    // The clock of these runs stands on the evening of the as-of day, which is a warning of its
    // own.
    assertThat(run.warnings())
        .filteredOn(warning -> !warning.startsWith("2024-03-02 is not over, "))
        .singleElement(STRING)
        .startsWith("1 of 3 rows were left out as duplicates")
        .endsWith("leave input.event-id out, or make it tell the lines apart.");
    assertThat(run.identities().path()).isEqualTo(folder.resolve("people").toString());
    assertThat(tenure.table(spark, "restatements").select("cause").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("changed_identities");
    assertThat(
            tenure
                .table(spark, "runs")
                .where("is_this_run")
                .head()
                .<String>getAs("identities_hash"))
        .isEqualTo(run.identities().fingerprint());

    Cli.Result valid = tenure.withConfig("validate");
    assertThat(valid.out()).as(valid.toString()).contains(" bytes, 2 aliases; time is DATE");
    people(spark, Map.of("phone", "ann"));
    Cli.Result plan = tenure.withConfig("plan", "--as-of", "2024-03-02");
    assertThat(plan.out())
        .as(plan.toString())
        .contains("full: the identities changed since the current run")
        .contains("1 aliases of " + folder.resolve("people") + " stand for their users");
  }

  /** By any id the whole person goes, and no later table brings a part of them back. */
  @Test
  void an_alias_is_enough_to_erase_the_person(SparkSession spark) throws IOException {
    write(
        spark,
        "real",
        "1",
        List.of(
            "1 phone 2024-03-01 c",
            "2 laptop 2024-03-01 c",
            "3 ann 2024-03-01 c",
            "4 bob 2024-03-02 c"));
    people(spark, Map.of("phone", "ann", "laptop", "ann"));
    runs.run("2024-03-02");
    Forgotten forgotten = runs.forget("2024-03-05", "phone", "zed");
    assertThat(forgotten.unknown()).containsExactly("zed");
    assertThat(users(spark)).containsExactly("bob");
    people(spark, Map.of("phone", "ann"));
    RunRecord run = record(runs.run("2024-03-02"));
    assertThat(run.reading().mode()).isEqualTo("full");
    assertThat(run.rows().leftOutBy()).containsExactly(Map.entry("erased_user", 3L));
    assertThat(users(spark)).containsExactly("bob");
  }

  @Test
  void a_table_that_cannot_be_used_is_an_error_of_the_input(SparkSession spark) throws IOException {
    write(spark, "real", "1", List.of("1 ann 2024-03-01 c"));
    Path people = folder.resolve("people");
    assertRefused("Cannot read identities.path '" + people + "': no such file or folder, ");
    Files.createDirectories(people);
    Files.writeString(people.resolve("people.csv"), "alias,person\na,b\n");
    assertRefused("Cannot read identities.path '" + people + "' as parquet: ");
    people(spark, "alias STRING, persno STRING", Map.of("a", "b"));
    assertRefused(
        "Cannot resolve identities.user: %s has no column 'person'; did you mean 'persno'?"
            .formatted(folder.resolve("people")));
    people(spark, Map.of("a", "b", "b", "a"));
    assertRefused(
        "Cannot use the identities in %s: aliases stand for one another in a circle, 'a' → 'b' →"
                .formatted(folder.resolve("people"))
            + " 'a'.");
    spark
        .sql("SELECT array('a') AS alias, 'b' AS person")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(people.toString());
    assertRefused(
        "Cannot use identities.alias: the column 'alias' of %s is not a single value but array<string>."
            .formatted(folder.resolve("people")));
    configure("", "CAST(user AS INT)");
    spark
        .sql("SELECT 7D AS alias, 8 AS person")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(people.toString());
    assertRefused(
        "Cannot use identities.alias: none of the 1 aliases in the column 'alias' of %s is a whole"
                .formatted(folder.resolve("people"))
            + " number, as input.user is, so that no event has one; the first is '7.0'.");
    people(spark, Map.of("7.0", "8", "-9", "8"));
    assertThat(tenure.withConfig("validate").code()).isZero();
  }

  private void assertRefused(String error) {
    Cli.Result result = tenure.withConfig("validate");
    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err()).startsWith("error: " + error);
    assertThat(Files.exists(tenure.output())).isFalse();
  }
}
