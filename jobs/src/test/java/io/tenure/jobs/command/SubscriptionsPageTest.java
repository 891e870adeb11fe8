package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/subscriptions.md: its config and log give its answers. */
@ExtendWith(SparkTest.class)
class SubscriptionsPageTest {
  @TempDir Path folder;

  @Test
  void the_example_answers_what_the_page_says(SparkSession session) throws IOException {
    String page = Files.readString(Path.of("..", "docs", "subscriptions.md"));
    Cli tenure =
        Cli.in(folder)
            .config(block(page, "yaml").replace("path: events", "path: <in>") + "output: <out>\n");
    Files.createDirectories(tenure.events());
    Files.writeString(tenure.events().resolve("log.csv"), block(page, "csv"));
    new UncheckedRuns(tenure).run("2024-04-30");

    SparkSession spark = session.newSession();
    tenure.table(spark, "churn_periods").createOrReplaceTempView("churn_periods");
    tenure.table(spark, "subscription_anomalies").createOrReplaceTempView("subscription_anomalies");
    List<String> queries = SqlViewsTest.documented("subscriptions", 2);
    SqlViewsTest.Engine engine = SqlViewsTest.of(spark);
    assertThat(rows(engine, queries.get(0))).isEqualTo(answers(page)).hasSize(4);
    assertThat(rows(engine, queries.get(1)))
        .containsExactly("cancel_without_start|nobody is lost|1|1");
  }

  private static List<String> rows(SqlViewsTest.Engine engine, String query) {
    try {
      return engine.rows(query).stream().map(SubscriptionsPageTest::plain).toList();
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whole numbers as such, and NULL in capitals, as on the page; rates have a point there. */
  private static String plain(String row) {
    return java.util.Arrays.stream(row.split("\\|"))
        .map(value -> value.replace("null", "NULL").replaceFirst("\\.0000$", ""))
        .collect(Collectors.joining("|"));
  }

  private static List<String> answers(String page) {
    return Pattern.compile("^\\| (2024-.*) \\|$", Pattern.MULTILINE)
        .matcher(page)
        .results()
        .map(row -> plain(row.group(1).replace(" | ", "|")))
        .toList();
  }

  private static String block(String page, String language) {
    return Pattern.compile("```%s\n(.*?)```".formatted(language), Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(found -> found.group(1))
        .findFirst()
        .orElseThrow();
  }
}
