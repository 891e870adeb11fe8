package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkTest.class)
class LogBeginningTest {
  private static final LocalDate START = LocalDate.parse("2024-01-01");

  @TempDir Path folder;

  /** New users of a week each, and as many of the week that is open. */
  private static Optional<String> warning(long... births) {
    SortedMap<LocalDate, Long> weeks = new TreeMap<>();
    for (int week = 0; week < births.length; week++) {
      weeks.put(START.plusWeeks(week), births[week]);
    }
    return LogBeginning.warning(weeks, START.plusDays(2));
  }

  @Test
  void many_more_at_first_than_later_is_told() {
    assertThat(warning(900, 301, 150, 100, 90, 80, 70, 60, 60, 50, 50, 40, 40, 40, 1))
        .contains(
            "1,201 users are new in the first two weeks of the log, and 100 in two usual weeks later"
                + " on: it seems to begin in the midst of its users' lives, so that old users pass"
                + " for new ones. If so, say input.history-starts, a day by which nearly all of them"
                + " have been seen; if the log is complete, input.history-starts: 2023-12-25.");
    // The customers of Online Retail, whose log begins in the second year of the shop.
    assertThat(warning(323, 368, 214, 43, 0, 94, 103, 86, 120, 114, 69, 86, 105, 109, 95, 107))
        .hasValueSatisfying(text -> assertThat(text).startsWith("691 users are new in the first "));
    // Nobody comes any more.
    assertThat(warning(100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).isPresent();
  }

  @Test
  void what_may_be_a_beginning_is_not() {
    // A launch; few people; a log too short to tell what is usual; growth.
    assertThat(warning(160, 140, 130, 100, 90, 80, 70, 60, 60, 50, 50, 40, 40, 40, 1)).isEmpty();
    assertThat(warning(99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).isEmpty();
    assertThat(warning(900, 301, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).isEmpty();
    assertThat(warning(100, 100, 150, 200, 250, 300, 300, 300, 400, 400, 400, 400, 400, 400, 1))
        .isEmpty();
  }

  @Test
  void a_run_says_so_unless_the_config_does(SparkSession spark) throws IOException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: id, time: day}
                output: <out>
                segments: [plan]
                retention: [{grains: {month: 1}}]
                """);
    StringBuilder log = new StringBuilder("id,day,plan\n");
    for (int user = 0; user < 150; user++) {
      log.append("u%d,2024-01-0%d,p%d\n".formatted(user, 3 + user % 5, user % 3));
    }
    for (int week = 2; week < 16; week++) {
      log.append("w%d,%s,p0\n".formatted(week, START.plusWeeks(week)));
    }
    Files.createDirectories(tenure.events());
    Files.writeString(tenure.events().resolve("log.csv"), log);
    String told = "150 users are new in the first two weeks of the log, and 2 in two usual weeks";

    assertThat(tenure.run("2024-04-20").err()).contains("warning: " + told);
    List<Row> noticed =
        tenure
            .table(spark, "quality")
            .where("check = 'input_warning_1' AND severity = 'warning' AND NOT passed")
            .collectAsList();
    assertThat(noticed)
        .singleElement()
        .satisfies(row -> assertThat(row.<String>getAs("meaning")).startsWith(told));
    for (String day : List.of("2023-12-25", "2024-02-01")) {
      assertThat(tenure.run("2024-04-20", "--set", "input.history-starts=" + day).err())
          .doesNotContain("warning");
    }
  }
}
