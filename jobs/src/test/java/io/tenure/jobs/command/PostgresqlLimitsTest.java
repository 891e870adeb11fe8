package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.PostgresqlConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.TestPostgresql;
import io.tenure.jobs.publish.postgresql.Credentials;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Values that files hold and a database cannot. */
@ExtendWith(SparkTest.class)
class PostgresqlLimitsTest {
  @TempDir Path folder;

  private static String random(int length) {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    random.ints(length, 'a', 'z').forEach(letter -> text.append((char) letter));
    return text.toString();
  }

  @Test
  void a_segment_value_too_long_for_a_key_is_no_reason_to_repeat(SparkSession spark)
      throws Exception {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                segments: [agent]
                retention: [{grains: {month: 2}}]
                """);
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("log.csv"), "user,day,agent\nann,2024-03-01," + random(6_000));
    UncheckedRuns runs = new UncheckedRuns(tenure);
    assertThatThrownBy(() -> publish(spark, tenure, runs.run("2024-03-01")))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.INPUT))
        .hasMessageContaining("index row size")
        .hasMessageContaining("Shorten the values of segments in the config, as left(x, 200) does");
    String shortened = "segments=[{agent: 'left(agent, 200)'}]";
    runs.run("2024-03-01", shortened);
    PostgresqlPublication.Published shorter =
        publish(spark, tenure, runs.run("2024-03-01", shortened));
    assertThat(shorter.rows()).containsKey("retention");
  }

  private static PostgresqlPublication.Published publish(
      SparkSession spark, Cli tenure, Pointer run) {
    return new PostgresqlPublication(
            spark,
            Output.open(tenure.output().toString(), spark.sparkContext().hadoopConfiguration()),
            new PostgresqlConfig(TestPostgresql.url(), "limits", 5),
            new Credentials(Optional.of("postgres"), Optional.empty()),
            step -> {})
        .publish(run);
  }
}
