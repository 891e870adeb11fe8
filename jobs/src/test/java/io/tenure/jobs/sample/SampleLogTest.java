package io.tenure.jobs.sample;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SparkTest.class)
class SampleLogTest {
  private static final SampleOptions OPTIONS =
      new SampleOptions(300, 20, 5, LocalDate.of(2025, 1, 1));
  private static final List<SampleEvent> EXPECTED =
      LongStream.range(0, OPTIONS.users())
          .mapToObj(number -> SampleUser.events(OPTIONS, number))
          .flatMap(List::stream)
          .toList();

  @TempDir Path directory;

  @Test
  void the_log_holds_every_row_of_every_user_in_the_partition_of_its_day(SparkSession spark) {
    SampleLog.Written written = SampleLog.write(spark, OPTIONS, log());

    assertThat(written.rows()).isEqualTo(EXPECTED.size());
    assertThat(written.lateRows())
        .isPositive()
        .isEqualTo(EXPECTED.stream().filter(SampleEvent::late).count());
    assertThat(spark.read().parquet(log()).schema().toDDL())
        .isEqualTo(
            "event_id STRING,user_id STRING,event_time TIMESTAMP,event_name STRING,country STRING,"
                + "platform STRING,plan STRING,amount DECIMAL(10,2),dt DATE");
    assertThat(
            spark
                .read()
                .parquet(log())
                .select(col("*"), col("_metadata.file_name").equalTo("late.parquet"))
                .collectAsList()
                .stream()
                .map(SampleLogTest::event))
        .containsExactlyInAnyOrderElementsOf(EXPECTED);
  }

  private static SampleEvent event(Row row) {
    return new SampleEvent(
        row.getString(0),
        row.getString(1),
        row.<Instant>getAs(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getDecimal(7),
        row.<LocalDate>getAs(8),
        row.getBoolean(9));
  }

  @Test
  void a_day_is_one_file_and_at_most_a_late_one_and_nothing_else_is_left(SparkSession spark)
      throws IOException {
    SampleLog.write(spark, OPTIONS, log());

    try (Stream<Path> files = Files.walk(Path.of(log()))) {
      assertThat(files.filter(Files::isRegularFile).map(this::name))
          .filteredOn(name -> !name.endsWith(".crc"))
          .contains("_SUCCESS", "dt=2025-01-01/events.parquet", "dt=2025-01-20/events.parquet")
          .allMatch(name -> name.matches("_SUCCESS|dt=2025-01-\\d\\d/(events|late)\\.parquet"));
    }
  }

  private String name(Path file) {
    return Path.of(log()).relativize(file).toString();
  }

  @Test
  void a_file_is_sorted_by_time_which_is_stored_in_microseconds(SparkSession spark)
      throws SQLException {
    SampleLog.write(spark, OPTIONS, log());

    String day = log() + "/dt=2025-01-15/events.parquet";
    assertThat(
            strings(
                "SELECT DISTINCT type FROM parquet_schema('%s') WHERE name = 'event_time'", day))
        .containsExactly("INT64");
    List<String> times =
        strings("SELECT epoch_us(event_time) FROM '%s' WHERE event_time > '1971-01-01'", day);
    assertThat(times.stream().map(Long::parseLong)).hasSizeGreaterThan(100).isSorted();
  }

  /** The first column of a query, read by DuckDB. */
  private static List<String> strings(String query, String file) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement();
        ResultSet rows = statement.executeQuery(String.format(query, file))) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  @Test
  void a_directory_with_something_in_it_is_refused_and_left_alone(SparkSession spark)
      throws IOException {
    Files.createDirectories(Path.of(log()));
    Path precious = Files.writeString(Path.of(log(), "precious"), "kept");

    assertThatThrownBy(() -> SampleLog.write(spark, OPTIONS, log()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot write a sample log to "
                + log()
                + ": it exists and is not empty; give --out a new or empty directory");
    assertThat(precious).hasContent("kept");
  }

  private String log() {
    return directory.resolve("log").toString();
  }
}
