package io.tenure.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are not alike: what of them is read, and what is said where that cannot be. */
@ExtendWith(SparkTest.class)
class MixedFilesTest {
  @TempDir Path folder;

  private Cli config(String input, String rest) throws IOException {
    Files.createDirectories(folder.resolve("events"));
    return Cli.in(folder)
        .config(
            "input: {path: <in>, user: user, time: time, %s}\noutput: <out>\n%s\n"
                .formatted(input, rest));
  }

  private void write(String file, String... lines) throws IOException {
    Path path = folder.resolve("events").resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
  }

  private static List<String> countries(SparkSession spark, Cli tenure) {
    return tenure
        .table(spark, "cohorts")
        .where("grain = 'day' AND segment = 'country'")
        .selectExpr("concat(segment_value, ' ', cohort_users)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  private static void assertRuns(Cli.Result result) {
    assertThat(result.code()).as(result.toString()).isZero();
  }

  private static void assertFails(Cli.Result result, int code, String... parts) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    assertThat(result.err()).contains(parts);
  }

  @Test
  void columns_of_one_name_in_other_letters_are_one(SparkSession spark) throws IOException {
    Cli tenure = config("format: parquet", "segments: [country]");
    String row = "SELECT '%s' AS %s, DATE'2024-03-01' AS time, 'RO' AS %s";
    for (String[] file : new String[][] {{"ann", "user", "country"}, {"bob", "USER", "Country"}}) {
      spark
          .sql(row.formatted((Object[]) file))
          .coalesce(1)
          .write()
          .mode(SaveMode.Append)
          .parquet(tenure.events().toString());
    }
    Cli.Result run = tenure.run("2024-03-01");
    assertRuns(run);
    assertThat(run.err()).doesNotContain("warning");
    assertThat(countries(spark, tenure)).containsExactly("RO 2");
  }

  /** As logs grow: a property more, and room for larger amounts. */
  @ParameterizedTest
  @ValueSource(strings = {"parquet", "orc"})
  void types_that_hold_more_are_read_together(String format, SparkSession spark)
      throws IOException {
    Cli tenure =
        config("amount: amount, format: " + format, "segments: [{country: props.country}]");
    String[] files = {
      "named_struct('country', 'RO') AS props, 1.25BD AS amount, array(named_struct('n', 1)) AS list",
      "named_struct('more', 7, 'Country', 'DE') AS props, 12345678901.0001BD AS amount,"
          + " array(named_struct('n', 2L, 'more', 'x')) AS list",
      "named_struct('country', 'RO') AS props, 100.5BD AS amount, array(named_struct('n', 3)) AS list"
    };
    for (int user = 0; user < files.length; user++) {
      spark
          .sql("SELECT 'u%d' AS user, DATE'2024-03-01' AS time, %s".formatted(user, files[user]))
          .coalesce(1)
          .write()
          .mode(SaveMode.Append)
          .format(format)
          .save(tenure.events().toString());
    }
    assertRuns(
        tenure.withConfig("run", "--as-of", "2024-03-01", "--set", "input.where=list[0].n < 9"));
    assertThat(countries(spark, tenure)).containsExactly("DE 1", "RO 2");
    assertThat(
            tenure
                .table(spark, "revenue_cohorts")
                .where("grain = 'day' AND period = 0 AND segment <> '(all)'")
                .selectExpr("concat(segment_value, ' ', CAST(revenue AS DECIMAL(20, 4)))")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("DE 12345678901.0001", "RO 101.7500");
  }

  @Test
  void columns_of_csv_are_those_of_the_header_of_each_file(SparkSession spark) throws IOException {
    Cli tenure = config("format: csv, options: {header: true}", "segments: [country]");
    String[] run = {"run", "--as-of", "2024-03-02"};
    write("1.csv", "user,time,country,plan", "ann,2024-03-01,DE,free");
    write("2.csv", "user,time,country,plan");
    write("3.csv", "USER,time,country,plan", "bob,2024-03-01,RO,free");
    assertRuns(tenure.withConfig(run));
    assertThat(countries(spark, tenure)).containsExactly("DE 1", "RO 1");

    // Read alone, in a run that adds to the first.
    write("4.csv", "user,time,plan,country", "cid,2024-03-02,pro,FR");
    assertFails(
        tenure.withConfig(run),
        3,
        tenure.events() + "/4.csv: its header has the columns ",
        "plan",
        " where that of another file has ",
        "country",
        "Give all files the same columns in the same order");
    write("4.csv", "user,time", "cid,2024-03-02");
    assertFails(tenure.withConfig(run), 3, "/4.csv: its header has ");
    write("4.csv", "user,time,land,plan", "cid,2024-03-02,FR,pro");
    assertRuns(
        tenure.withConfig(
            "run", "--as-of", "2024-03-02", "--set", "input.options.enforceSchema=true"));
    assertThat(countries(spark, tenure)).containsExactly("DE 1", "FR 1", "RO 1");
  }

  @Test
  void more_columns_at_the_end_are_left_out_if_they_are_to_be(SparkSession spark)
      throws IOException {
    Cli tenure = config("format: csv, options: {header: true}", "segments: [country]");
    write("1.csv", "user,time,country", "ann,2024-03-01,DE");
    write("2.csv", "USER,time,country,more", "bob,2024-03-01,RO,x");
    String[] run = {"run", "--as-of", "2024-03-02"};
    assertFails(
        tenure.withConfig(run),
        3,
        ".csv: its header has ",
        " columns where that of another file has ",
        "Where some only have more at the end, {mode: PERMISSIVE} takes what all have.");
    assertRuns(
        tenure.withConfig(
            "run", "--as-of", "2024-03-02", "--set", "input.options.mode=PERMISSIVE"));
    assertThat(countries(spark, tenure)).containsExactly("DE 1", "RO 1");
  }

  private static List<String> rejected(SparkSession spark, Cli tenure) {
    return tenure
        .table(spark, "rejected_events")
        .selectExpr("concat_ws(' ', reason, row)")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  @Test
  void broken_lines_are_rejected_whatever_can_be_read_of_them(SparkSession spark)
      throws IOException {
    Cli tenure =
        config(
            "format: csv, options: {header: true}, where: \"country <> 'XX'\"",
            "segments: [country]\nquality: {max-rejected-ratio: 0.9}");
    write(
        "1.csv",
        "user,time,note,country",
        "ann,2024-03-01,fine,DE",
        "bob,2024-03-01,\"a comma, quoted\",RO",
        "cid,2024-03-01,a comma, not quoted,FR",
        "dee,2024-03-01,cut",
        "eve,2024-03-01,filtered,XX");
    String[] run = {"run", "--as-of", "2024-03-01"};
    Cli.Result csv = tenure.withConfig(run);
    assertRuns(csv);
    assertThat(csv.err())
        .contains("2 accepted, 2 rejected (broken_line 2), 1 left out (filtered 1)");
    assertThat(countries(spark, tenure)).containsExactly("DE 1", "RO 1");
    assertThat(rejected(spark, tenure))
        .containsExactly(
            "broken_line {\"user\":\"cid\",\"time\":\"2024-03-01\"}",
            "broken_line {\"user\":\"dee\",\"time\":\"2024-03-01\"}");
    assertRuns(
        tenure.withConfig(
            "run", "--as-of", "2024-03-01", "--set", "input.options.mode=PERMISSIVE"));
    // What a person asks for by that: a country that is the end of a note, and one that is lost.
    assertThat(countries(spark, tenure)).containsExactly(" not quoted 1", "DE 1", "RO 1");

    Files.writeString(folder.resolve("erased"), "cid\n");
    assertRuns(tenure.withConfig(run));
    assertRuns(tenure.withConfig("forget", "--users", folder.resolve("erased").toString()));
    assertThat(rejected(spark, tenure))
        .containsExactly("broken_line {\"user\":\"dee\",\"time\":\"2024-03-01\"}");

    Files.delete(folder.resolve("events/1.csv"));
    write(
        "1.json",
        "{\"user\": \"ann\", \"time\": \"2024-03-01\", \"country\": \"DE\"}",
        "{\"user\": \"bob\", \"time\": \"2024-03-01\", \"coun");
    String[] runOfJson = {
      "run", "--as-of", "2024-03-01", "--set", "input.format=json", "--set", "input.options={}"
    };
    Cli.Result json = tenure.withConfig(runOfJson);
    assertRuns(json);
    assertThat(json.err()).contains("1 accepted, 1 rejected (broken_line 1), 0 left out");

    Files.delete(folder.resolve("events/1.json"));
    write("2.json", "no", "such thing");
    assertFails(
        tenure.withConfig(runOfJson),
        3,
        "Cannot read input.path '" + tenure.events() + "' as json: no line of it is. Check");
  }

  @Test
  void columns_that_nothing_reads_may_be_of_any_type(SparkSession spark) {
    String event = "SELECT '%s' AS user, DATE'2024-03-01' AS time, %s";
    for (String more : List.of("1 AS code", "'x' AS code")) {
      spark
          .sql(event.formatted(more.length(), more))
          .coalesce(1)
          .write()
          .mode("append")
          .parquet(folder.resolve("events").toString());
    }
    Cli tenure =
        Cli.in(folder).config("input: {path: <in>, user: user, time: time}\noutput: <out>\n");
    assertRuns(tenure.withConfig("run", "--as-of", "2024-03-01"));
    assertThat(cohortUsers(spark, tenure)).isEqualTo(2);
    assertFails(
        tenure.withConfig("validate", "--set", "segments=[{kind: upper(code)}]"),
        3,
        "Cannot read column 'code': it is ",
        "INT in file:",
        "STRING in file:",
        "Rewrite one of them, or read them apart. A column of no values at all, as Arrow and pandas",
        "passes for INT: give it one there.");
  }

  @Test
  void a_glob_leaves_out_what_a_folder_would(SparkSession spark) throws IOException {
    String event = "{\"user\": \"%s\", \"time\": \"2024-03-01\"}";
    write("a.json", event.formatted("ann"));
    write("part/b.json", event.formatted("bob"));
    write("_SUCCESS");
    write(".a.json.crc", "no event");
    Cli tenure = config("format: json", "");
    String[] run = {
      "run", "--as-of", "2024-03-01", "--set", "input.path=" + tenure.events() + "/*"
    };
    assertRuns(tenure.withConfig(run));
    write("_tmp/c.json", event.formatted("cid"));
    Cli.Result more = tenure.withConfig(run);
    assertRuns(more);
    assertThat(more.err()).contains("incremental: 0 files new, 0 changed, 0 deleted");
    assertThat(cohortUsers(spark, tenure)).isEqualTo(2);
    Cli.Result hidden =
        tenure.withConfig(
            "run",
            "--full",
            "--as-of",
            "2024-03-01",
            "--set",
            "input.path=" + tenure.events() + "/_t*");
    assertRuns(hidden);
    assertThat(cohortUsers(spark, tenure)).isOne();
  }

  private static long cohortUsers(SparkSession spark, Cli tenure) {
    return tenure.table(spark, "cohorts").where("grain = 'day'").head().<Long>getAs("cohort_users");
  }

  private void orc(SparkSession spark, String name, String columns) {
    spark
        .sql("SELECT DATE'2024-03-01' AS time, " + columns)
        .coalesce(1)
        .write()
        .orc(folder.resolve("events/" + name).toString());
  }

  @Test
  void files_of_orc_are_compared_as_those_of_parquet_are(SparkSession spark) throws IOException {
    orc(spark, "a", "5 AS user, CAST(1.5 AS FLOAT) AS amount");
    orc(spark, "b", "5000000000 AS user, 2.5D AS amount, 'RO' AS country");
    Files.createFile(folder.resolve("events/b/none.orc"));
    Cli tenure = config("format: orc, amount: amount", "segments: [country]");
    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertRuns(result);
    assertThat(result.err())
        .startsWith("  warning: column 'country' is missing in some files (such as file:")
        .contains("2 accepted, 0 rejected");
    assertThat(countries(spark, tenure)).containsExactly("(unknown) 1", "RO 1");
    orc(spark, "c", "'x' AS user");
    assertFails(
        tenure.withConfig("run", "--as-of", "2024-03-01"),
        3,
        "error: Cannot read column 'user': it is ",
        ". Rewrite one of them, or read them apart.");
  }

  /** By a writer that knows UUIDs: Spark refuses a file that has any. */
  @Test
  void columns_that_spark_does_not_read_are_left_out_unless_they_are_asked_for(SparkSession spark)
      throws IOException, SQLException {
    Cli tenure = config("format: parquet, amount: amount", "segments: [country]");
    Files.createDirectories(tenure.events());
    Path ids = tenure.events().resolve("1.parquet");
    String row =
        "COPY (SELECT '%s' AS user, DATE '2024-03-01' AS time, 1.5::DECIMAL(30, 2) AS amount, 'RO' AS country, %s) TO '%s'";
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          row.formatted("ann", "uuid() AS ID, TIMESTAMP_NS '2024-03-01 10:00:00' AS exact", ids));
      statement.execute(row.formatted("bob", "'7' AS id", tenure.events().resolve("2.parquet")));
      statement.execute(
          row.formatted("cid", "1 AS \"no; (word\"", tenure.events().resolve("3.parquet")));
    }
    assertRuns(tenure.run("2024-03-01"));
    assertThat(countries(spark, tenure)).containsExactly("RO 3");
    assertFails(
        tenure.withConfig("validate", "--set", "input.user=lower(id)"),
        3,
        "error: Cannot read column 'id': Spark does not read the type optional"
            + " fixed_len_byte_array(16) ID (UUID) of file:"
            + ids
            + ". Write the column as a text.");
  }

  @Test
  void what_spark_does_not_read_is_told_with_its_place(SparkSession spark)
      throws IOException, SQLException {
    Cli tenure = config("format: csv", "");
    write("1.csv", "user,time", "ann,2024-03-01");
    assertFails(
        tenure.withConfig("validate", "--set", "input.user=id"),
        3,
        "Cannot resolve input.user: the input has no column 'id'. Its columns are _c0, _c1. If the"
            + " first line of the files names them, say so: input.options {header: true}.");
    for (String option : List.of("header: 'yes'", "mode: FOO", "header: true, encoding: bogus")) {
      assertFails(
          tenure.withConfig("validate", "--set", "input.options={" + option + "}"),
          2,
          "error: Invalid input.options");
    }
    Path nanoseconds = folder.resolve("nanoseconds.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT 'ann' AS user, TIMESTAMP_NS '2024-03-01 10:00:00' AS time) TO '%s'"
              .formatted(nanoseconds));
    }
    assertFails(
        tenure.withConfig(
            "validate", "--set", "input.format=parquet", "--set", "input.path=" + nanoseconds),
        3,
        "error: Cannot read column 'time': Spark does not read the type optional int64 time"
            + " (TIMESTAMP(NANOS,false)) of file:"
            + nanoseconds
            + ". Write the file with microseconds.");
    try (Stream<Path> files = Files.list(tenure.events())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    write("dt=2024-03-01/1.csv", "user,time", "ann,2024-03-01");
    write("dt=2024-03-02/h=01/1.csv", "user,time", "ann,2024-03-02");
    assertFails(
        tenure.withConfig("validate", "--set", "input.options={header: true}"),
        3,
        "/dt=2024-03-01 and file:",
        "/dt=2024-03-02/h=01 are not in folders of the same columns. Move files");
  }
}
