package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A cluster's own settings, in a process that is started with them. */
@ExtendWith(SparkTest.class)
class SessionTest {
  private static final List<String> OTHER_THAN_HERE =
      List.of(
          "-Dspark.sql.parquet.inferTimestampNTZ.enabled=false",
          "-Dspark.sql.timestampType=TIMESTAMP_NTZ",
          "-Dspark.sql.sources.useV1SourceList=",
          "-Dspark.sql.session.timeZone=America/Bahia_Banderas",
          "-Dspark.sql.ansi.enabled=false");

  @TempDir Path folder;

  /** Half past eleven in the evening there, or two hours and a day later. */
  @Test
  void an_event_is_of_the_same_day_whatever_a_cluster_is_set_to(SparkSession spark)
      throws IOException, InterruptedException, SQLException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                timezone: Europe/Bucharest
                input:
                  path: <in>
                  user: user
                  time: case when written is null then local else to_timestamp(written) end
                output: <out>
                """);
    Files.createDirectories(tenure.events());
    // Not by Spark, which would say in the file what it makes of its times.
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          """
          COPY (SELECT * FROM (VALUES ('ann', TIMESTAMP '2024-03-01 23:30:00', NULL),
                                      ('bob', NULL, '2024-03-01T23:30:00Z')) AS t(user, local, written))
          TO '%s' (FORMAT parquet)
          """
              .formatted(tenure.events().resolve("1.parquet")));
    }
    Process process =
        new ProcessBuilder(
                OwnProcess.command(
                    folder,
                    OTHER_THAN_HERE,
                    "run",
                    "--as-of",
                    "2024-03-31",
                    "-c",
                    tenure.configFile().toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("2 accepted, 0 rejected");
    assertThat(
            tenure
                .table(spark, "cohorts")
                .where("segment = '(all)' and grain = 'day'")
                .selectExpr("cast(cohort_start as string)", "cohort_users")
                .orderBy("cohort_start")
                .collectAsList())
        .extracting(row -> row.mkString(": "))
        .containsExactly("2024-03-01: 1", "2024-03-02: 1");
  }
}
