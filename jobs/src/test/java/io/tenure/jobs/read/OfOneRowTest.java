package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.jobs.SparkTest;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An expression of the config says of a row what that row alone says. */
@ExtendWith(SparkTest.class)
class OfOneRowTest {
  private static Dataset<Row> rows(SparkSession spark) {
    return spark.sql(
        "SELECT 'ann' AS user, TIMESTAMP'2024-03-01T10:00:00Z' AS time, array('a', 'b') AS tags");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          datediff(current_date(), time)             | looks at the clock or the session of the run
          time > now() - INTERVAL 365 DAYS           | looks at the clock or the session of the run
          unix_timestamp()                           | looks at the clock or the session of the run
          date_format(localtimestamp(), 'yyyy')      | looks at the clock or the session of the run
          first(user) OVER (ORDER BY time)           | looks at other rows
          lag(user) OVER (ORDER BY time)             | looks at other rows
          max(user)                                  | looks at other rows
          (SELECT max(id) FROM range(3))             | looks at other tables or rows
          explode(tags)                              | makes several rows of one
          rand() < 0.5                               | gives another value each time
          uuid()                                     | gives another value each time
          monotonically_increasing_id()              | gives another value each time
          time < date'today'                         | looks at the clock or the session of the run
          time < TIMESTAMP "Now"                     | looks at the clock or the session of the run
          time < timestamp_ntz r'yesterday'          | looks at the clock or the session of the run
          time < date /* of the run */ ' tomorrow'   | looks at the clock or the session of the run
          time < timestamp'10:00'                    | looks at the clock or the session of the run
          """)
  void what_looks_beyond_is_refused(String expression, String why, SparkSession spark) {
    assertThatThrownBy(() -> new Mapping(rows(spark)).resolve("segments.x", expression))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE))
        .hasMessage(
            "Invalid segments.x: '%s' %s. Days are read once and kept, so write an expression of the values of one row."
                .formatted(expression, why));
  }

  @Test
  void what_follows_from_the_row_is_not(SparkSession spark) {
    Mapping mapping = new Mapping(rows(spark));
    for (String expression :
        new String[] {
          "user",
          "'all'",
          "upper(user)",
          "CASE WHEN year(time) > 2020 THEN tags[0] END",
          "hash(user) % 10",
          "array_contains(tags, 'a')",
          "exists(tags, tag -> tag = user)",
          "sha2(user, 256)",
          "date'epoch' < time",
          "timestamp'2024-03-01 10:00' < time",
          "user = 'date \"today\"'"
        }) {
      assertThat(mapping.resolve("segments.x", expression).text()).isEqualTo(expression);
    }
    assertThat(mapping.types())
        .containsOnlyKeys("user", "time", "tags")
        .containsEntry("tags", "ARRAY<STRING>");
  }
}
