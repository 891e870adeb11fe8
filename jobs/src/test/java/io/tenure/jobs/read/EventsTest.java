package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.ErasureList;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the columns of a log mean, whatever they are called. */
@ExtendWith(SparkTest.class)
class EventsTest {
  private static final LocalDate DAY = LocalDate.parse("2024-03-01");

  @TempDir Path folder;

  private void write(SparkSession spark, String name, String columns) {
    spark
        .sql("SELECT TIMESTAMP'2024-03-01T10:00:00Z' AS time, " + columns)
        .coalesce(1)
        .write()
        .parquet(folder.resolve(name).toString());
  }

  private EventLog open(SparkSession spark, String input, String rest) {
    TenureConfig config =
        ConfigLoader.load(
            "input: {path: %s, user: user, time: time, %s}\noutput: none\n%s"
                .formatted(folder.resolve("*"), input, rest),
            "test.yaml",
            List.of());
    return EventLog.open(spark, config, ErasureList.NONE);
  }

  private static List<String> texts(Dataset<Row> rows, String expression) {
    return rows.selectExpr(expression).collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  /** Until 2011 the clocks of St. John's went back at one minute past midnight. */
  @Test
  void an_hour_of_the_as_of_day_that_comes_again_after_midnight_counts(SparkSession spark) {
    spark
        .sql(
            "SELECT user, CAST(time AS TIMESTAMP) AS time FROM VALUES"
                + " ('evening', '2010-11-07T02:29:59Z'), ('midnight', '2010-11-07T02:30:00Z'),"
                + " ('again', '2010-11-07T02:31:00Z'), ('last', '2010-11-07T03:29:59Z'),"
                + " ('morning', '2010-11-07T03:30:00Z') AS log (user, time)")
        .coalesce(1)
        .write()
        .parquet(folder.resolve("overlap").toString());
    EventLog log = open(spark, "", "timezone: America/St_Johns");
    LocalDate day = LocalDate.parse("2010-11-06");
    var judged = log.judged(day, log.files().files());
    assertThat(
            texts(
                judged.rows().where("reason = " + Reason.ACCEPTED.ordinal()).orderBy("time"),
                "CAST(user AS STRING)"))
        .containsExactly("evening", "again", "last");
    assertThat(judged.sure()).isEmpty();
    assertThat(log.judged(day.minusDays(1), log.files().files()).sure()).isPresent();
  }

  /** The second file alone is read, as an incremental run would. */
  @Test
  void a_column_called_metadata_is_not_the_place_of_a_row(SparkSession spark) {
    String data =
        "CAST('%s' AS BINARY) AS user, ' ' AS id, named_struct('file_path', 'x') AS _metadata";
    write(spark, "a", data.formatted("ann"));
    write(spark, "b", data.formatted("bob"));
    EventLog log = open(spark, "event-id: id", "");
    InputFile second = log.files().files().get(1);

    assertThat(texts(log.judged(DAY, List.of(second)).rows(), "concat_ws(' ', user, file, id)"))
        .as("a blank id is none")
        .containsExactly("bob " + second.uri());
    // Nobody is an event before the first plausible day.
    EventLog rejecting = open(spark, "event-id: id, earliest: 2025-01-01", "");
    assertThat(
            texts(
                rejecting.rejected(DAY, List.of(second)),
                "concat_ws(' ', file, get_json_object(row, '$.user'))"))
        .as("a binary user as the text that an erasure looks for")
        .containsExactly(second.uri() + " bob");
  }

  @Test
  void activities_call_event_what_the_config_says(SparkSession spark) {
    write(spark, "a", "'ann' AS user, 'buy' AS name, 'web' AS event");
    String activities = "activities: {buy: \"event = 'buy'\", web: \"event = 'WEB'\"}";
    for (String[] expected :
        new String[][] {
          // The activities of active, buy and web, one bit each; then the columns that decide.
          {"event: name", "3", "[name, time, user]"},
          {"event: event", "1", "[event, time, user]"},
          {"event: upper(event)", "5", "[event, time, user]"}
        }) {
      EventLog log = open(spark, expected[0], activities);
      assertThat(texts(log.judged(DAY).rows(), "CAST(activities AS STRING)"))
          .as(expected[0])
          .containsExactly(expected[1]);
      assertThat(log.types().keySet()).as(expected[0]).hasToString(expected[2]);
    }
  }

  @Test
  void fields_of_a_column_called_event_stay_within_reach(SparkSession spark) {
    write(spark, "a", "'ann' AS user, named_struct('name', 'buy') AS event");
    EventLog log = open(spark, "event: event.name", "activities: {buy: \"event.name = 'buy'\"}");
    assertThat(texts(log.judged(DAY).rows(), "CAST(activities AS STRING)")).containsExactly("3");
  }
}
