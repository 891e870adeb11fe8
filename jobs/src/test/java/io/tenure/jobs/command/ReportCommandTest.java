package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of a run: there with the run, written anew, refused where it would be explained wrongly.
 */
@ExtendWith(SparkTest.class)
class ReportCommandTest {
  @TempDir private Path folder;

  @Test
  void a_run_has_its_page_and_report_writes_the_same_again(SparkSession spark) throws IOException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                name: shop
                input: {path: <in>, format: csv, options: {header: "true"}, user: user, time: day}
                output: <out>
                segments: [city]
                retention: [{grains: {day: 3}, brackets: [0, 1, 3]}]
                """);
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("events.csv"),
        """
        user,day,city
        ann,2024-01-01,Iași
        bob,2024-01-01,"=1+1"
        ann,2024-01-02,Iași
        cid,2024-01-03,
        ann,2024-01-03,Iași
        """);
    assertThat(tenure.withConfig("report").code()).isEqualTo(3);

    assertThat(tenure.withConfig("run", "--as-of", "2024-01-03").code()).isZero();
    Path page = tenure.output().resolve("current/report.html");
    String written = Files.readString(page);
    assertThat(written)
        .contains(
            "<bdi>shop</bdi>",
            "<dt><code>dau</code></dt><dd>Users active (any event) on the day</dd>");

    JsonNode data =
        new ObjectMapper()
            .readTree(
                written
                    .split("<script type=\"application/json\" id=\"data\">")[1]
                    .split("</script>")[0]);
    List<Row> days =
        tenure
            .table(spark, "active_users")
            .where("segment = '(all)'")
            .orderBy("day")
            .collectAsList();
    List<Long> dau = new ArrayList<>();
    data.at("/activity/series/0/dau").forEach(users -> dau.add(users.asLong()));
    assertThat(dau)
        .isEqualTo(days.stream().map(row -> row.<Long>getAs("dau")).toList())
        .containsExactly(2L, 1L, 2L);
    // Brackets are rows of the table, but no cells of the triangle.
    assertThat(data.at("/retention/triangles/0/cohorts/0/retained").toString())
        .isEqualTo("[2,1,1]");
    assertThat(data.at("/segments").findValuesAsText("value"))
        .containsExactlyInAnyOrder("(all)", "Iași", "=1+1", "(unknown)");

    Files.delete(page);
    assertThat(tenure.withConfig("report").out()).isEqualTo(page + "\n");
    assertThat(page).hasContent(written);

    Cli.Result other = tenure.withConfig("report", "--set", "churn.inactive-days=7");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("was computed by another definition");
  }
}
