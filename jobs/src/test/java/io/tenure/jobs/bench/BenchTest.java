package io.tenure.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole benchmark on a log of a few thousand events, in this process. */
@ExtendWith(SparkTest.class)
class BenchTest {
  private static final Task.Limits LIMITS = new Task.Limits(2, 1L << 30);

  @TempDir Path folder;

  @Test
  void all_agree_and_every_figure_is_there(SparkSession spark) throws Exception {
    Settings settings =
        new Settings(
            folder,
            7,
            150,
            50,
            1,
            LIMITS,
            List.of(Contender.values()),
            List.of(1),
            false,
            Set.of("all"));
    ByteArrayOutputStream progress = new ByteArrayOutputStream();

    ObjectNode figures = Bench.run(settings, new InProcess(spark), new PrintStream(progress, true));

    assertThat(figures.at("/log/events").asLong()).isBetween(1_000L, 6_000L);
    assertThat(figures.get("tables").size()).isEqualTo(Tables.COUNT);
    assertThat(figures.get("tables")).allSatisfy(rows -> assertThat(rows.asLong()).isPositive());
    assertThat(figures.get("contenders").size()).isEqualTo(Contender.values().length);
    for (String target : Figures.TARGETS) {
      // A history of four times the length would make this test long.
      if (target.startsWith("daily_4x")) {
        assertThat(figures.get(target).isNull()).as(target).isTrue();
      } else {
        assertThat(figures.get(target).asDouble()).as(target).isPositive();
      }
    }
    assertThat(figures.at("/daily/1x/seconds").asDouble()).isPositive();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Summary(figures, new PrintStream(out, true)).print();
    assertThat(out.toString())
        .contains(Arrays.stream(Contender.values()).map(Contender::label).toList())
        .contains("1x history");
  }

  @Test
  void one_cell_that_differs_is_found() throws Exception {
    LogSpec spec = LogSpec.plain(3, 40, 40);
    BenchLog log = BenchLog.of(folder, spec);
    Path one = Files.createDirectories(folder.resolve("one"));
    Path other = Files.createDirectories(folder.resolve("other"));
    Peers.duckDb("duckdb-tuned.sql", new Task(log.path(), spec.end(), one, LIMITS));
    Peers.duckDb("duckdb-tuned.sql", new Task(log.path(), spec.end(), other, LIMITS));
    assertThat(Tables.requireEqual(one, other)).hasSize(Tables.COUNT);

    Path table = other.resolve("growth/table.parquet");
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement()) {
      sql.execute("CREATE TABLE growth AS FROM '%s'".formatted(table));
      sql.execute(
          "UPDATE growth SET churned_users = churned_users + 1 WHERE grain = 'day'"
              + " AND segment = 'plan' AND segment_value = 'free' AND period_start = '2020-02-01'");
      sql.execute("COPY growth TO '%s' (FORMAT parquet)".formatted(table));
    }

    assertThatThrownBy(() -> Tables.requireEqual(one, other))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("growth")
        .hasMessageContaining("free")
        .hasMessageContaining("2020-02-01");
  }

  @Test
  void the_same_seed_is_the_same_log() throws Exception {
    LogSpec spec = LogSpec.plain(5, 30, 20).withCountries(3).withHeavyUser(40);
    BenchLog once = BenchLog.of(folder.resolve("once"), spec);
    BenchLog again = BenchLog.of(folder.resolve("again"), spec);
    BenchLog single = BenchLog.of(folder, spec.withLayout(LogSpec.Layout.ONE_FILE));

    assertThat(once.events()).isEqualTo(again.events()).isEqualTo(single.events());
    assertThat(once.events()).isGreaterThan(40 * 20);
    assertThat(once.files()).isEqualTo(20);
    assertThat(single.files()).isEqualTo(1);
    String file = spec.folder(11) + "/events.parquet";
    assertThat(once.path().resolve(file)).hasSameBinaryContentAs(again.path().resolve(file));
  }

  /** Everybody in this process: seconds are real, memory is what the JVM has. */
  private record InProcess(SparkSession spark) implements Launcher {
    @Override
    public Measured tenure(
        TenureRun run, LocalDate asOf, boolean full, Task.Limits limits, Path eventLog)
        throws Exception {
      String[] options = full ? new String[] {"--full"} : new String[0];
      return measured(
          () -> {
            String[] command = {"run", "--as-of", asOf.toString()};
            String[] all = Arrays.copyOf(command, command.length + options.length);
            System.arraycopy(options, 0, all, command.length, options.length);
            Cli.Result result = Cli.in(run.folder()).withConfig(all);
            assertThat(result.code()).as(result.toString()).isZero();
          });
    }

    @Override
    public Measured peer(Contender contender, Task task, Path eventLog) throws Exception {
      return measured(
          () -> {
            switch (contender) {
              case DUCKDB_TUNED -> Peers.duckDb("duckdb-tuned.sql", task);
              case DUCKDB_PLAIN -> Peers.duckDb("duckdb-plain.sql", task);
              case SPARK_PLAIN -> Peers.sparkSql(spark, task);
              case SCAN -> Peers.scan(spark, task);
              case TENURE -> throw new IllegalArgumentException("not a peer");
            }
          });
    }

    private static Measured measured(PeerProcess.Work work) throws Exception {
      double seconds = PeerProcess.timed(work);
      return new Measured(seconds, seconds, seconds, Runtime.getRuntime().totalMemory(), null);
    }
  }
}
