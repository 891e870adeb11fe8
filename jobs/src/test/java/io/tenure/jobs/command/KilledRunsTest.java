package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs, and erasures of people, in a process of their own, killed at random moments: 24 of them, or
 * as many as {@code -Dtenure.kills} says, under {@code -Dtenure.seed}.
 */
@ExtendWith(SparkTest.class)
class KilledRunsTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-03-01");

  private static final String RUN_BEGINS = "as of ";
  private static final String ERASURE_BEGINS = "  find";

  @TempDir Path folder;

  @Test
  void killed_at_any_moment_the_output_is_whole_and_the_next_run_goes_on(SparkSession spark)
      throws IOException, InterruptedException {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    int kills = Integer.getInteger("tenure.kills", 24);
    System.out.printf("KilledRunsTest: -Dtenure.seed=%d -Dtenure.kills=%d%n", seed, kills);
    Random random = new Random(seed);
    Cli tenure = Cli.in(folder).config(config("<out>"));
    Files.createDirectories(tenure.events());
    write(tenure, random, 0);
    long whole = millis(tenure, RUN_BEGINS, Long.MAX_VALUE, run(0));
    List<String> erased = new ArrayList<>();
    int killed = 0;
    for (int step = 1; step <= kills; step++) {
      // Now and then a day is written anew; a later one is added always.
      write(tenure, random, random.nextInt(step));
      write(tenure, random, step);
      Pointer before = current(tenure);
      boolean erasing = random.nextInt(4) == 0 && erased.size() < 4;
      if (erasing) {
        String user = "u" + random.nextInt(9);
        erased.remove(user);
        erased.add(user);
      }
      String asOf = erasing ? before.asOf() : day(step);
      long moment = (long) (random.nextDouble() * whole);
      long took =
          erasing
              ? millis(tenure, ERASURE_BEGINS, moment, "forget", "--users", list(erased))
              : millis(tenure, RUN_BEGINS, moment, run(step));
      killed += took < moment ? 0 : 1;
      Pointer after = current(tenure);
      assertThat(after.runId().equals(before.runId()) || after.asOf().equals(asOf))
          .as("seed %d, step %d: %s after %s", seed, step, after, before)
          .isTrue();
      assertWhole(tenure, "seed %d, step %d, killed after %d ms".formatted(seed, step, moment));
      if (random.nextInt(3) == 0) {
        // Otherwise the next one to be killed is the next run.
        new UncheckedRuns(tenure).run(day(step));
        assertWhole(tenure, "seed %d, step %d, run again".formatted(seed, step));
      }
    }
    assertThat(killed).as("seed %d", seed).isPositive();
    UncheckedRuns runs = new UncheckedRuns(tenure);
    runs.run(day(kills));
    runs.forget(day(kills + 1), erased.toArray(String[]::new));
    var incremental = PublishedTables.of(spark, output(tenure.output()));
    runs.rebuild(day(kills));
    assertThat(incremental)
        .as("seed %d, without %s", seed, erased)
        .isEqualTo(PublishedTables.of(spark, output(tenure.output())));
  }

  private static String[] run(int step) {
    return new String[] {"run", "--as-of", day(step)};
  }

  private String list(List<String> users) throws IOException {
    return Files.write(folder.resolve("erase.txt"), users).toString();
  }

  private static String config(String output) {
    return """
        input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
        output: %s
        retention: [{grains: {day: 3}}]
        keep-runs: 2
        """
        .formatted(output);
  }

  private static String day(int step) {
    return FIRST.plusDays(step).toString();
  }

  private static void write(Cli tenure, Random random, int step) throws IOException {
    StringBuilder text = new StringBuilder("user,day\n");
    for (int row = 0; row < 6; row++) {
      text.append("u").append(random.nextInt(9)).append(',').append(day(step)).append('\n');
    }
    Files.writeString(tenure.events().resolve("day " + step + ".csv"), text);
  }

  private static Output output(Path path) {
    return Output.open(path.toString(), new Configuration());
  }

  private static Pointer current(Cli tenure) {
    return output(tenure.output()).current().orElseThrow();
  }

  /** Readers of the pointer and those of the link find a run, and all of it. */
  private static void assertWhole(Cli tenure, String when) throws IOException {
    Output output = output(tenure.output());
    String linked = tenure.output().resolve("current").toRealPath().getFileName().toString();
    for (String run : new TreeSet<>(List.of(current(tenure).runId(), linked))) {
      assertThat(output.record(run).status()).as(when).isEqualTo("complete");
      output
          .record(run)
          .tables()
          .forEach(
              (table, rows) ->
                  assertThat(rows(Path.of(URI.create(output.table(run, table)).getPath())))
                      .as(when + ": " + table)
                      .isEqualTo(rows));
    }
  }

  /** Rows by the footers of a table's files: quick, and none of a file cut short. */
  private static long rows(Path table) {
    Configuration hadoop = new Configuration(false);
    long rows = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(table, "*.parquet")) {
      for (Path file : files) {
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file.toUri());
        try (ParquetFileReader footer =
            ParquetFileReader.open(
                HadoopInputFile.fromPath(path, hadoop),
                HadoopReadOptions.builder(hadoop, path).build())) {
          rows += footer.getRecordCount();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /**
   * Runs the command line in a process of its own, and kills it.
   *
   * @param begins how the line begins that says that the output is being worked on
   * @param moment when, in milliseconds after that
   * @return how long after that it ended
   */
  private static long millis(Cli tenure, String begins, long moment, String... arguments)
      throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(OwnProcess.command(tenure.configFile().getParent(), List.of(), arguments));
    line.addAll(List.of("-c", tenure.configFile().toString()));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    StringBuilder said = new StringBuilder();
    long start = 0;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = out.readLine(); text != null; text = out.readLine()) {
        said.append(text).append('\n');
        if (text.startsWith(begins)) {
          start = System.nanoTime();
          break;
        }
      }
      assertThat(start).as("nothing began:\n%s", said).isNotZero();
      boolean ended = process.waitFor(moment, TimeUnit.MILLISECONDS);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
      if (ended) {
        out.lines().forEach(text -> said.append(text).append('\n'));
        assertThat(process.exitValue()).as("%s", said).isZero();
        return Math.min(took, moment - 1);
      }
      return Math.max(took, moment);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }
}
