package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.InputConfig;
import io.tenure.jobs.SparkTest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A text is a time where it says the month. */
@ExtendWith(SparkTest.class)
class EventTimeTest {
  @Test
  void what_a_text_leaves_out_is_not_made_up(SparkSession spark) {
    InputConfig input =
        ConfigLoader.load(
                "input: {path: none, user: text, time: text}\noutput: none\n", "test", List.of())
            .input();
    Dataset<Row> rows =
        spark.sql(
            """
            SELECT * FROM VALUES
              ('2024-03-01T10:00:00Z'), ('2024-3-1'), ('2024-03'), (' 2024-03-01 10:00'),
              (concat(char(9), '2024-03-01')), ('2024'), ('202403'), ('12:30:00'), ('T12:30'),
              ('1:30-05:00'), (' 1:3-05:00'), ('20240301'), ('soon'), ('')
            AS log(text)
            """);
    Map<String, String> times = new TreeMap<>();
    for (Row row :
        rows.select(
                rows.col("text"),
                EventTime.of(new Mapping(rows).resolve("input.time", "text"), input).cast("string"))
            .collectAsList()) {
      times.put(row.getString(0).strip(), row.getString(1));
    }
    assertThat(times)
        .containsEntry("2024-03-01T10:00:00Z", "2024-03-01 10:00:00")
        .containsEntry("2024-3-1", "2024-03-01 00:00:00")
        .containsEntry("2024-03", "2024-03-01 00:00:00")
        .containsEntry("2024-03-01 10:00", "2024-03-01 10:00:00")
        .containsEntry("2024-03-01", "2024-03-01 00:00:00");
    assertThat(times.values()).filteredOn(time -> time == null).hasSize(9);
  }
}
