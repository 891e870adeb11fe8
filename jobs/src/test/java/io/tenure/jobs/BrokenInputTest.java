package io.tenure.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rows, files and configs that are wrong: what is counted, what is said, what is published. */
@ExtendWith(SparkTest.class)
class BrokenInputTest {
  private static final String CONFIG =
      "input: {path: <in>, user: user_id, time: time}\noutput: <out>\n";

  @TempDir Path folder;

  private void write(SparkSession spark, String name, String query) {
    spark.sql(query).coalesce(1).write().parquet(folder.resolve("events/" + name).toString());
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  private void assertFails(Cli.Result result, int code, String error) {
    assertThat(result.err()).isEqualTo("error: " + error + "\n");
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void every_row_has_one_fate_and_the_fates_add_up(SparkSession spark) throws IOException {
    write(
        spark,
        "log",
        """
        SELECT * FROM VALUES
          ('ann', '2024-03-01T10:00:00Z', '1', '5.00', 'web'),  -- accepted
          ('ann', '2024-03-01T11:00:00Z', '1', '5.00', 'web'),  -- duplicate
          ('ann', '2024-03-02T10:00:00Z', '1', '5.00', 'web'),  -- accepted: another day
          ('bob', '2024-03-01T10:00:00Z', '1', '5.00', 'web'),  -- accepted: another user
          ('bob', '2024-03-01T10:00:00Z', NULL, NULL, 'web'),   -- accepted: no id, no amount
          ('bob', '2024-03-01T10:00:00Z', NULL, NULL, 'web'),   -- accepted: no id
          (NULL, '2024-03-01T10:00:00Z', '2', NULL, 'web'),     -- missing_user
          ('\\t ', '2024-03-01T10:00:00Z', '3', NULL, 'web'),    -- missing_user
          ('bot', '2024-03-01T10:00:00Z', '4', NULL, 'bot'),    -- filtered
          ('cid', '2024-03-01T10:00:00Z', '5', NULL, NULL),     -- filtered: not known to be true
          ('dee', NULL, '6', NULL, 'web'),                      -- missing_time
          (NULL, NULL, '7', NULL, 'web'),                       -- missing_time: the first counts
          ('dee', 'soon', '8', NULL, 'web'),                    -- unparseable_time
          ('dee', '1969-12-31T10:00:00Z', '9', NULL, 'web'),    -- time_out_of_range
          ('dee', '2024-03-03T00:00:00Z', '10', NULL, 'web'),   -- after_as_of
          ('dee', '2024-03-01T10:00:00Z', '11', 'a lot', 'web') -- unparseable_amount
        AS log(user_id, time, id, amount, kind)
        """);
    String config =
        """
        name: fates
        input:
          {path: <in>, user: user_id, time: time, event-id: id, amount: amount,
           where: "kind <> 'bot'"}
        output: <out>
        timezone: UTC
        quality: {max-rejected-ratio: %s}
        """;
    Cli tenure = Cli.in(folder).config(config.formatted("0.5"));
    String[] run = {"run", "--as-of", "2024-03-02"};

    Cli.Result published = tenure.withConfig(run);

    assertThat(published.code()).as(published.toString()).isZero();
    assertThat(published.err())
        .contains(
            "5 accepted, 7 rejected (missing_time 2, unparseable_time 1, time_out_of_range 1,"
                + " missing_user 2, unparseable_amount 1), 4 left out (filtered 2, after_as_of 1,"
                + " duplicate 1)\n");
    JsonNode record =
        new ObjectMapper().readTree(tenure.output().resolve("current/run.json").toFile());
    assertThat(record.get("rows").toString())
        .isEqualTo(
            "{\"read\":16,\"accepted\":5,\"rejected\":7,\"left_out\":4,\"rejected_by\":"
                + "{\"missing_time\":2,\"missing_user\":2,\"time_out_of_range\":1,"
                + "\"unparseable_amount\":1,\"unparseable_time\":1},\"left_out_by\":"
                + "{\"after_as_of\":1,\"duplicate\":1,\"filtered\":2}}");
    assertThat(record.get("status").asText()).isEqualTo("complete");
    assertThat(record.get("name").asText()).isEqualTo("fates");
    assertThat(record.get("run_id").asText()).isEqualTo("20240615T120000Z");
    assertThat(record.get("as_of").asText()).isEqualTo("2024-03-02");
    assertThat(record.get("log_start").asText()).isEqualTo("2024-03-01");
    assertThat(record.get("birth_observed").isNull()).isTrue();
    assertThat(record.get("started_at").asText()).isEqualTo("2024-06-15T12:00:00Z");
    assertThat(record.get("finished_at").asText()).isEqualTo("2024-06-15T12:00:00Z");
    assertThat(record.at("/input/files").asLong()).isEqualTo(1);
    assertThat(record.at("/tables/rejected_events").asLong()).isEqualTo(7);
    assertThat(record.at("/versions/spark").asText()).isEqualTo(spark.version());
    assertThat(
            tenure
                .table(spark, "rejected_events")
                .selectExpr("reason || ' ' || row", "file LIKE '%.parquet'")
                .collectAsList())
        .allSatisfy(row -> assertThat(row.getBoolean(1)).isTrue())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder(
            "missing_user {\"time\":\"2024-03-01T10:00:00Z\",\"event_id\":\"2\"}",
            "missing_user {\"user\":\"\\t \",\"time\":\"2024-03-01T10:00:00Z\",\"event_id\":\"3\"}",
            "missing_time {\"user\":\"dee\",\"event_id\":\"6\"}",
            "missing_time {\"event_id\":\"7\"}",
            "unparseable_time {\"user\":\"dee\",\"time\":\"soon\",\"event_id\":\"8\"}",
            "time_out_of_range {\"user\":\"dee\",\"time\":\"1969-12-31T10:00:00Z\","
                + "\"event_id\":\"9\"}",
            "unparseable_amount {\"user\":\"dee\",\"time\":\"2024-03-01T10:00:00Z\","
                + "\"event_id\":\"11\",\"amount\":\"a lot\"}");

    // 7 of 16 rows are 43.75 %.
    Path pointer = tenure.output().resolve("_current.json");
    String before = Files.readString(pointer);
    Cli.Result refused = tenure.config(config.formatted("0.43")).withConfig(run);
    assertThat(refused.code()).isEqualTo(4);
    assertThat(refused.err())
        .contains(
            "error: Rejected 7 of 16 rows (43.75 %): missing_time 2, missing_user 2,"
                + " time_out_of_range 1, unparseable_amount 1, unparseable_time 1;"
                + " quality.max-rejected-ratio is 0.43.\nNothing was published.");
    assertThat(pointer).hasContent(before);
    assertThat(tenure.table(spark, "rejected_events").count()).isEqualTo(7);
  }

  @Test
  void a_score_that_is_none_is_rejected_and_its_value_told(SparkSession spark) {
    write(
        spark,
        "log",
        """
        SELECT * FROM VALUES
          ('ann', DATE'2024-03-01', '9'), ('ann', DATE'2024-03-02', '10.0'), ('bob', DATE'2024-03-01', '0'),
          ('bob', DATE'2024-03-02', NULL), ('cid', DATE'2024-03-01', '11'), ('cid', DATE'2024-03-02', '-1'),
          ('dan', DATE'2024-03-01', '7.5'), ('dan', DATE'2024-03-02', 'good'), ('eve', DATE'2024-03-01', 'NaN')
        AS t(user_id, time, score)
        """);
    Cli tenure =
        Cli.in(folder)
            .config(
                CONFIG
                    + "nps: {touchpoints: {support: score}}\nquality: {max-rejected-ratio: 0.6}\n");
    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-02");
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).contains("4 accepted, 5 rejected (unparseable_score 5), 0 left out");
    assertThat(
            tenure.table(spark, "rejected_events").select("row").collectAsList().stream()
                .map(row -> row.getString(0)))
        .hasSize(5)
        .anyMatch(row -> row.contains("\"nps.touchpoints.support\":\"7.5\""));
    assertThat(
            tenure
                .table(spark, "nps")
                .where("grain = 'month' AND touchpoint = 'support'")
                .select("promoters", "passives", "detractors")
                .collectAsList())
        .map(Object::toString)
        .containsExactly("[2,0,1]");
    Cli.Result flag =
        tenure.withConfig("run", "--set", "nps.touchpoints.support=time = DATE'2024-03-01'");
    assertThat(flag.code()).isEqualTo(3);
    assertThat(flag.err())
        .contains(
            "Cannot use nps.touchpoints.support 'time = DATE'2024-03-01'': it is BOOLEAN, not a");
  }

  @Test
  void the_gate_holds_for_a_log_without_event_ids(SparkSession spark) {
    write(
        spark,
        "log",
        "SELECT * FROM VALUES ('ann', DATE'2024-03-01'), (NULL, DATE'2024-03-01') AS t(user_id, time)");
    Cli.Result result = Cli.in(folder).config(CONFIG).withConfig("run", "--as-of", "2024-03-01");
    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .contains(
            "error: Rejected 1 of 2 rows (50.00 %): missing_user 1; quality.max-rejected-ratio is"
                + " 0.01.\n");
  }

  @Test
  void a_segment_that_older_files_lack_is_unknown_there_and_a_warning(SparkSession spark)
      throws IOException {
    write(spark, "old", "SELECT 'ann' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time");
    write(
        spark,
        "young",
        "SELECT 'bob' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time, 'RO' AS country");
    Cli tenure = Cli.in(folder).config(CONFIG + "segments: [country]\n");

    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-01");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err())
        .startsWith(
            "  warning: column 'country' is missing in some files (such as file:"
                + only(tenure.events().resolve("old"))
                + "): NULL there\n");
    assertThat(
            tenure
                .table(spark, "cohorts")
                .where("grain = 'day'")
                .selectExpr("concat_ws(' ', segment, segment_value, cohort_users)")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("(all) (all) 2", "country (unknown) 1", "country RO 1");
  }

  @Test
  void a_column_that_is_not_there_is_named_with_the_nearest_one(SparkSession spark) {
    write(spark, "log", "SELECT 'ann' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time");
    Cli tenure = Cli.in(folder).config(CONFIG);

    assertFails(
        tenure.withConfig("validate", "--set", "input.user=user_ids"),
        3,
        "Cannot resolve input.user: the input has no column 'user_ids'; did you mean 'user_id'?");
    assertFails(
        tenure.withConfig("run", "--set", "activities={paid: \"amount > 0\"}"),
        3,
        "Cannot resolve activities.paid (amount > 0): the input has no column 'amount'. Its columns"
            + " are user_id, time.");
    assertFails(
        tenure.withConfig("run", "--set", "activities={paid: \"amount >\"}"),
        2,
        "Invalid activities.paid: 'amount >' is neither a column of the input nor an SQL"
            + " expression. Names with spaces or dots go between backquotes.");
    assertFails(
        tenure.withConfig("run", "--set", "activities={paid: user_id}"),
        2,
        "Invalid activities.paid: 'user_id' is of type STRING, not a condition. Write one that is"
            + " true or false, such as \"event_name = 'purchase'\".");
    assertFails(
        tenure.withConfig("run", "--set", "input.time=length(user_id)"),
        2,
        "Invalid input.time: 'length(user_id)' is a number (INT) and its unit is not said. Set"
            + " input.time-unit to seconds, milliseconds or microseconds.");
  }

  @Test
  void files_that_disagree_are_named_both(SparkSession spark) throws IOException {
    write(spark, "a", "SELECT 'ann' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time");
    write(spark, "b", "SELECT 'ann' AS user_id, '2024-03-01T10:00:00Z' AS time");
    Cli tenure = Cli.in(folder).config(CONFIG);

    Cli.Result result = tenure.withConfig("validate");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .startsWith("error: Cannot read column 'time': it is ")
        .contains(
            only(tenure.events().resolve("a")).toString(),
            only(tenure.events().resolve("b")).toString(),
            "TIMESTAMP",
            "STRING")
        .endsWith(". Rewrite one of them, or read them apart.\n")
        .hasLineCount(1);
  }

  @Test
  void folders_of_any_name_are_read_and_none_is_left_out_without_a_word(SparkSession spark) {
    String event = "SELECT '%s' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time";
    write(spark, "2024/03/the 01", event.formatted("ann"));
    write(spark, "2024/03/02", event.formatted("bob"));
    Cli tenure = Cli.in(folder).config(CONFIG);

    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).contains("2 accepted, 0 rejected, 0 left out\n");

    write(spark, "dt=2024-03-03", event.formatted("cid"));
    Cli.Result mixed = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(mixed.code()).isEqualTo(3);
    assertThat(mixed.err())
        .startsWith("error: Cannot read input.path '" + tenure.events() + "': of file:")
        .endsWith(
            " one is in a folder column=value and the other is not. Move one of them, or name the"
                + " folder in input.path.\n");
  }

  @Test
  void a_file_without_users_or_without_data_stops_the_run(SparkSession spark) throws IOException {
    Cli tenure = Cli.in(folder).config(CONFIG);
    String events = tenure.events().toString();
    String nothing =
        "Cannot read input.path '%s': no such file or folder, or nothing in it. Name a path or glob"
            + " that holds files.";
    assertFails(tenure.withConfig("run"), 3, nothing.formatted(events));
    Files.createDirectories(tenure.events());
    assertFails(tenure.withConfig("run"), 3, nothing.formatted(events));

    write(spark, "a", "SELECT 'ann' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time");
    write(spark, "b", "SELECT TIMESTAMP'2024-03-01T10:00:00Z' AS time");
    assertFails(
        tenure.withConfig("run"),
        3,
        "Cannot read file:%s: it has no column 'user_id', which other files of input.path have."
            .formatted(only(tenure.events().resolve("b"))));
  }

  @Test
  void a_corrupt_file_is_an_error_and_never_fewer_rows(SparkSession spark) throws IOException {
    String log =
        "SELECT concat('u', id) AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time FROM range(999)";
    write(spark, "good", log);
    write(spark, "bad", log);
    Cli tenure = Cli.in(folder).config(CONFIG);
    Path bad = only(tenure.events().resolve("bad"));
    byte[] bytes = Files.readAllBytes(bad);
    // Hadoop's own checksum would tell before Parquet sees it; files from elsewhere have none.
    Files.deleteIfExists(bad.resolveSibling("." + bad.getFileName() + ".crc"));

    // The footer is whole, the first page is not.
    java.util.Arrays.fill(bytes, 4, 60, (byte) 0x55);
    Files.write(bad, bytes);
    Cli.Result broken = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(broken.code()).as(broken.toString()).isEqualTo(3);
    assertThat(broken.err())
        .contains("error: Cannot read the input: ", bad.getFileName().toString())
        .endsWith(". Repair or remove the file.\n");

    Files.write(bad, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Cli.Result cut = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(cut.code()).as(cut.toString()).isEqualTo(3);
    assertThat(cut.err())
        .startsWith("error: Cannot read file:" + bad + " as Parquet: ")
        .endsWith(". Remove or repair the file, or set input.format.\n");
    assertThat(tenure.output().resolve("_current.json")).doesNotExist();
  }

  /** Levels are numbers, and only of events of one kind. */
  @Test
  void an_expression_does_not_fail_on_rows_that_where_leaves_out(SparkSession spark) {
    write(
        spark,
        "log",
        """
        SELECT * FROM VALUES
          ('ann', '2024-03-01', 'level', '3'), ('bob', '2024-03-01', 'name', 'bob!')
        AS log(user_id, day, kind, value)
        """);
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, user: user_id, time: "to_date(day)", where: "kind = 'level'",
                        amount: "cast(value AS INT)", event-id: "cast(value AS BIGINT)"}
                segments: [{level: "cast(value AS INT)"}]
                activities: {high: "cast(value AS INT) > 2"}
                output: <out>
                """);
    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).contains("1 accepted, 0 rejected, 1 left out (filtered 1)");
  }

  @Test
  void a_store_that_does_not_answer_may_tomorrow_and_a_relative_path_says_from_where(
      SparkSession spark) {
    Cli tenure = Cli.in(folder).config("input: {path: gone, user: u, time: t}\noutput: <out>\n");
    assertThat(tenure.withConfig("run").err())
        .contains("error: Cannot read input.path 'gone' in file:" + Path.of("").toAbsolutePath())
        .contains(": no such file or folder, or nothing in it.");
    String nobody = "hdfs://127.0.0.1:9/x";
    Cli.Result input = tenure.withConfig("run", "--set", "input.path=" + nobody);
    assertThat(input.code()).as(input.toString()).isEqualTo(5);
    assertThat(input.err())
        .contains("error: Cannot list input.path '" + nobody + "': ")
        .endsWith("It is safe to run again.\n");
    Cli.Result config = tenure.execute("run", "-c", nobody + ".yaml");
    assertThat(config.code()).as(config.toString()).isEqualTo(5);
    assertThat(config.err()).contains("error: Cannot read the config '" + nobody + ".yaml': ");
  }

  @Test
  void what_runs_over_in_an_expression_is_no_matter_of_amounts(SparkSession spark) {
    write(spark, "log", "SELECT 9000000000000000000L AS id, DATE'2024-03-01' AS day");
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, user: id, time: day}
                segments: [{bucket: "id * 1000003 % 10"}]
                output: <out>
                """);
    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .contains("error: An expression failed on a row: [ARITHMETIC_OVERFLOW")
        .doesNotContain("Amounts");
  }

  @Test
  void a_unit_of_time_that_ends_the_log_in_1970_is_wrong(SparkSession spark) {
    write(
        spark,
        "log",
        "SELECT 'ann' AS user_id, 1709251200000L + id * 86400000 AS at FROM range(3)");
    Cli tenure =
        Cli.in(folder)
            .config("input: {path: <in>, user: user_id, time: at, time-unit: us}\noutput: <out>\n");
    Cli.Result result = tenure.withConfig("run");
    assertThat(result.code()).as(result.toString()).isEqualTo(3);
    assertThat(result.err())
        .endsWith(
            "error: The latest event is on 1970-01-20: input.time-unit 'microseconds' makes too"
                + " little of the numbers in input.time. Correct it; if events are that old, say"
                + " --as-of.\n");
    assertThat(tenure.withConfig("run", "--set", "input.time-unit=ms").code()).isZero();
    assertThat(tenure.withConfig("validate").out()).contains("; time is TIMESTAMP, days are those");
    assertThat(
            tenure
                .withConfig(
                    "validate",
                    "--set",
                    "input={path: %s, user: user_id, time: 'string(at)'}"
                        .formatted(tenure.events()))
                .out())
        .contains("; time is TIMESTAMP if its text is one, days are those");
  }

  @Test
  void a_log_without_an_event_in_range_publishes_nothing(SparkSession spark) {
    write(spark, "log", "SELECT 'ann' AS user_id, TIMESTAMP'2024-03-01T10:00:00Z' AS time");
    Cli tenure = Cli.in(folder).config(CONFIG);

    Cli.Result result = tenure.withConfig("run", "--as-of", "2024-02-29");

    assertThat(result.code()).isEqualTo(3);
    assertThat(List.of(result.err().split("\n")))
        .last()
        .isEqualTo(
            "error: No row of %s is an event up to 2024-02-29: 1 rows read (after_as_of 1). Correct"
                    .formatted(tenure.events())
                + " --as-of or input.where.");
    assertThat(tenure.output().resolve("_current.json")).doesNotExist();
  }

  @Test
  void an_as_of_day_long_after_the_log_or_not_over_is_a_warning(SparkSession spark)
      throws IOException {
    // One row years ahead, which must not make it a log that goes on until now.
    write(
        spark,
        "log",
        "SELECT 'ann' AS user_id, CAST(day AS DATE) AS time FROM VALUES ('2024-03-01'),"
            + " ('2024-03-08'), ('2099-01-01') AS days (day)");
    Cli tenure = Cli.in(folder).config(CONFIG);
    String silence =
        "there is no event from 2024-03-09 to 2024-06-14: on these 98 days everybody counts as"
            + " absent. If the log ends on 2024-03-08, say --as-of 2024-03-08.";

    Cli.Result chosen = tenure.withConfig("run");
    assertThat(chosen.code()).as(chosen.toString()).isZero();
    assertThat(chosen.err())
        .startsWith(
            "as of 2024-03-08 (the last day with an event; later ones are ahead of the clock)\n")
        .doesNotContain("warning");

    assertThat(tenure.withConfig("run", "--as-of", "2024-06-14").err())
        .contains("            warning: " + silence + "\n");
    assertThat(tenure.output().resolve("current/run.json")).content().contains(silence);
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-15").err()).doesNotContain("warning");
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-16").err())
        .contains("warning: there is no event from 2024-03-09 to 2024-03-16: on these 8 days");

    String future =
        "2024-06-15 is not over, it is 2024-06-15 in UTC: what has not happened yet counts as if it"
            + " never did";
    assertThat(tenure.withConfig("run", "--as-of", "2024-06-15").err())
        .startsWith("as of 2024-06-15 (as told)\n  warning: " + future + "\n");
    assertThat(tenure.withConfig("plan", "--as-of", "2024-06-15").err())
        .contains("warning: " + future + "\n");
    assertThat(tenure.withConfig("plan", "--as-of", "2024-06-14").err()).isEmpty();
  }

  @Test
  void what_is_rejected_of_later_days_is_no_matter_of_this_run(SparkSession spark)
      throws IOException {
    // Of the 1st 1 of 4 rows is broken, of the 2nd none of 40; of the 3rd all are.
    String row = "SELECT %s AS user_id, TIMESTAMP'2024-03-%sT10:00:00Z' AS time FROM range(%d)";
    write(spark, "1", row.formatted("if(id = 0, NULL, 'ann')", "01", 4));
    write(spark, "2", row.formatted("'ann'", "02", 40));
    Cli tenure = Cli.in(folder).config(CONFIG + "quality: {max-rejected-ratio: 0.1}\n");

    Cli.Result first = tenure.withConfig("run", "--as-of", "2024-03-01");
    assertThat(first.code()).as(first.toString()).isEqualTo(4);
    assertThat(first.err()).contains("error: Rejected 1 of 4 rows (25.00 %): missing_user 1;");

    assertThat(tenure.withConfig("run", "--as-of", "2024-03-02").code()).isZero();
    assertThat(rejectedShare(spark, tenure)).isEqualTo(1.0 / 44);
    write(spark, "3", row.formatted("CAST(NULL AS STRING)", "03", 1));
    write(spark, "3 too", row.formatted("'bob'", "03", 1));
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-02").code()).isZero();
    // Whose they are is not known, but when they were is.
    assertThat(rejectedShare(spark, tenure)).isEqualTo(1.0 / 44);
    assertThat(tenure.table(spark, "rejected_events").count()).isEqualTo(1);
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-02", "--full").code()).isZero();
    assertThat(rejectedShare(spark, tenure)).isEqualTo(1.0 / 44);
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-03").code()).isZero();
    assertThat(rejectedShare(spark, tenure)).isEqualTo(2.0 / 46);
    write(spark, "4", "SELECT 'ann' AS user_id, CAST(NULL AS TIMESTAMP) AS time");
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-02").code()).isZero();
    // A row without a time may be of any day.
    assertThat(rejectedShare(spark, tenure)).isEqualTo(2.0 / 45);
  }

  private static double rejectedShare(SparkSession spark, Cli tenure) {
    return tenure
        .table(spark, "quality")
        .where("check = 'rejected_ratio' AND passed")
        .head()
        .<Double>getAs("value");
  }
}
