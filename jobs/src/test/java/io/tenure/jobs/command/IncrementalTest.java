package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An incremental run publishes cell for cell what a rebuild publishes. */
@ExtendWith(SparkTest.class)
class IncrementalTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-02-20");
  private static final int DAYS = 24;
  private static final String STAYS = "stays.csv";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2024-06-01T00:00:00Z"));

  @TempDir private Path directory;

  /**
   * Files come, change and go at random: days out of order, late files, rewritten and deleted ones,
   * one file for many days, duplicates across files, broken rows, an as-of day that moves both
   * ways.
   */
  @Test
  void any_order_of_new_changed_and_deleted_files_gives_what_a_rebuild_gives(SparkSession spark)
      throws IOException {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.println("IncrementalTest: -Dtenure.seed=" + seed);
    Random random = new Random(seed);
    Path events = Files.createDirectories(directory.resolve("events"));
    TenureConfig incremental = config(events, "incremental");
    TenureConfig full = config(events, "full");
    writeFile(events, "start", random, 60);
    // Whatever else comes and goes, there is an event to publish.
    Files.writeString(
        events.resolve(STAYS),
        "id,user,time,name,country,amount\ne99,rock," + FIRST + "T12:00:00Z,visit,c1,5\n");
    int added = 0;
    for (int step = 0; step < 8; step++) {
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        added = change(events, random, added);
      }
      LocalDate asOf = FIRST.plusDays(DAYS / 2 + random.nextInt(DAYS / 2));
      Pointer refreshed = run(spark, incremental, asOf, false);
      Pointer rebuilt = run(spark, full, asOf, true);
      assertThat(tables(spark, incremental, refreshed))
          .as("seed %d, step %d, as of %s", seed, step, asOf)
          .isEqualTo(tables(spark, full, rebuilt));
      if (step > 0) {
        assertThat(output(spark, incremental).record(refreshed.runId()).reading().mode())
            .isEqualTo("incremental");
        assertThat(output(spark, incremental).cells(refreshed.runId())).isPresent();
      }
    }
  }

  /** What an orchestrator does: a file a day, now and then one that is late. */
  @Test
  void daily_runs_go_on_from_the_sums_of_the_run_before(SparkSession spark) throws IOException {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.println("IncrementalTest, daily: -Dtenure.seed=" + seed);
    Random random = new Random(seed);
    Path events = Files.createDirectories(directory.resolve("events"));
    TenureConfig daily = config(events, "daily", List.of("churn.inactive-days=3"));
    TenureConfig full = config(events, "full", List.of("churn.inactive-days=3"));
    writeDays(events, random, 0, 9);
    run(spark, daily, FIRST.plusDays(8), false);
    for (int day = 9; day < 13; day++) {
      writeDays(events, random, day, day + 1);
      int since = day;
      if (day == 11) {
        since = 5;
        writeDays(events, random, 5, 6);
      }
      LocalDate asOf = FIRST.plusDays(day);
      String before = output(spark, daily).current().orElseThrow().runId();
      Said said = new Said();
      Pointer run = run(spark, daily, asOf, false, said);
      Pointer rebuilt = run(spark, full, asOf, true);
      assertThat(tables(spark, daily, run))
          .as("seed %d, as of %s", seed, asOf)
          .isEqualTo(tables(spark, full, rebuilt));
      assertThat(said.text())
          .contains("sums of run %s went on from %s".formatted(before, FIRST.plusDays(since)));
    }
    // Damaged sums are not gone on from, and nothing else is needed.
    writeDays(events, random, 13, 14);
    Pointer current = output(spark, daily).current().orElseThrow();
    Path cells =
        directory.resolve("daily/runs").resolve(current.runId()).resolve("_state/cells.bin");
    byte[] bytes = Files.readAllBytes(cells);
    bytes[bytes.length / 2] ^= 1;
    Files.write(cells, bytes);
    Said said = new Said();
    Pointer run = run(spark, daily, FIRST.plusDays(13), false, said);
    assertThat(said.text())
        .contains("the sums of run " + current.runId() + " are damaged")
        .doesNotContain("went on");
    assertThat(tables(spark, daily, run))
        .isEqualTo(tables(spark, full, run(spark, full, FIRST.plusDays(13), true)));
  }

  /** What a run tells whoever started it. */
  private static final class Said {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PrintStream out() {
      return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }
  }

  /** A file for each of some days, counted from the first; one that is there is replaced. */
  private static void writeDays(Path events, Random random, int from, int to) throws IOException {
    for (int day = from; day < to; day++) {
      StringBuilder text = new StringBuilder("id,user,time,name,country,amount\n");
      for (int event = 0; event < 12; event++) {
        text.append(
            "e%d,u%d,%sT%02d:30:00Z,%s,%s,%d%n"
                .formatted(
                    100 * day + event,
                    random.nextInt(9),
                    FIRST.plusDays(day),
                    8 + random.nextInt(10),
                    random.nextBoolean() ? "visit" : "buy",
                    random.nextInt(3) == 0 ? "" : "c" + random.nextInt(3),
                    random.nextInt(20)));
      }
      Files.writeString(events.resolve("day%02d.csv".formatted(day)), text);
    }
  }

  @Test
  void a_run_without_news_opens_no_file_and_changes_no_cell(SparkSession spark) throws IOException {
    Path events = Files.createDirectories(directory.resolve("events"));
    TenureConfig config = config(events, "out");
    writeFile(events, "start", new Random(1), 60);
    Pointer first = run(spark, config, FIRST.plusDays(9), false);
    Map<String, List<String>> before = tables(spark, config, first);
    Pointer second = run(spark, config, FIRST.plusDays(9), false);
    assertThat(tables(spark, config, second)).isEqualTo(before);
    assertThat(output(spark, config).record(second.runId()).reading().files()).isZero();
  }

  /** What a thousand files look like need not be asked of them every day. */
  @Test
  void a_file_that_a_run_knows_is_not_opened_again_to_see_its_schema(SparkSession spark)
      throws IOException {
    Path events = directory.resolve("events");
    TenureConfig config =
        ConfigLoader.load(
            """
            input: {path: %s, user: user, time: time, partition: dt}
            output: %s
            segments: [country]
            """
                .formatted(events, directory.resolve("out")),
            "test.yaml",
            List.of());
    writeDay(spark, events, 0);
    writeDay(spark, events, 1);
    Pointer first = run(spark, config, FIRST.plusDays(1), false);
    assertThat(output(spark, config).manifest(first.runId()).orElseThrow().known())
        .hasSize(2)
        .allSatisfy((file, known) -> assertThat(known.rows()).isOne());
    // Unreadable now, with the size and the time it had. The first file still tells the schema.
    Path known = fileOf(events, 1);
    FileTime modified = Files.getLastModifiedTime(known);
    Files.write(known, new byte[Math.toIntExact(Files.size(known))]);
    Files.setLastModifiedTime(known, modified);
    writeDay(spark, events, 2);
    Pointer second = run(spark, config, FIRST.plusDays(2), false);
    assertThat(output(spark, config).record(second.runId()).reading().files()).isOne();
    assertThatThrownBy(() -> run(spark, config, FIRST.plusDays(2), true))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read")
        .hasMessageContaining(known.getFileName().toString());
    // A file of another time is looked at again.
    Files.setLastModifiedTime(known, FileTime.fromMillis(modified.toMillis() + 60_000));
    assertThatThrownBy(() -> run(spark, config, FIRST.plusDays(2), false))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(known.getFileName().toString());
  }

  private static void writeDay(SparkSession spark, Path events, int day) {
    LocalDate date = FIRST.plusDays(day);
    spark
        .sql("SELECT 'u' AS user, DATE'%s' AS time, 'c1' AS country".formatted(date))
        .coalesce(1)
        .write()
        .parquet(events.resolve("dt=" + date).toString());
  }

  private static Path fileOf(Path events, int day) throws IOException {
    try (var files = Files.list(events.resolve("dt=" + FIRST.plusDays(day)))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("part-"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void a_changed_definition_rebuilds_and_says_so(SparkSession spark) throws IOException {
    Path events = Files.createDirectories(directory.resolve("events"));
    writeFile(events, "start", new Random(1), 60);
    run(spark, config(events, "out"), FIRST.plusDays(9), false);
    TenureConfig changed = config(events, "out", List.of("week-start=sunday"));
    Pointer second = run(spark, changed, FIRST.plusDays(9), false);
    assertThat(output(spark, changed).record(second.runId()).reading().why())
        .isEqualTo("the definition changed since the current run");

    // As if it had been written with other data of time zones.
    Path files = directory.resolve("out/runs/%s/_state/files.json".formatted(second.runId()));
    String manifest = Files.readString(files);
    Files.writeString(files, manifest.replaceFirst("(\"zone\" : \")\\w+", "$1other"));
    assertThat(files).content().isNotEqualTo(manifest);
    Pointer third = run(spark, changed, FIRST.plusDays(9), false);
    assertThat(output(spark, changed).record(third.runId()).reading().why())
        .isEqualTo(
            "the rules of timezone Europe/Bucharest changed since the current run, with this Java's"
                + " time zone data");
  }

  @Test
  void rejected_rows_of_days_that_a_run_in_between_was_not_to_know_are_told_again(
      SparkSession spark) throws IOException {
    for (int day = 0; day < 4; day++) {
      LocalDate date = FIRST.plusDays(day);
      Path folder = Files.createDirectories(directory.resolve("events/dt=" + date));
      Files.writeString(
          folder.resolve("a.csv"),
          """
          id,user,time,name,country,amount
          ,ann,%1$sT10:00:00Z,visit,c1,1
          ,,%1$sT11:00:00Z,visit,c1,1
          """
              .formatted(date));
    }
    TenureConfig config = config(directory.resolve("events"), "out", List.of("input.partition=dt"));
    Pointer before = run(spark, config, FIRST.plusDays(3), false);
    assertThat(before.tables()).containsEntry("rejected_events", 4L);
    // The folder of the day after is opened, too, but all its events turn out to be of later days.
    assertThat(run(spark, config, FIRST.plusDays(1), false).tables())
        .containsEntry("rejected_events", 2L);
    assertThat(run(spark, config, FIRST.plusDays(1), true).tables())
        .containsEntry("rejected_events", 2L);
    Pointer again = run(spark, config, FIRST.plusDays(3), false);
    assertThat(tables(spark, config, again)).isEqualTo(tables(spark, config, before));
  }

  private static int change(Path events, Random random, int added) throws IOException {
    List<Path> files = new ArrayList<>();
    try (var listed = Files.list(events)) {
      listed.filter(file -> !file.endsWith(STAYS)).sorted().forEach(files::add);
    }
    switch (random.nextInt(4)) {
      case 0 -> {
        if (files.size() > 2) {
          Files.delete(files.get(random.nextInt(files.size())));
        }
      }
      case 1 -> {
        String name = files.get(random.nextInt(files.size())).getFileName().toString();
        writeFile(events, name.replace(".csv", ""), random, 20);
      }
      default -> {
        writeFile(events, "file " + added, random, 20);
        return added + 1;
      }
    }
    return added;
  }

  /** Some rows on a few neighbouring days, or now and then on any day. */
  private static void writeFile(Path events, String name, Random random, int rows)
      throws IOException {
    StringBuilder text = new StringBuilder("id,user,time,name,country,amount\n");
    int from = random.nextInt(DAYS);
    int span = random.nextInt(5) == 0 ? DAYS : 1 + random.nextInt(2);
    for (int row = 0; row < rows; row++) {
      int day = Math.min(DAYS - 1, from + random.nextInt(span));
      String time =
          random.nextInt(15) == 0
              ? "soon"
              : FIRST.plusDays(day) + "T" + (10 + random.nextInt(14)) + ":00:00Z";
      text.append(random.nextInt(12) == 0 ? "" : "e" + random.nextInt(40)).append(',');
      text.append(random.nextInt(15) == 0 ? "" : "u" + random.nextInt(8)).append(',');
      text.append(time).append(',').append(random.nextBoolean() ? "visit" : "buy").append(',');
      text.append(random.nextInt(3) == 0 ? "" : "c" + random.nextInt(3)).append(',');
      // Refunds, too: of the same id another amount, in another file.
      text.append(random.nextInt(3) == 0 ? "" : random.nextInt(500) - 150 + "e-2").append('\n');
    }
    Files.writeString(events.resolve(name + ".csv"), text);
  }

  private TenureConfig config(Path events, String output) {
    return config(events, output, List.of());
  }

  private TenureConfig config(Path events, String output, List<String> settings) {
    String yaml =
        """
        input:
          path: %s
          format: csv
          options: {header: "true"}
          user: user
          time: time
          event: name
          event-id: id
          amount: amount
        output: %s
        timezone: Europe/Bucharest
        week-start: monday
        activities: {buy: "name = 'buy'", visit: "name = 'visit'"}
        segments: [country]
        funnels:
          - {name: buying, steps: [visit, buy, buy], window: 3 days}
          - {name: any, steps: [active, buy], entry: any, window: 5 hours}
        virality: {invitation: visit, joined: buy}
        nps: {touchpoints: {shop: "CASE WHEN name = 'buy' THEN pmod(hash(id), 12) END"}}
        retention:
          - {grains: {day: 6, week: 3}, brackets: [0, 1, 4]}
          - {name: buyers, cohort: first, start: buy, return: active, grains: {day: 4}}
        quality: {max-rejected-ratio: 0.9}
        """
            .formatted(events, directory.resolve(output));
    return ConfigLoader.load(yaml, "test.yaml", settings);
  }

  private static Output output(SparkSession spark, TenureConfig config) {
    return Output.open(config.output(), spark.sparkContext().hadoopConfiguration());
  }

  private static Pointer run(
      SparkSession spark, TenureConfig config, LocalDate asOf, boolean full) {
    return run(spark, config, asOf, full, new Said());
  }

  private static Pointer run(
      SparkSession spark, TenureConfig config, LocalDate asOf, boolean full, Said said) {
    SparkSession session = Session.open("test", config.timezone());
    return new Pipeline(
            session,
            config,
            output(spark, config),
            scope -> List.of(), // what must hold between tables has tests of its own
            CLOCK,
            new Progress(session.sparkContext(), said.out(), CLOCK))
        .run(asOf, full);
  }

  private static Map<String, List<String>> tables(
      SparkSession spark, TenureConfig config, Pointer pointer) {
    return PublishedTables.of(spark, output(spark, config), pointer);
  }
}
