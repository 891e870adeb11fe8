package io.tenure.jobs.report.page;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import io.tenure.jobs.metric.TextRows;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What the charts of the page are drawn from, against the tables. */
class PageFiguresTest {
  @Test
  void every_figure_is_the_one_of_the_table() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    TenureConfig config =
        TestLog.config(
            ReportPageTest.PAID
                + "segments: [country, plan]\nfunnels: [{steps: [active, active, active]}]");
    LogTables tables =
        new LogTables(
            TestLog.of(
                ReportPageTest.events(
                    seed, 150, 220, List.of("RO", "EG", "-"), List.of("free", "pro"))),
            config,
            "2024-07-31");
    JsonNode data =
        ReportPageTest.data(ReportPage.of(config, config.privacy(), tables.run(), tables));

    assertRetention(data, tables);
    assertRevenue(data, tables);
    assertDrivers(data, tables);
    assertWarning(data, tables);
    assertFunnel(data, tables);
    List<Segment> segments = ReportPageTest.segments(data);
    JsonNode days = data.at("/activity/series");
    long compared = 0;
    for (Map<String, Object> row : tables.table("active_users")) {
      JsonNode series = days.get(segments.indexOf(segment(row)));
      int at =
          (int)
              (((LocalDate) row.get("day")).toEpochDay()
                  - LocalDate.parse(series.get("from").asText()).toEpochDay());
      assertSame(series.get("dau").get(at), row.get("dau"), row);
      assertSame(series.get("wau").get(at), row.get("wau"), row);
      assertSame(series.get("mau").get(at), row.get("mau"), row);
      assertSame(series.get("stickiness").get(at), row.get("stickiness"), row);
      assertSame(series.get("low").get(at), row.get("ci_low"), row);
      assertSame(series.get("high").get(at), row.get("ci_high"), row);
      assertSame(series.get("average").get(at), row.get("stickiness_avg"), row);
      compared++;
    }
    assertThat(compared).isGreaterThan(500);

    Map<Object, Map<String, Object>> months =
        by(
            tables.table("churn_by_stage"),
            row -> List.of(row.get("stage"), segment(row), row.get("period_start").toString()));
    int shown = 0;
    for (JsonNode series : data.at("/churn/series")) {
      for (JsonNode month : series.get("months")) {
        Map<String, Object> row =
            months.get(
                List.of(
                    series.get("stage").asText(),
                    segments.get(series.get("segment").asInt()),
                    month.get("start").asText()));
        assertSame(month.get("users"), row.get("users_at_start"), row);
        assertSame(month.get("churned"), row.get("churned_users"), row);
        assertSame(month.get("rate"), row.get("churn_rate"), row);
        assertSame(month.get("low"), row.get("ci_low"), row);
        assertSame(month.get("high"), row.get("ci_high"), row);
        shown++;
      }
    }
    assertThat(shown).isEqualTo(months.size());
  }

  private static void assertFunnel(JsonNode data, LogTables tables) {
    List<Segment> segments = ReportPageTest.segments(data);
    Map<String, String> columns =
        Map.of(
            "users", "users",
            "dropped", "dropped",
            "pending", "pending",
            "closed", "closed_users",
            "closedBefore", "closed_previous_users",
            "closedEntered", "closed_entered_users",
            "fromBefore", "step_conversion",
            "overall", "overall_conversion",
            "low", "ci_low",
            "seconds", "median_seconds");
    JsonNode path = data.at("/funnel/paths/0");
    int steps = 0;
    for (Map<String, Object> row : tables.table("funnel")) {
      for (JsonNode value : path.get("values")) {
        if (segments.get(value.get("segment").asInt()).equals(segment(row))) {
          JsonNode step = value.get("steps").get((int) row.get("step") - 1);
          columns.forEach((key, column) -> assertSame(step.get(key), row.get(column), row));
          assertThat(step.get("largest").asBoolean()).isEqualTo(row.get("is_largest_drop"));
          steps++;
        }
      }
    }
    assertThat(steps).isEqualTo(tables.table("funnel").size()).isPositive();
    int months = 0;
    for (Map<String, Object> row : tables.table("funnel_periods")) {
      for (JsonNode series : path.get("series")) {
        for (JsonNode month : series.get("months")) {
          if (segments.get(series.get("segment").asInt()).equals(segment(row))
              && row.get("grain").equals("month")
              && row.get("step").equals(3)
              && month.get("start").asText().equals(row.get("period_start").toString())) {
            assertSame(month.get("entered"), row.get("entered_users"), row);
            assertSame(month.get("users"), row.get("users"), row);
            assertSame(month.get("rate"), row.get("overall_conversion"), row);
            assertSame(month.get("high"), row.get("ci_high"), row);
            months++;
          }
        }
      }
    }
    assertThat(months).isGreaterThan(20);
  }

  /** Sums over the months whose outcome is known, and a rate of sums. */
  private static void assertWarning(JsonNode data, LogTables tables) {
    int learned = data.at("/warning/learned").asInt();
    List<Map<String, Object>> known =
        tables.table("risk_backtest").stream()
            .filter(row -> row.get("flagged_churned_users") != null)
            .filter(row -> learned == 0 || (int) row.get("learned_months") >= learned)
            .toList();
    assertThat(data.at("/warning/months").asInt()).isEqualTo(known.size() / 10).isPositive();
    int compared = 0;
    for (JsonNode level : data.at("/warning/levels")) {
      Map<String, Long> sums = new TreeMap<>();
      for (Map<String, Object> row : known) {
        if (row.get("threshold").equals(level.get("threshold").asDouble())) {
          for (String count :
              List.of("users", "churned_users", "flagged_users", "flagged_churned_users")) {
            sums.merge(count, (Long) row.get(count), Long::sum);
          }
        }
      }
      assertThat(level.get("users").asLong()).isEqualTo(sums.get("users"));
      assertThat(level.get("churned").asLong()).isEqualTo(sums.get("churned_users"));
      assertThat(level.get("flagged").asLong()).isEqualTo(sums.get("flagged_users"));
      assertThat(level.get("flaggedChurned").asLong()).isEqualTo(sums.get("flagged_churned_users"));
      assertThat(level.get("recall").asDouble())
          .isCloseTo(
              (double) sums.get("flagged_churned_users") / sums.get("churned_users"), within(1e-4));
      if (sums.get("flagged_users") > 0) {
        assertThat(level.get("precision").asDouble())
            .isCloseTo(
                (double) sums.get("flagged_churned_users") / sums.get("flagged_users"),
                within(1e-4));
      } else {
        assertThat(level.get("precision").isNull()).as("nobody was flagged: %s", level).isTrue();
      }
      compared++;
    }
    assertThat(compared).isEqualTo(10);
  }

  private static void assertDrivers(JsonNode data, LogTables tables) {
    List<Segment> segments = ReportPageTest.segments(data);
    Map<Object, Map<String, Object>> rows =
        by(tables.table("drivers"), row -> List.of(row.get("outcome"), segment(row)));
    Map<String, String> columns =
        Map.of(
            "users", "users",
            "cases", "outcome_users",
            "rate", "rate",
            "restUsers", "rest_users",
            "restCases", "rest_outcome_users",
            "restRate", "rest_rate",
            "difference", "difference",
            "low", "difference_ci_low",
            "high", "difference_ci_high",
            "adjusted", "p_adjusted");
    int shown = 0;
    for (JsonNode one : data.at("/drivers/comparisons")) {
      Map<String, Object> row =
          rows.get(List.of(one.get("outcome").asText(), segments.get(one.get("segment").asInt())));
      columns.forEach((name, column) -> assertSame(one.get(name), row.get(column), row));
      shown++;
    }
    assertThat(shown).isEqualTo(rows.size()).isGreaterThan(5);
  }

  private static void assertRevenue(JsonNode data, LogTables tables) {
    List<Segment> segments = ReportPageTest.segments(data);
    Map<Object, Map<String, Object>> months =
        by(
            tables.table("revenue_retention"),
            row -> List.of(segment(row), row.get("period_start").toString()));
    Map<String, String> columns =
        Map.of(
            "revenue", "revenue",
            "opening", "opening",
            "fresh", "new",
            "churned", "churned",
            "closing", "closing",
            "gross", "gross_revenue_retention",
            "netLow", "net_ci_low",
            "netHigh", "net_ci_high",
            "kept", "kept_users",
            "won", "won_users");
    int shown = 0;
    for (JsonNode series : data.at("/revenue/series")) {
      for (JsonNode month : series.get("months")) {
        Map<String, Object> row =
            months.get(
                List.of(segments.get(series.get("segment").asInt()), month.get("start").asText()));
        columns.forEach((name, column) -> assertSame(month.get(name), row.get(column), row));
        shown++;
      }
    }
    assertThat(shown).isEqualTo(months.size()).isGreaterThan(20);

    int values = 0;
    Map<Object, Map<String, Object>> cells =
        by(
            TextRows.where(tables.table("revenue_cohorts"), "grain", "month"),
            row -> List.of(segment(row), row.get("cohort_start").toString(), row.get("period")));
    for (JsonNode lifetime : data.at("/revenue/lifetimes")) {
      for (int period = 0; period < lifetime.get("perUser").size(); period++) {
        Map<String, Object> row =
            cells.get(
                List.of(
                    segments.get(lifetime.get("segment").asInt()),
                    lifetime.get("start").asText(),
                    period));
        assertSame(
            lifetime.get("perUser").get(period), row.get("cumulative_revenue_per_user"), row);
        values++;
      }
    }
    assertThat(values)
        .isEqualTo(cells.values().stream().filter(row -> (boolean) row.get("is_mature")).count())
        .isGreaterThan(50);
  }

  private static void assertRetention(JsonNode data, LogTables tables) {
    List<Segment> segments = ReportPageTest.segments(data);
    Map<Object, Map<String, Object>> cells =
        by(
            tables.table("retention"),
            row ->
                List.of(
                    row.get("grain"),
                    segment(row),
                    row.get("cohort_start").toString(),
                    row.get("period")));
    int compared = 0;
    for (JsonNode triangle : data.at("/retention/triangles")) {
      for (JsonNode cohort : triangle.get("cohorts")) {
        for (int period = 0; period < cohort.get("retained").size(); period++) {
          Map<String, Object> row =
              cells.get(
                  List.of(
                      triangle.get("grain").asText(),
                      segments.get(triangle.get("segment").asInt()),
                      cohort.get("start").asText(),
                      period));
          assertSame(cohort.get("users"), row.get("cohort_users"), row);
          assertSame(cohort.get("retained").get(period), row.get("retained_users"), row);
          compared++;
        }
      }
      Map<Object, Map<String, Object>> points =
          by(
              tables.table("retention_curve"),
              row -> List.of(row.get("grain"), segment(row), row.get("period")));
      for (int period = 0; period < triangle.get("curve").size(); period++) {
        JsonNode point = triangle.get("curve").get(period);
        Map<String, Object> row =
            points.get(
                List.of(
                    triangle.get("grain").asText(),
                    segments.get(triangle.get("segment").asInt()),
                    period));
        assertSame(point.get("eligible"), row.get("eligible_users"), row);
        assertSame(point.get("rate"), row.get("retention_rate"), row);
        assertSame(point.get("low"), row.get("ci_low"), row);
        assertSame(point.get("high"), row.get("ci_high"), row);
      }
    }
    assertThat(compared).isGreaterThan(1_000);
  }

  private static void assertSame(JsonNode shown, Object value, Object row) {
    if (value == null) {
      assertThat(shown.isNull()).as("%s", row).isTrue();
    } else {
      // Five significant digits, cut off.
      double number = ((Number) value).doubleValue();
      assertThat(shown.asDouble())
          .as("%s", row)
          .isCloseTo(number, within(1e-4 * Math.abs(number) + 1e-12));
    }
  }

  private static Map<Object, Map<String, Object>> by(
      List<Map<String, Object>> rows, Function<Map<String, Object>, Object> key) {
    return rows.stream().collect(toMap(key, row -> row));
  }

  private static Segment segment(Map<String, Object> row) {
    return new Segment((String) row.get("segment"), (String) row.get("segment_value"));
  }
}
