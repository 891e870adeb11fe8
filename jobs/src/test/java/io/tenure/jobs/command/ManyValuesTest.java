package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.TableReader;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A dimension with ten thousand values: told beforehand, and computed. */
@ExtendWith(SparkTest.class)
class ManyValuesTest {
  private static final int VALUES = 10_000;

  @TempDir private Path folder;

  @Test
  void ten_thousand_values_are_warned_of_and_work(SparkSession spark) throws IOException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: "true"}, user: user, time: day}
                output: <out>
                segments: [city]
                retention: [{grains: {month: 1}}]
                churn: {inactive-days: 2}
                """);
    StringBuilder rows = new StringBuilder("user,day,city\n");
    for (int user = 0; user < VALUES; user++) {
      rows.append("u%d,2024-01-01,city %d\n".formatted(user, user));
      // The churns of 10,000 values fall on tenures of 3 to 6 days.
      rows.append("u%d,2024-01-%02d,city %d\n".formatted(user, 1 + user % 4, user));
    }
    Files.createDirectories(tenure.events());
    Files.writeString(tenure.events().resolve("events.csv"), rows);

    // 121 days from 1 January to 30 April, times the whole and the values, counted approximately.
    assertThat(tenure.withConfig("plan", "--as-of", "2024-04-30").err())
        .containsPattern(
            "warning: active_users will have about 1,[12]\\d\\d,\\d{3} rows \\(121 days\\):"
                + " dimension 'city' has about [\\d,]+ values\\. Map it to fewer values, or leave it"
                + " out of segments\\.");

    assertThat(tenure.withConfig("run", "--as-of", "2024-01-10").code()).isZero();
    TableReader habits =
        TableReader.open(
            new Configuration(), tenure.output().resolve("current/usage_habit").toString());
    assertThat(SizeEstimate.ofRun(10, habits).told()).isEmpty();
    assertThat(SizeEstimate.ofRun(121, habits).told())
        .contains(
            "active_users has about 1,210,121 rows (121 days): dimension 'city' has about 10,000"
                + " values. Map it to fewer values, or leave it out of segments.");
    assertThat(
            spark
                .read()
                .parquet(tenure.output().resolve("current/active_users").toString())
                .count())
        .isEqualTo(10L * (1 + VALUES));
    assertThat(
            spark
                .read()
                .parquet(tenure.output().resolve("current/survival_test").toString())
                .selectExpr("concat_ws(' ', tenure_unit, values, churned, chi_square)")
                .collectAsList()
                .toString())
        // So many values are not compared.
        .isEqualTo("[[day 10000 10000], [month 10000 10000]]");
    assertThat(tenure.output().resolve("current/report.html"))
        .content()
        .contains(
            "Of city the page shows the 8 largest of 10,000 values with 0.1\u00a0% of the users")
        .hasSizeLessThan(3_000_000);
  }
}
