package io.tenure.jobs.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The benchmark on a log of a few thousand events, in this process. */
@ExtendWith(SparkTest.class)
class BenchTest {
  private static final Task.Limits LIMITS = new Task.Limits(2, 1L << 30);

  private static final Pattern INPUT = Pattern.compile("path: ([^,]+),");
  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

  @TempDir Path folder;

  @Test
  void all_contenders_make_the_same_tables(SparkSession spark) throws Exception {
    Settings settings = settings(150, 50, List.of(Contender.values()), List.of(), false);
    BenchLog log = BenchLog.of(settings.logs(), settings.log());
    assertThat(log.events()).isBetween(1_000L, 6_000L);
    FullRuns full = new FullRuns(settings, new InProcess(spark), new PrintStream(NOWHERE));

    full.run(log);

    assertThat(full.rounds()).containsOnlyKeys(Contender.values());
    assertThat(full.tables()).hasSize(Tables.COUNT);
    assertThat(full.tables().values()).allMatch(rows -> rows > 0);
    assertThat(full.tenure().historyBytesPerUserYear(50)).isPositive();
  }

  @Test
  void every_figure_is_there() throws Exception {
    Settings settings = settings(60, 35, List.of(Contender.values()), List.of(1, 2, 4), true);

    ObjectNode figures = Bench.run(settings, new StandIns(), new PrintStream(NOWHERE));

    for (String target : Figures.TARGETS) {
      assertThat(figures.get(target).asDouble()).as(target).isPositive();
    }
    assertThat(figures.get("contenders").size()).isEqualTo(Contender.values().length);
    assertThat(figures.get("tables").size()).isEqualTo(Tables.COUNT);
    assertThat(figures.at("/daily/4x/log/days").asInt()).isEqualTo(140);
    assertThat(figures.get("shapes").size()).isEqualTo(8);
    assertThat(figures.get("shapes"))
        .allSatisfy(shape -> assertThat(shape.get("ratio_to_plain").asDouble()).isPositive());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Summary(figures, new PrintStream(out, true)).print();
    assertThat(out.toString())
        .contains(Arrays.stream(Contender.values()).map(Contender::label).toList())
        .contains(Figures.TARGETS)
        .contains("4x history", "50 activities", "10 funnels of 5 steps");
  }

  private Settings settings(
      long users, int days, List<Contender> contenders, List<Integer> histories, boolean shapes) {
    return new Settings(
        folder, 7, users, days, 1, LIMITS, contenders, histories, shapes, Set.of("all"));
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

  @Test
  void a_size_that_is_none_is_an_error_of_usage() {
    StringWriter said = new StringWriter();
    int code =
        new CommandLine(new Bench()).setErr(new PrintWriter(said, true)).execute("--memory", "2.5");
    assertThat(code).isEqualTo(2);
    assertThat(said.toString())
        .startsWith("Invalid value for option '--memory': '2.5' is no size such as 4g or 1500m");
  }

  /**
   * DuckDB's tables for everybody, in the place of Tenure's, too: what a run costs is not what this
   * test is about, and what it makes is for the other one.
   */
  private static final class StandIns implements Launcher {
    @Override
    public Measured tenure(
        TenureRun run, LocalDate asOf, boolean full, Task.Limits limits, Path eventLog)
        throws Exception {
      Matcher input = INPUT.matcher(Files.readString(run.config()));
      assertThat(input.find()).isTrue();
      Path out = Folders.empty(run.tables());
      Path log = Path.of(input.group(1));
      Peers.duckDb("duckdb-tuned.sql", new Task(log, asOf.plusDays(1), out, limits));
      Path state = Files.createDirectories(out.resolve("_state/histories"));
      Files.copy(out.resolve("growth/table.parquet"), state.resolve("part-0.parquet"));
      Files.writeString(
          out.resolve("run.json"),
          """
          {"reading": {"mode": "%s"}, "stages": [{"name": "fold", "seconds": 1.5}]}
          """
              .formatted(full ? "full" : "incremental"));
      return new Measured(3, 5, 2, 1_000_000, 0L);
    }

    @Override
    public Measured peer(Contender contender, Task task, Path eventLog) throws Exception {
      if (contender.makesTables()) {
        Peers.duckDb("duckdb-tuned.sql", task);
      }
      return new Measured(4, 6, 1, 1_000_000, 0L);
    }
  }
}
