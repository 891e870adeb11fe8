package io.tenure.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.store.ErasureList;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.Reason.Fate;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the types and the format of the files, the same events are read. */
@ExtendWith(SparkTest.class)
class ReadTest {
  /** 5:45 ahead of UTC: a day begins at 18:15 UTC. */
  private static final String KATHMANDU = "Asia/Kathmandu";

  @TempDir Path folder;

  private static SparkSession in(String zone, SparkSession spark) {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.session.timeZone", zone);
    return session;
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private TenureConfig config(String zone, String input, String rest) {
    String yaml = "input: {%s}\noutput: none\ntimezone: %s\n%s".formatted(input, zone, rest);
    return ConfigLoader.load(yaml, "test.yaml", List.of());
  }

  /** What is known after reading and folding up to a day. */
  private static Dataset<Row> state(SparkSession spark, TenureConfig config, String asOf) {
    SparkSession session = in(config.timezone().getId(), spark);
    EventLog log = EventLog.open(session, config, ErasureList.NONE);
    LocalDate day = LocalDate.parse(asOf);
    return new Fold(HistoryShape.of(config), config.timezone(), 2, 1 << 20)
        .state(log.judged(day, log.filesToRead(day)), Optional.empty());
  }

  private static Map<String, List<String>> days(
      SparkSession spark, TenureConfig config, String asOf) {
    Map<String, List<String>> days = new TreeMap<>();
    for (Row row : state(spark, config, asOf).where("user IS NOT NULL").collectAsList()) {
      History history = History.decode(row.getAs(1));
      List<String> found = new ArrayList<>();
      for (int at = 0; at < history.size(); at++) {
        found.add(LocalDate.ofEpochDay(history.day(at)).toString());
      }
      days.put(row.getString(0), found);
    }
    return days;
  }

  /** At one instant the greatest id decides: whole numbers by size, texts as texts. */
  @Test
  void ids_that_are_numbers_are_ordered_as_numbers(SparkSession spark) {
    spark
        .sql(
            """
            SELECT user, CAST(id AS BIGINT) AS number, id AS text, CAST(id AS SMALLINT) AS small,
              CAST(id AS DECIMAL(20, 0)) AS unsigned, CAST(id AS DECIMAL(38, 0)) AS widest,
              TIMESTAMP'2024-03-01T10:00:00Z' AS time, plan
            FROM VALUES ('ann', '9', 'free'), ('ann', '10', 'paid'), ('bob', '-10', 'free'),
              ('bob', '-9', 'paid'), ('cid', '-1', 'free'), ('cid', '1', 'paid') AS log(user, id, plan)
            """)
        .coalesce(1)
        .write()
        .parquet(path("ids"));
    Map<String, String> plans = new TreeMap<>();
    for (String id : List.of("number", "small", "unsigned", "widest", "text")) {
      TenureConfig config =
          config(
              "UTC",
              "path: %s, user: user, time: time, event-id: %s".formatted(path("ids"), id),
              "segments: [plan]");
      StringBuilder last = new StringBuilder();
      for (Row row :
          state(spark, config, "2024-03-02")
              .where("user IS NOT NULL")
              .orderBy("user")
              .collectAsList()) {
        History history = History.decode(row.getAs(1));
        last.append(' ').append(history.segment(0, history.day(0)));
      }
      plans.put(id, last.toString());
    }
    assertThat(plans)
        .containsEntry("number", " paid paid paid")
        .containsEntry("small", " paid paid paid")
        .containsEntry("unsigned", " paid paid paid")
        .containsEntry("widest", " paid paid paid")
        .containsEntry("text", " free paid paid");
  }

  @Test
  void a_blank_value_is_none(SparkSession spark) {
    spark
        .sql(
            """
            SELECT user, plan, id, CAST(day AS TIMESTAMP) AS time FROM VALUES
              ('ann', 'paid', 1, '2024-03-01'), ('ann', '', 2, '2024-03-02'),
              ('ann', NULL, 3, '2024-03-03'), ('bob', concat(' ', chr(9)), 4, '2024-03-01'),
              ('cid', ' x', 5, '2024-03-01') AS log (user, plan, id, day)
            """)
        .coalesce(1)
        .write()
        .parquet(path("blank"));
    for (String id : List.of("", ", event-id: id")) {
      TenureConfig config =
          config(
              "UTC",
              "path: %s, user: user, time: time%s".formatted(path("blank"), id),
              "segments: [plan]");
      Map<String, String> plans = new TreeMap<>();
      for (Row row : state(spark, config, "2024-03-03").where("user IS NOT NULL").collectAsList()) {
        plans.put(row.getString(0), History.decode(row.getAs(1)).segment(0, 20_000));
      }
      assertThat(plans).isEqualTo(Map.of("ann", "paid", "bob", History.UNKNOWN, "cid", " x"));
    }
  }

  /** Of events at the first instant, the id says which one the user began with. */
  @Test
  void the_very_first_event_is_the_one_with_the_least_id(SparkSession spark) {
    spark
        .sql(
            """
            SELECT *, TIMESTAMP'2024-03-01T10:00:00Z' AS time FROM VALUES
              ('ann', 'visit', 9), ('ann', 'buy', 10), ('bob', 'buy', 9), ('bob', 'visit', 10),
              ('cid', 'visit', 9), ('cid', 'buy', NULL) AS log (user, name, id)
            """)
        .repartition(3)
        .write()
        .parquet(path("ties"));
    Map<String, List<String>> buyers = new TreeMap<>();
    for (String id : List.of("", ", event-id: id")) {
      TenureConfig config =
          config(
              "UTC",
              "path: %s, user: user, time: time, event: name%s".formatted(path("ties"), id),
              "activities: {buy: \"event = 'buy'\"}\nretention: [{cohort: first, start: buy}]");
      buyers.put(
          id,
          state(spark, config, "2024-03-01")
              .where("user IS NOT NULL")
              .orderBy("user")
              .collectAsList()
              .stream()
              .filter(row -> History.decode(row.getAs(1)).opensWith(0, config.activityIndex("buy")))
              .map(row -> row.getString(0))
              .toList());
    }
    assertThat(buyers)
        .containsEntry("", List.of("ann", "bob", "cid"))
        .containsEntry(", event-id: id", List.of("bob", "cid"));
  }

  @Test
  void a_time_of_any_type_falls_on_the_same_local_day(SparkSession spark) {
    // 18:14:59Z is 23:59:59 on the 1st, a second later the 2nd begins; 20:00Z the day before is
    // 01:45 on the 1st.
    in(KATHMANDU, spark)
        .sql(
            """
            SELECT user,
              t AS timestamp, CAST(t AS TIMESTAMP_NTZ) AS local, CAST(t AS DATE) AS date,
              CAST(unix_seconds(t) AS INT) AS s_int, unix_seconds(t) AS s_bigint,
              CAST(unix_seconds(t) AS DOUBLE) + 0.25D AS s_double,
              concat(unix_seconds(t), '.5') AS s_text,
              unix_millis(t) AS ms_bigint, CAST(unix_millis(t) AS DOUBLE) AS ms_double,
              unix_micros(t) AS us_bigint, CAST(unix_micros(t) AS STRING) AS us_text,
              CAST(unix_micros(t) AS DECIMAL(20, 0)) AS us_decimal,
              date_format(t, "yyyy-MM-dd'T'HH:mm:ssXXX") AS text_with_zone,
              date_format(t, 'yyyy-MM-dd HH:mm:ss') AS text_local,
              date_format(t, 'yyyy-MM-dd') AS text_date
            FROM VALUES ('ann', TIMESTAMP'2024-03-01T18:14:59Z'),
              ('ann', TIMESTAMP'2024-03-01T18:15:00Z'),
              ('bob', TIMESTAMP'2024-02-29T20:00:00Z') AS log(user, t)
            """)
        .coalesce(1)
        .write()
        .parquet(path("typed"));

    for (String time :
        List.of(
            "timestamp",
            "local",
            "date",
            "s_int, time-unit: s",
            "s_bigint, time-unit: seconds",
            "s_double, time-unit: s",
            "s_text, time-unit: s",
            "ms_bigint, time-unit: ms",
            "ms_double, time-unit: milliseconds",
            "us_bigint, time-unit: us",
            "us_text, time-unit: us",
            "us_decimal, time-unit: microseconds",
            "text_with_zone",
            "text_local",
            "text_date",
            "\"timestamp_seconds(s_bigint)\"")) {
      TenureConfig config =
          config(KATHMANDU, "path: %s, user: user, time: %s".formatted(path("typed"), time), "");
      assertThat(days(spark, config, "2024-03-02"))
          .as("time: " + time)
          .isEqualTo(
              Map.of("ann", List.of("2024-03-01", "2024-03-02"), "bob", List.of("2024-03-01")));
      assertThat(days(spark, config, "2024-03-01"))
          .as("up to the 1st, time: " + time)
          .isEqualTo(Map.of("ann", List.of("2024-03-01"), "bob", List.of("2024-03-01")));
    }
  }

  @Test
  void every_format_gives_the_same_histories_and_the_same_facts(SparkSession spark) {
    Dataset<Row> log =
        spark
            .sql(
                """
                SELECT CAST(id % 7 AS INT) AS user, id DIV 2 AS event_id,
                  timestamp_seconds(1709251200 + (id DIV 2) * 40000) AS time,
                  element_at(array('view', 'purchase', NULL), CAST(id % 3 + 1 AS INT)) AS name,
                  IF(id % 5 = 0, NULL, concat('c', id % 4)) AS country,
                  IF(id % 3 = 1, CAST(id AS DECIMAL(10, 2)) / 4, NULL) AS amount
                FROM range(200)
                """)
            .coalesce(1);
    Map<String, Map<String, String>> states = new TreeMap<>();
    for (String format : List.of("parquet", "csv", "json", "orc")) {
      log.write().format(format).option("header", "true").save(path(format));
      TenureConfig config =
          config(
              "America/St_Johns",
              ("path: %s, format: %s, options: {header: true}, user: user, time: time, event: name,"
                      + " event-id: event_id, amount: amount, where: 'user > 0'")
                  .formatted(path(format), format),
              "activities: {purchase: \"name = 'purchase'\"}\nsegments: [country]\n");
      Map<String, String> histories = new TreeMap<>();
      Dataset<Row> state = state(spark, config, "2024-03-31");
      for (Row row : state.where("user IS NOT NULL").collectAsList()) {
        histories.put(row.getString(0), HexFormat.of().formatHex(row.getAs(1)));
      }
      ReadFacts facts = Fold.facts(state);
      histories.put("(facts)", facts.reasons(Fate.LEFT_OUT) + " of " + facts.rows());
      states.put(format, histories);
    }
    assertThat(states.get("parquet")).containsOnlyKeys("(facts)", "1", "2", "3", "4", "5", "6");
    assertThat(states.get("csv")).isEqualTo(states.get("parquet"));
    assertThat(states.get("json")).isEqualTo(states.get("parquet"));
    assertThat(states.get("orc")).isEqualTo(states.get("parquet"));
  }

  @Test
  void a_user_is_known_by_the_text_of_its_id_whatever_its_type(SparkSession spark) {
    spark
        .sql(
            "SELECT 7 AS i, 7L AS l, 7.0D AS d, '7' AS t, CAST(7 AS SMALLINT) AS s,"
                + " TIMESTAMP'2024-03-01T10:00:00Z' AS time")
        .write()
        .parquet(path("ids"));
    Map<String, String> users = new TreeMap<>();
    for (String column : List.of("i", "l", "d", "t", "s")) {
      TenureConfig config =
          config("UTC", "path: %s, user: %s, time: time".formatted(path("ids"), column), "");
      users.put(column, String.join(" ", days(spark, config, "2024-03-01").keySet()));
    }
    assertThat(users).isEqualTo(Map.of("i", "7", "l", "7", "d", "7.0", "t", "7", "s", "7"));
  }

  @Test
  void int_in_one_file_and_bigint_in_another_are_read_together(SparkSession spark) {
    String narrow = "SELECT 7 AS user, CAST(1.5 AS FLOAT) AS amount, DATE'2024-03-01' AS day";
    String wide = "SELECT 5000000000L AS user, 2.5D AS amount, DATE'2024-03-02' AS day";
    spark.sql(narrow).write().parquet(path("mixed/a"));
    spark.sql(wide).write().parquet(path("mixed/b"));

    TenureConfig config =
        config(
            "UTC",
            "path: %s, user: user, time: day, amount: amount".formatted(path("mixed/*")),
            "");

    assertThat(days(spark, config, "2024-03-02"))
        .isEqualTo(Map.of("7", List.of("2024-03-01"), "5000000000", List.of("2024-03-02")));
  }

  @Test
  void folders_a_day_beyond_the_as_of_day_are_read_and_later_ones_are_not(SparkSession spark) {
    // One row a day from the 1st to the 5th, in folders named in two ways.
    String days =
        "SELECT 'ann' AS user, timestamp_seconds(1709251200 + 86400 * id) AS time, %s AS dt";
    for (String folders : List.of("iso", "compact")) {
      String pattern = folders.equals("iso") ? "'yyyy-MM-dd'" : "'yyyyMMdd'";
      spark
          .sql(
              days.formatted("date_format(timestamp_seconds(1709251200 + 86400 * id), %s)")
                      .formatted(pattern)
                  + " FROM range(5)")
          .write()
          .partitionBy("dt")
          .parquet(path(folders));
      TenureConfig config =
          config(
              "UTC",
              "path: %s, user: user, time: time, partition: dt".formatted(path(folders)),
              "");

      ReadFacts facts = Fold.facts(state(spark, config, "2024-03-02"));

      // The 1st and 2nd count, the 3rd is read for the sake of zones, the 4th and 5th are not.
      assertThat(facts.rows()).as(folders).isEqualTo(3);
      assertThat(facts.rows(Fate.ACCEPTED)).as(folders).isEqualTo(2);
      assertThat(facts.rows(Fate.LEFT_OUT)).as(folders).isEqualTo(1);
    }

    Cli.Result plan =
        Cli.in(folder)
            .config(
                "input: {path: %s, user: user, time: time, partition: dt}\noutput: <out>\n"
                    .formatted(path("iso")))
            .withConfig("plan", "--as-of", "2024-03-02");
    assertThat(plan.out())
        .startsWith("as of    2024-03-02 (as told)\nread     3 of 5 files, ")
        .contains(" bytes; pruned 2 by dt\n")
        .endsWith("replaces nothing\n");
  }

  @Test
  void the_default_as_of_day_is_the_last_one_that_the_input_covers(SparkSession spark) {
    // Events at noon UTC from the 1st to the 5th.
    spark
        .sql(
            "SELECT 'ann' AS user, timestamp_seconds(1709251200 + 43200 + 86400 * id) AS time,"
                + " DATE'2024-03-01' + CAST(id AS INT) AS day, DATE'2024-03-01' + CAST(id AS INT)"
                + " AS dt FROM range(5)")
        .write()
        .partitionBy("dt")
        .parquet(path("log"));
    String times = "path: %s, user: user, time: time".formatted(path("log"));
    String days = "path: %s, user: user, time: day".formatted(path("log"));

    assertThat(asOf(spark, "UTC", times + ", partition: dt", "2024-06-14"))
        .isEqualTo("2024-03-05 (the last folder is 2024-03-05)");
    // There the 5th ends at 18:15 UTC, inside the last folder.
    assertThat(asOf(spark, KATHMANDU, times + ", partition: dt", "2024-06-14"))
        .isEqualTo("2024-03-05 (the last folder is 2024-03-05)");
    // There the 5th goes on into a folder that is not there; local days are folders as they are.
    assertThat(asOf(spark, "America/New_York", times + ", partition: dt", "2024-06-14"))
        .isEqualTo("2024-03-04 (the last folder is 2024-03-05)");
    assertThat(asOf(spark, "America/New_York", days + ", partition: dt", "2024-06-14"))
        .isEqualTo("2024-03-05 (the last folder is 2024-03-05)");
    assertThat(asOf(spark, "UTC", times + ", partition: dt", "2024-03-03"))
        .isEqualTo("2024-03-03 (yesterday; folders go on to 2024-03-05)");
    assertThat(asOf(spark, "UTC", times, "2024-06-14"))
        .isEqualTo(
            "2024-03-04 (the latest event is on 2024-03-05, a day that may be going on; --as-of"
                + " 2024-03-05 includes it)");
    assertThat(asOf(spark, "UTC", days, "2024-06-14"))
        .isEqualTo("2024-03-05 (the last day with an event)");
    assertThat(asOf(spark, "UTC", times, "2024-03-03"))
        .isEqualTo("2024-03-03 (yesterday; events go on after it)");
  }

  @Test
  void what_is_dated_ahead_of_the_clock_does_not_stretch_a_log_that_has_ended(SparkSession spark) {
    spark
        .sql(
            "SELECT 'ann' AS user, day || 'T12:00:00Z' AS time, DATE(day) AS dt"
                + " FROM VALUES ('2024-03-04'), ('2024-03-05'), ('2030-01-01') AS days (day)")
        .write()
        .partitionBy("dt")
        .parquet(path("log"));
    String times = "path: %s, user: user, time: time".formatted(path("log"));

    assertThat(asOf(spark, "UTC", times + ", partition: dt", "2024-06-14"))
        .isEqualTo("2024-03-05 (the last folder is 2024-03-05; later ones are ahead of the clock)");
    assertThat(asOf(spark, "UTC", times, "2024-06-14"))
        .isEqualTo(
            "2024-03-04 (the latest event is on 2024-03-05, a day that may be going on; --as-of"
                + " 2024-03-05 includes it; later ones are ahead of the clock)");
    // Asked for, a day without a folder is a warning.
    EventLog log =
        EventLog.open(
            in("UTC", spark), config("UTC", times + ", partition: dt", ""), ErasureList.NONE);
    assertThat(log.asOf(LocalDate.parse("2024-03-06"), LocalDate.parse("2024-03-07")).warning())
        .contains(
            "the last folder is 2024-03-05, so 2024-03-06 is not covered: what has not arrived"
                + " counts as if it never happened");
    assertThat(log.asOf(LocalDate.parse("2029-12-31"), LocalDate.parse("2030-01-03")).warning())
        .isEmpty();
    assertThat(log.asOf(LocalDate.parse("2030-01-02"), LocalDate.parse("2030-01-03")).warning())
        .contains(
            "the last folder is 2030-01-01, so 2030-01-02 is not covered: what has not arrived"
                + " counts as if it never happened");
    // West of UTC the folder of today ends with yesterday, as it does without the stray one.
    assertThat(asOf(spark, "America/New_York", times + ", partition: dt", "2024-03-04"))
        .isEqualTo("2024-03-04 (the last folder is 2024-03-05; later ones are ahead of the clock)");
    // However short the time since: a wrong clock says nothing of yesterday.
    assertThat(asOf(spark, "UTC", times + ", partition: dt", "2024-03-12"))
        .isEqualTo("2024-03-05 (the last folder is 2024-03-05; later ones are ahead of the clock)");
    assertThat(asOf(spark, "UTC", times, "2024-03-12")).startsWith("2024-03-04 (the latest event");
    // But what is of today or tomorrow tells that yesterday is over.
    assertThat(asOf(spark, "UTC", times, "2024-03-04"))
        .isEqualTo("2024-03-04 (yesterday; events go on after it)");
    assertThat(asOf(spark, "UTC", times + ", partition: dt", "2024-03-04"))
        .isEqualTo(
            "2024-03-04 (yesterday; folders go on to 2024-03-05; later ones are ahead of the clock)");
  }

  private String asOf(SparkSession spark, String zone, String input, String yesterday) {
    var chosen =
        EventLog.open(in(zone, spark), config(zone, input, ""), ErasureList.NONE)
            .lastCoveredDay(LocalDate.parse(yesterday));
    return chosen.day() + " (" + chosen.why() + ")";
  }
}
