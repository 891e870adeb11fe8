package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * After people were erased, every run publishes cell for cell what a full run publishes of a log
 * that never had them.
 */
@ExtendWith(SparkTest.class)
class ForgetRandomLogsTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-02-20");
  private static final int DAYS = 14;
  private static final int USERS = 9;
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2024-06-01T00:00:00Z"));

  @TempDir private Path directory;

  /** How the events are read: one by one, as they have ids; or by columns. */
  private enum Reading {
    ROWS("event-id: id"),
    COLUMNS("earliest: 2020-01-01");

    private final String key;

    Reading(String key) {
      this.key = key;
    }
  }

  @Test
  void a_log_read_row_by_row_is_as_if_they_had_never_been(SparkSession spark) throws IOException {
    compare(spark, Reading.ROWS);
  }

  @Test
  void a_log_read_by_columns_is_as_if_they_had_never_been(SparkSession spark) throws IOException {
    compare(spark, Reading.COLUMNS);
  }

  private void compare(SparkSession spark, Reading reading) throws IOException {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.printf("ForgetRandomLogsTest: -Dtenure.seed=%d%n", seed);
    Random random = new Random(seed);
    // User 0 and the rows without user are always there; of the others, some will be erased.
    Set<String> erased = new HashSet<>();
    for (int user = 1; user < USERS; user++) {
      if (random.nextInt(3) == 0) {
        erased.add("u" + user);
      }
    }
    erased.add("u1");
    Log log = new Log(spark, random, erased);
    log.write("start", 80);
    log.write("second", 20);
    TenureConfig config = config(reading, "with", "out");
    run(config, false);
    pipeline(config).forget(erased);
    rebuildWithout(reading);
    assertSame(spark, reading, seed, "erased");
    // Files that come, and one that changes: read again with the rows of the erased in it.
    log.write("second", 20);
    log.write("third", 20);
    rebuildWithout(reading);
    Pointer added = run(config, false);
    assertThat(output(config).record(added.runId()).reading().mode()).isEqualTo("incremental");
    assertSame(spark, reading, seed, "incremental");
    Pointer rebuilt = run(config, true);
    assertSame(spark, reading, seed, "full");
    RunRecord.Rows rows = output(config).record(rebuilt.runId()).rows();
    assertThat(rows.leftOutBy()).as("seed %d", seed).containsEntry("erased_user", log.dropped());
    assertThat(rows.read()).isEqualTo(rows.accepted() + rows.rejected() + rows.leftOut());
  }

  private void rebuildWithout(Reading reading) {
    run(config(reading, "without", "never"), true);
  }

  private void assertSame(SparkSession spark, Reading reading, long seed, String when) {
    TenureConfig with = config(reading, "with", "out");
    TenureConfig without = config(reading, "without", "never");
    assertThat(PublishedTables.of(spark, output(with)))
        .as("seed %d, %s", seed, when)
        .isEqualTo(inFolder(PublishedTables.of(spark, output(without))));
    assertThat(rejected(with))
        .as("seed %d, %s, what files are said to hold", seed, when)
        .isEqualTo(rejected(without));
  }

  /** Rejected rows name their file: that of the log that has everybody. */
  private static Map<String, List<String>> inFolder(Map<String, List<String>> tables) {
    tables.replaceAll(
        (table, rows) -> rows.stream().map(row -> row.replace("/without/", "/with/")).toList());
    return tables;
  }

  /** Rejected rows by reason, file by file in the order of their names. */
  private static List<Map<String, Long>> rejected(TenureConfig config) {
    Output output = output(config);
    return output.manifest(output.current().orElseThrow().runId()).orElseThrow().files().stream()
        .map(StateManifest.File::rejected)
        .toList();
  }

  /** The same random log twice: with everybody, and without some. */
  private final class Log {
    private final SparkSession spark;
    private final Random random;
    private final Set<String> erased;
    private final Map<String, Long> dropped = new TreeMap<>();

    Log(SparkSession spark, Random random, Set<String> erased) {
      this.spark = spark;
      this.random = random;
      this.erased = erased;
    }

    /** Writes or replaces a file. */
    void write(String name, int rows) throws IOException {
      List<String> with = new ArrayList<>();
      List<String> without = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        String user = row == 0 ? "u0" : "u" + random.nextInt(USERS);
        user = row > 0 && random.nextInt(12) == 0 ? "" : user;
        String day = FIRST.plusDays(row == 0 ? 0 : random.nextInt(DAYS)).toString();
        String line =
            "{\"id\": \"e%d\", \"user\": %s, \"time\": %s, \"name\": \"%s\", \"country\": \"c%d\"}"
                .formatted(
                    random.nextInt(40),
                    user.isEmpty() ? "null" : "\"" + user + "\"",
                    row > 0 && random.nextInt(12) == 0 ? "null" : "\"" + day + " 12:00:00\"",
                    random.nextBoolean() ? "visit" : "buy",
                    random.nextInt(3));
        with.add(line);
        if (!erased.contains(user)) {
          without.add(line);
        }
      }
      dropped.put(name, (long) with.size() - without.size());
      write("with", name, with);
      write("without", name, without);
    }

    private void write(String log, String name, List<String> rows) throws IOException {
      Path lines = Files.write(directory.resolve("lines.json"), rows);
      spark
          .read()
          .schema("id STRING, user STRING, time TIMESTAMP, name STRING, country STRING")
          .json(lines.toString())
          .coalesce(1)
          .write()
          .mode(SaveMode.Overwrite)
          .parquet(directory.resolve("written").toString());
      Path folder = Files.createDirectories(directory.resolve(log));
      try (var files = Files.newDirectoryStream(directory.resolve("written"), "*.parquet")) {
        for (Path file : files) {
          Files.move(file, folder.resolve(name + ".parquet"), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }

    long dropped() {
      return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private TenureConfig config(Reading reading, String log, String output) {
    String yaml =
        """
        input:
          path: %s
          user: user
          time: time
          event: name
          %s
        output: %s
        timezone: Europe/Bucharest
        activities: {buy: "name = 'buy'"}
        segments: [country]
        funnels: [{steps: [active, buy, buy], window: 2 days}]
        retention:
          - {grains: {day: 6, week: 2}, brackets: [0, 1, 4]}
          - {name: buyers, cohort: first, start: buy, return: active, grains: {day: 4}}
        quality: {max-rejected-ratio: 0.9}
        """
            .formatted(directory.resolve(log), reading.key, directory.resolve(output));
    return ConfigLoader.load(yaml, "test.yaml", List.of());
  }

  private static Output output(TenureConfig config) {
    return Output.open(config.output(), new Configuration());
  }

  private static Pipeline pipeline(TenureConfig config) {
    SparkSession session = Session.open("test", config.timezone());
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Pipeline(
        session,
        config,
        output(config),
        scope -> List.of(), // what must hold between tables has tests of its own
        CLOCK,
        new Progress(session.sparkContext(), nowhere, CLOCK));
  }

  private static Pointer run(TenureConfig config, boolean full) {
    return pipeline(config).run(FIRST.plusDays(DAYS - 3), full);
  }
}
