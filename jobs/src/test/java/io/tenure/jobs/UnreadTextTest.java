package io.tenure.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What Spark would pass over, or take for something else, without a word. */
@ExtendWith(SparkTest.class)
class UnreadTextTest {
  private static final String CONFIG =
      "input: {path: <in>, user: user_id, time: time%s}\noutput: <out>\n";
  private static final String[] RUN = {"run", "--as-of", "2024-04-30"};

  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] text) throws IOException {
    Path file = folder.resolve("events").resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, text);
  }

  private void parquet(SparkSession spark, String name, String query) {
    spark.sql(query).coalesce(1).write().parquet(folder.resolve("events").resolve(name).toString());
  }

  private Cli.Result run(String input) {
    return Cli.in(folder).config(CONFIG.formatted(input)).withConfig(RUN);
  }

  private void assertFails(Cli.Result result, int code, String... words) {
    assertThat(result.code()).as(result.toString()).isEqualTo(code);
    assertThat(result.err()).contains(words).doesNotContain("a bug of Tenure");
    assertThat(folder.resolve("out/current")).doesNotExist();
  }

  private static String event(String user) {
    return "{\"user_id\":\"%s\",\"time\":\"2024-04-20\"}".formatted(user);
  }

  @Test
  void of_json_nothing_is_left_after_the_first_value() throws IOException {
    write("a.json", event("ann") + "\n\n" + event("bob") + "\n");
    write("b.json", event("cid") + " " + event("dee") + "\n");
    assertFails(run(", format: json"), 3, "b.json", "more follows the first value");

    write("b.json", event("cid") + "] oops\n");
    assertFails(run(", format: json"), 3, "b.json", "more follows the first value");

    write("b.json", event("cid") + ", " + event("dee") + "\n");
    assertFails(run(", format: json"), 3, "b.json", "more follows the first value");

    write("b.json", "[" + event("cid") + "," + event("dee") + "]\n");
    Cli.Result whole = run(", format: json");
    assertThat(whole.code()).as(whole.toString()).isZero();
    assertThat(whole.err()).contains("4 accepted, 0 rejected");
  }

  @Test
  void of_files_read_as_one_value_nothing_is_left_either() throws IOException {
    String multiLine = ", format: json, options: {multiLine: true}";
    write("a.json", event("ann") + "\n" + event("bob") + "\n");
    assertFails(run(multiLine), 3, "a.json", "remove multiLine from input.options");

    write("a.json", "[" + event("ann") + ",\n" + event("bob") + "]\n");
    Cli.Result whole = run(multiLine);
    assertThat(whole.code()).as(whole.toString()).isZero();
    assertThat(whole.err()).contains("2 accepted, 0 rejected");
  }

  @Test
  void ids_of_json_do_not_run_together_as_floating_point() throws IOException {
    write(
        "a.json",
        "{\"user_id\":9007199254740993,\"time\":\"2024-04-20\"}\n"
            + "{\"user_id\":9007199254740992,\"time\":\"2024-04-20\"}\n"
            + "{\"user_id\":1.5,\"time\":\"2024-04-20\"}\n");
    String half = ", format: json%s}\nquality: {max-rejected-ratio: 0.7";
    Cli.Result inexact = run(half.formatted(""));
    assertThat(inexact.err()).contains("1 accepted, 2 rejected (missing_user 2)");

    Cli.Result exact = run(half.formatted(", options: {primitivesAsString: true}"));
    assertThat(exact.err()).contains("3 accepted, 0 rejected");
  }

  private long users(SparkSession spark) {
    return Cli.in(folder)
        .table(spark, "cohorts")
        .where("segment = '(all)' and grain = 'month'")
        .selectExpr("sum(cohort_users)")
        .head()
        .getLong(0);
  }

  @Test
  void names_of_folders_are_texts(SparkSession spark) throws IOException {
    for (String user : new String[] {"007", "7", "07"}) {
      write("user_id=" + user + "/a.csv", "time\n2024-04-20\n");
    }
    Cli.Result published = run(", format: csv, options: {header: true}");
    assertThat(published.code()).as(published.toString()).isZero();
    assertThat(users(spark)).isEqualTo(3);
  }

  @Test
  void a_folder_without_a_value_is_named(SparkSession spark) {
    parquet(spark, "dt=", "SELECT 'ann' AS user_id, '2024-04-20' AS time");
    assertFails(run(""), 3, "the folder dt= has no value");
  }

  @Test
  void folders_above_the_input_are_not_its_partitions(SparkSession spark) {
    Path input = folder.resolve("events/dt=2024-03-02/log");
    for (String day : new String[] {"2024-03-01", "2024-04-20"}) {
      parquet(
          spark,
          "dt=2024-03-02/log/dt=" + day,
          "SELECT 'ann' AS user_id, TIMESTAMP '%s 12:00:00' AS time".formatted(day));
    }
    Cli.Result published =
        Cli.in(folder)
            .config(
                "input: {path: '%s', user: user_id, time: time, partition: dt}\noutput: <out>\ntimezone: UTC\n"
                    .formatted(input))
            .withConfig("run");
    assertThat(published.code()).as(published.toString()).isZero();
    assertThat(published.err()).contains("as of 2024-04-20", "2 accepted");
  }

  @Test
  void users_that_could_not_be_decoded_are_rejected_and_not_made_one(SparkSession spark) {
    parquet(
        spark,
        "",
        "SELECT x AS user_id, TIMESTAMP'2024-04-20 12:00:00' AS time FROM VALUES"
            + " ('Jos\uFFFD'), ('ann'), ('José'), ('a long one, with José in it') AS t(x)");
    Cli.Result plain = run("");
    assertThat(plain.err()).contains("3 accepted, 1 rejected (missing_user 1)");
  }

  @Test
  void a_file_in_another_encoding_does_not_make_one_user_of_several() throws IOException {
    write(
        "a.csv",
        "user_id,time\nann,2024-04-20\nJos\u00e9,2024-04-20\nJos\u00e8,2024-04-20\n"
            .getBytes(StandardCharsets.ISO_8859_1));
    String csv = ", format: csv, options: {header: true%s}}\nquality: {max-rejected-ratio: 0.7";
    Cli.Result unsaid = run(csv.formatted(""));
    assertThat(unsaid.err()).contains("1 accepted, 2 rejected (missing_user 2)");

    Cli.Result said = run(csv.formatted(", encoding: ISO-8859-1"));
    assertThat(said.err()).contains("3 accepted, 0 rejected");
  }

  @Test
  void a_star_is_no_column(SparkSession spark) {
    parquet(spark, "", "SELECT 'ann' AS user_id, '2024-04-20' AS time");
    assertFails(run("}\nsegments: [{s: '*'}]\nquality: {"), 2, "segments", "'*' is 3 columns");
  }

  @Test
  void an_expression_that_fails_on_a_row_is_no_bug_of_tenure(SparkSession spark) {
    parquet(spark, "", "SELECT 'ann(' AS user_id, 9223372036854775807 AS n, 'a=1&a=2' AS q");
    String config = "input: {path: <in>, user: %s, time: \"%s\"}\noutput: <out>\n%s";
    String time = "coalesce(timestamp'2024-04-20', timestamp_millis(n))";
    for (String[] expressions :
        new String[][] {
          {"user_id", time, "segments: [{s: \"str_to_map(q,'&','=')['a']\"}]"},
          {"user_id", time, "segments: [{s: \"split(user_id, user_id)[0]\"}]"},
          {"user_id", time, "segments: [{s: \"raise_error(user_id)\"}]"},
          {"user_id", "timestamp_millis(n)", ""},
          {"user_id", "timestamp_seconds(n)", ""},
        }) {
      Cli.Result result =
          Cli.in(folder).config(config.formatted((Object[]) expressions)).withConfig(RUN);
      assertFails(result, 3, "An expression failed on a row");
    }
  }

  @Test
  void a_colon_in_a_name_is_no_failing_store() throws IOException {
    write("2024-03-01T10:00:00.csv", "user_id,time\nann,2024-04-20\n");
    Cli.Result result = run(", format: csv, options: {header: true}");
    assertFails(result, 3, "2024-03-01T10:00:00.csv", "(Relative path in absolute URI: ");
  }

  @Test
  void a_header_longer_than_the_reader_takes_is_said() throws IOException {
    write("a.csv", "user_id,time\nann,2024-04-20\n");
    Cli.Result result = run(", format: csv, options: {header: true, maxColumns: 1}");
    assertFails(result, 3, "maxColumns");
  }

  @Test
  void a_day_that_is_none_is_answered_in_words() {
    Cli.Result result =
        Cli.in(folder).config(CONFIG.formatted("")).withConfig("plan", "--as-of", "2024-02-30");
    assertFails(result, 2, "'2024-02-30' is no day of the calendar in the form 2024-01-31");
    assertThat(result.err()).doesNotContain("java.");
  }

  @Test
  void where_all_is_rejected_it_is_said_for_what(SparkSession spark) {
    parquet(spark, "", "SELECT 'ann' AS user_id, '01/03/2024' AS time");
    Cli.Result result = run("}\nquality: {max-rejected-ratio: 1");
    assertFails(result, 3, "1 rows read (unparseable_time 1)", "input.time");
  }

  @Test
  void a_column_without_a_name_is_no_other_file() throws IOException {
    write("a.csv", ",user_id,time\n0,ann,2024-04-20\n");
    assertFails(
        run(", format: csv, options: {header: true}"),
        3,
        "a.csv: column 1 has no name in the header",
        "where it is _c0");
    Cli.Result byPosition = run(", format: csv, options: {header: true, enforceSchema: true}");
    assertThat(byPosition.code()).as(byPosition.toString()).isZero();
  }

  @Test
  void a_column_that_is_in_files_and_folders_is_a_warning(SparkSession spark) {
    parquet(spark, "user_id=zoe", "SELECT 'ann' AS user_id, DATE'2024-04-20' AS time");
    Cli.Result published = run("");
    assertThat(published.code()).as(published.toString()).isZero();
    assertThat(published.err())
        .contains(
            "column 'user_id' is in the files and in the names of folders: what the folders say counts");
  }
}
