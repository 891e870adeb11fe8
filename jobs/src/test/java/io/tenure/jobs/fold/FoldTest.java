package io.tenure.jobs.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.store.ErasureList;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.Judged;
import io.tenure.jobs.read.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/** One state, however the rows are cut, ordered and held in memory. */
@ExtendWith(SparkTest.class)
class FoldTest {
  private static final LocalDate AS_OF = LocalDate.parse("2024-04-30");

  /**
   * 100,000 events of 20,000 users over 60 days: every tenth is of one user, every 50th is another
   * one again, every 40th has no user. Times collide, so that ties are decided.
   */
  private static final String LOG =
      """
      WITH numbered AS (SELECT id, id - IF(id % 50 = 1, 1, 0) AS n FROM range(100000)),
      spread AS (SELECT n, CAST(pmod(hash(n), 5184000) DIV 600 * 600 AS BIGINT) AS second FROM numbered)
      SELECT IF(n % 40 = 7, NULL, IF(n % 10 = 0, 'whale', concat('u', pmod(hash(n, 2), 20000)))) AS user,
        concat('e', n) AS id, timestamp_seconds(1709251200 + second) AS time,
        IF(n % 3 = 0, 'buy', 'view') AS name,
        IF(n % 7 = 0, NULL, concat('c', n % 5)) AS country, concat('p', n % 3) AS plan,
        CAST(n % 100 AS DECIMAL(10, 2)) AS amount
      FROM spread
      """;

  @TempDir Path folder;

  private TenureConfig config(String files, String id) {
    return ConfigLoader.load(
        """
        input: {path: %s, user: user, time: time, event: name%s, amount: amount}
        output: none
        timezone: Africa/Cairo
        activities: {buy: "name = 'buy'", view: "name = 'view'"}
        segments: [country, plan]
        retention: [{start: buy}]
        virality: {invitation: view, joined: buy}
        funnels: [{steps: [view, buy, buy]}, {name: any, steps: [active, buy], entry: any}]
        """
            .formatted(folder.resolve(files), id),
        "test.yaml",
        List.of());
  }

  private Map<String, String> fold(
      SparkSession spark, String files, String id, int partitions, long taskMemory) {
    TenureConfig config = config(files, id);
    return fold(open(spark, config).judged(AS_OF), config, partitions, taskMemory);
  }

  private static EventLog open(SparkSession spark, TenureConfig config) {
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.session.timeZone", config.timezone().getId());
    return EventLog.open(session, config, ErasureList.NONE);
  }

  private static Map<String, String> fold(
      Judged judged, TenureConfig config, int partitions, long taskMemory) {
    return histories(
        new Fold(HistoryShape.of(config), config.timezone(), partitions, taskMemory)
            .state(judged, Optional.empty()));
  }

  private static Map<String, String> histories(Dataset<Row> state) {
    Map<String, String> histories = new TreeMap<>();
    ReadFacts facts = new ReadFacts();
    for (Row row : state.collectAsList()) {
      if (row.isNullAt(0)) {
        facts.merge(ReadFacts.decode(row.getAs(1)));
      } else {
        String before = histories.put(row.getString(0), HexFormat.of().formatHex(row.getAs(1)));
        assertThat(before).as("a second row of " + row.getString(0)).isNull();
      }
    }
    histories.put(
        "(facts)",
        "%d rows, %d accepted from day %d, %s %s"
            .formatted(
                facts.rows(),
                facts.rows(Reason.ACCEPTED),
                facts.firstDay(),
                facts.reasons(Reason.Fate.REJECTED),
                facts.reasons(Reason.Fate.LEFT_OUT)));
    return histories;
  }

  /** The clocks of St. John's went back at 00:01, so that 7 November began twice. */
  @Test
  void an_id_counts_once_on_a_day_that_goes_on_after_another(SparkSession spark) {
    spark
        .sql(
            """
            SELECT user, id, CAST(time AS TIMESTAMP) AS time FROM VALUES
              ('ann', 'x', '2010-11-07T02:30:30Z'),  -- the 7th
              ('ann', 'x', '2010-11-07T02:31:30Z'),  -- the 6th
              ('ann', 'x', '2010-11-07T03:30:30Z')   -- the 7th
              AS t(user, id, time)
            """)
        .write()
        .parquet(folder.resolve("twice").toString());
    TenureConfig config =
        ConfigLoader.load(
            """
            input: {path: %s, user: user, time: time, event-id: id}
            output: none
            timezone: America/St_Johns
            """
                .formatted(folder.resolve("twice")),
            "test.yaml",
            List.of());
    assertThat(fold(open(spark, config).judged(AS_OF), config, 1, Long.MAX_VALUE).get("(facts)"))
        .isEqualTo("3 rows, 2 accepted from day 14919, {} {DUPLICATE=1}"); // 2010-11-06
  }

  @Test
  void memory_order_files_and_partitions_change_nothing(SparkSession spark) {
    spark.sql(LOG).coalesce(1).write().parquet(folder.resolve("one").toString());
    spark
        .sql(LOG)
        .repartition(7, org.apache.spark.sql.functions.expr("hash(user, time)"))
        .sortWithinPartitions(org.apache.spark.sql.functions.expr("hash(id, 3)"))
        .write()
        .parquet(folder.resolve("many").toString());

    for (String id : List.of("", ", event-id: id")) {
      Map<String, String> plenty = fold(spark, "one", id, 1, Long.MAX_VALUE);

      // The ids of 100,000 rows: each of 2,000 is there twice, on the same day of the same user.
      // Of 2,500 rows without user n = 7, 47, 87, 127, …: none is a copied one, which are n = 50 k.
      String leftOut = id.isEmpty() ? "{}" : "{DUPLICATE=2000}";
      assertThat(plenty.get("(facts)"))
          .matches(
              "100000 rows, "
                  + (id.isEmpty() ? "97500" : "95500")
                  + " accepted from day 197\\d\\d, \\{MISSING_USER=2500\\} "
                  + java.util.regex.Pattern.quote(leftOut));
      assertThat(plenty).hasSizeGreaterThan(18_000).containsKey("whale");
      // Two months and the local day that the last UTC day goes on into.
      assertThat(History.decode(HexFormat.of().parseHex(plenty.get("whale"))).size())
          .isBetween(60, 61);

      // Room for about ten users at a time: thousands of partial histories of every kind.
      assertThat(fold(spark, "one", id, 3, 4_000)).as("tiny memory" + id).isEqualTo(plenty);
      assertThat(fold(spark, "many", id, 4, 200_000)).as("many files" + id).isEqualTo(plenty);
    }
  }

  /**
   * What a config may say of a column decides how it is read by columns: passed on, worked out, or
   * the same in every row.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // Names with and without a dictionary, blank ones among them, and rows after the as-of day.
        "input: {path: PATH, user: user, time: time}\nsegments: [country, plan]",
        "input: {path: PATH, user: number, time: time, amount: amount, where: number % 5 <> 0}\n"
            + "segments: [{parity: number % 2}, {fixed: \"'all'\"}, plan]\n"
            + "activities: {buy: \"name = 'buy'\"}\n"
            + "funnels: [{steps: [active, buy]}]",
        "input: {path: PATH, user: long_user, time: local}\nsegments: [user]\n"
            + "activities: {buy: \"name = 'buy'\"}\nfunnels: [{steps: [active, buy]}]",
        "input: {path: PATH, user: user, time: seconds, time-unit: seconds}\nsegments: [country]",
        "input: {path: PATH, user: user, time: date, partition: dt}\nsegments: [dt]\n"
            + "activities: {buy: \"name = 'buy'\"}\nfunnels: [{steps: [buy, active]}]",
        "input: {path: PATH, user: \"'one'\", time: time}\nsegments: [country]"
      })
  void by_columns_or_by_rows(String yaml, SparkSession spark) {
    spark
        .sql(
            """
            SELECT *, IF(number % 11 = 0, NULL, concat(repeat('x', 100), number)) AS long_user,
              CAST(time AS TIMESTAMP_NTZ) AS local, CAST(unix_seconds(time) AS INT) AS seconds,
              CAST(time AS DATE) AS date, CAST(time AS DATE) AS dt
            FROM (SELECT CAST(id AS INT) AS number,
                CASE id % 13 WHEN 0 THEN NULL WHEN 1 THEN ' ' WHEN 2 THEN '' WHEN 3 THEN ' a'
                  ELSE concat('u', id % 700) END AS user,
                IF(id % 17 = 0, NULL, timestamp_seconds(1711929600 + id * 300)) AS time,
                IF(id % 3 = 0, 'buy', 'view') AS name, CAST(id % 9 AS DECIMAL(10, 2)) AS amount,
                CASE id % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN ' ' ELSE concat('c', id % 5) END AS country, concat('p', id % 3) AS plan
              FROM range(12000))
            """)
        .coalesce(2)
        .write()
        .option("parquet.dictionary.page.size", 4_000)
        .option("parquet.block.size", 100_000)
        .partitionBy("dt")
        .parquet(folder.resolve("log").toString());
    TenureConfig config =
        ConfigLoader.load(
            yaml.replace("PATH", folder.resolve("log").toString())
                + "\noutput: none\ntimezone: Africa/Cairo",
            "test.yaml",
            List.of());
    Judged judged = open(spark, config).judged(AS_OF);
    JudgedRow.Layout layout =
        new JudgedRow.Layout(
            JudgedRow.Clock.of(judged.timeType()), config.timezone(), false, false, 0);
    Judged asRows =
        new Judged(judged.rows().coalesce(1), judged.timeType(), judged.ids(), judged.sure());
    assertThat(ColumnarScan.of(judged, layout)).isPresent();
    assertThat(ColumnarScan.of(asRows, layout)).isEmpty();

    Map<String, String> byRows = fold(asRows, config, 2, Long.MAX_VALUE);
    assertThat(byRows).hasSizeGreaterThan(yaml.contains("'one'") ? 1 : 500);
    assertThat(fold(judged, config, 2, Long.MAX_VALUE)).isEqualTo(byRows);
    assertThat(fold(judged, config, 2, 10_000)).as("tiny memory").isEqualTo(byRows);
  }

  @Test
  void a_time_that_is_the_same_in_every_row_is_read_row_by_row(SparkSession spark) {
    spark.range(300).selectExpr("concat('u', id % 7) AS user").write().parquet(path("flat"));
    TenureConfig config =
        ConfigLoader.load(
            "input: {path: %s, user: user, time: \"DATE'2024-04-29'\"}\noutput: none"
                .formatted(path("flat")),
            "test.yaml",
            List.of());
    assertThat(fold(open(spark, config).judged(AS_OF), config, 2, Long.MAX_VALUE))
        .hasSize(8)
        .containsEntry("(facts)", "300 rows, 300 accepted from day 19842, {} {}");
  }

  @Test
  void a_stored_state_is_added_to_file_by_file_as_it_is_by_a_shuffle(SparkSession spark) {
    spark.sql(LOG).coalesce(2).write().parquet(path("log"));
    TenureConfig config = config("log", "");
    Judged judged = open(spark, config).judged(AS_OF);
    Map<String, String> rebuilt = fold(judged, config, 3, Long.MAX_VALUE);
    fold(config, 3).state(judged, Optional.empty()).write().parquet(path("state"));
    Dataset<Row> state = spark.read().schema(Fold.STATE).parquet(path("state"));
    Optional<StateFiles> files = stateFiles(spark, "state");
    assertThat(files.orElseThrow().files()).hasSize(3);

    for (LocalDate day : List.of(AS_OF, AS_OF.minusDays(25), AS_OF.minusYears(1))) {
      RoaringBitmap days = new RoaringBitmap();
      days.add(day.toEpochDay(), AS_OF.toEpochDay() + 1);
      Fold.Stored inPlace = new Fold.Stored(state, files, days);
      Fold.Stored shuffled = new Fold.Stored(state, Optional.empty(), days);
      for (int partitions : new int[] {2, 3, 6}) {
        Dataset<Row> merged = fold(config, partitions).state(judged, Optional.of(inPlace));
        assertThat(merged.toJavaRDD().getNumPartitions()).as("as many as files").isEqualTo(3);
        assertSame(histories(merged), rebuilt);
      }
      Dataset<Row> anew = fold(config, 7).state(judged, Optional.of(inPlace));
      assertThat(anew.toJavaRDD().getNumPartitions()).as("too few files").isEqualTo(7);
      assertSame(histories(anew), rebuilt);
      assertSame(histories(fold(config, 3).state(judged, Optional.of(shuffled))), rebuilt);
    }
  }

  @Test
  void no_file_is_added_to_a_state_of_one_file(SparkSession spark) {
    spark.sql(LOG).limit(1_000).coalesce(1).write().parquet(path("log"));
    TenureConfig config = config("log", "");
    EventLog log = open(spark, config);
    fold(config, 1).state(log.judged(AS_OF), Optional.empty()).write().parquet(path("state"));
    Dataset<Row> state = spark.read().schema(Fold.STATE).parquet(path("state"));
    Map<String, String> before = histories(state);
    Fold.Stored stored = new Fold.Stored(state, stateFiles(spark, "state"), new RoaringBitmap());
    assertThat(stored.files()).isPresent();
    Dataset<Row> merged = fold(config, 1).state(log.judged(AS_OF, List.of()), Optional.of(stored));
    assertSame(histories(merged), before);
  }

  @Test
  void files_that_are_cut_otherwise_are_not_added_to(SparkSession spark) throws IOException {
    spark.sql(LOG).limit(1_000).coalesce(2).write().parquet(path("log"));
    TenureConfig config = config("log", "");
    Judged judged = open(spark, config).judged(AS_OF);
    Dataset<Row> state = fold(config, 3).state(judged, Optional.empty());
    state.coalesce(1).repartition(3).write().parquet(path("cut"));
    Fold.Stored stored =
        new Fold.Stored(
            spark.read().schema(Fold.STATE).parquet(path("cut")),
            stateFiles(spark, "cut"),
            RoaringBitmap.bitmapOf((int) AS_OF.toEpochDay()));
    assertThatThrownBy(() -> histories(fold(config, 3).state(judged, Optional.of(stored))))
        .hasStackTraceContaining("part-0000")
        .hasStackTraceContaining("are not cut and sorted as Spark")
        .hasStackTraceContaining("a run with --full writes them anew");

    assertThat(stateFiles(spark, "none")).isEmpty();
    state.write().option("maxRecordsPerFile", 100).parquet(path("split"));
    assertThat(stateFiles(spark, "split")).as("two files of a partition").isEmpty();
    state.write().parquet(path("gap"));
    try (Stream<Path> written = Files.list(folder.resolve("gap"))) {
      Files.delete(
          written
              .filter(file -> file.getFileName().toString().startsWith("part-00001"))
              .findFirst()
              .orElseThrow());
    }
    assertThat(stateFiles(spark, "gap")).as("a file is missing").isEmpty();
  }

  /** Where a user's row stands follows from the bytes of its id, whatever they are. */
  @Test
  void ids_of_any_bytes_are_added_to_file_by_file(SparkSession spark) {
    spark
        .sql(
            """
            SELECT CAST(unhex(id) AS STRING) AS user, name, CAST(1 AS DECIMAL(10, 2)) AS amount,
              CAST('2024-04-29 12:00:00' AS TIMESTAMP) AS time, 'RO' AS country, 'p' AS plan
            FROM VALUES ('7C'), ('C3A9'), ('F09F9880'), ('FF'), ('C3'), ('FFFE00'), ('00')
              AS ids(id) CROSS JOIN VALUES ('buy'), ('view') AS names(name)
            """)
        .write()
        .parquet(path("log"));
    TenureConfig config = config("log", "");
    Judged judged = open(spark, config).judged(AS_OF);
    Map<String, String> rebuilt = byHex(fold(config, 2).state(judged, Optional.empty()));
    assertThat(rebuilt).containsKeys("7C", "C3A9", "F09F9880", "FF", "C3", "FFFE00", "00");
    fold(config, 2).state(judged, Optional.empty()).write().parquet(path("state"));
    Fold.Stored stored =
        new Fold.Stored(
            spark.read().schema(Fold.STATE).parquet(path("state")),
            stateFiles(spark, "state"),
            RoaringBitmap.bitmapOf((int) AS_OF.toEpochDay() - 1));
    assertThat(stored.files()).isPresent();
    assertSame(byHex(fold(config, 2).state(judged, Optional.of(stored))), rebuilt);
  }

  private static Map<String, String> byHex(Dataset<Row> state) {
    return histories(state.selectExpr("hex(user)", "history"));
  }

  /** All histories; twenty thousand are no help in an error. What was read of files is another. */
  private static void assertSame(Map<String, String> found, Map<String, String> expected) {
    Map<String, String> odd = new TreeMap<>(found);
    odd.remove("(facts)");
    odd.entrySet().removeAll(expected.entrySet());
    assertThat(odd).isEmpty();
    assertThat(found.keySet()).hasSameSizeAs(expected.keySet());
  }

  private static Fold fold(TenureConfig config, int partitions) {
    return new Fold(HistoryShape.of(config), config.timezone(), partitions, Long.MAX_VALUE);
  }

  private Optional<StateFiles> stateFiles(SparkSession spark, String folder) {
    return StateFiles.of(spark.sparkContext().hadoopConfiguration(), path(folder));
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }
}
