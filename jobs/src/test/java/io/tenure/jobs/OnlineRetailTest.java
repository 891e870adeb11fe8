package io.tenure.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real logs whose cohort matrices others have published. The logs are no part of the project: they
 * are looked for beside it, and without them nothing here is tested.
 */
@ExtendWith(SparkTest.class)
class OnlineRetailTest {
  private static final Path DATA = Path.of("../../shared/data");

  private static final String RETAIL =
      """
      input:
        path: %s
        user: CustomerID
        time: InvoiceDate%s
      output: <out>
      timezone: Europe/London
      retention: [{grains: {month: 12}}]
      quality: {max-rejected-ratio: 0.3}
      """;

  @TempDir Path folder;
  private Cli tenure;

  @BeforeEach
  void look_for_the_data() {
    assumeTrue(
        Files.isDirectory(DATA),
        "NOT TESTED: the published cohort matrices, for want of the logs in "
            + DATA.toAbsolutePath().normalize());
    tenure = Cli.in(folder);
  }

  private void run(String config, String asOf) {
    Cli.Result result = tenure.config(config).withConfig("run", "--as-of", asOf);
    assertThat(result.code()).as(result.toString()).isZero();
  }

  @Test
  void the_customers_of_every_row_are_the_published_ones(SparkSession spark) throws IOException {
    run(RETAIL.formatted(log("online_retail.parquet"), ""), "2011-12-31");

    Map<String, BigDecimal> expected = matrix("online_retail_all_rows.csv");
    assertThat(expected).hasSize(91);
    assertThat(cells(mature(spark), "CAST(retained_users AS DECIMAL(18,0))")).isEqualTo(expected);
  }

  @Test
  void the_rates_of_sales_are_the_published_ones_to_the_last_digit(SparkSession spark)
      throws IOException {
    run(
        RETAIL.formatted(
            log("online_retail.parquet"), "\n  where: \"Quantity > 0 AND UnitPrice > 0\""),
        "2011-12-31");

    Map<String, BigDecimal> expected = matrix("online_retail_sales_percent.csv");
    assertThat(expected).hasSize(91);
    assertThat(percent(mature(spark))).isEqualTo(expected);
  }

  @Test
  void an_open_month_is_null_and_not_a_low_number(SparkSession spark) throws IOException {
    // The log ends on 2011-12-09: the month is open for each of the 13 cohorts.
    run(RETAIL.formatted(log("online_retail.parquet"), ""), "2011-12-09");

    Map<String, BigDecimal> expected = matrix("online_retail_all_rows.csv");
    expected.keySet().removeIf(OnlineRetailTest::isOfDecember2011);
    assertThat(expected).hasSize(91 - 13);
    assertThat(cells(mature(spark), "CAST(retained_users AS DECIMAL(18,0))")).isEqualTo(expected);
    assertThat(
            tenure
                .table(spark, "retention")
                .where("period_start = DATE'2011-12-01'")
                .selectExpr(
                    "count(*)",
                    "count(retained_users)",
                    "count(retained_or_later_users)",
                    "count(retention_rate)",
                    "count(ci_low)",
                    "count(ci_high)",
                    "max(is_mature)",
                    "min(matures_on)")
                .head()
                .mkString(" "))
        .isEqualTo("13 0 0 0 0 0 false 2012-01-01");
  }

  @Test
  void money_is_what_sql_makes_of_the_orders(SparkSession spark) {
    run(
        RETAIL.formatted(
            log("online_retail.parquet"),
            "\n  amount: CAST(Quantity * UnitPrice AS DECIMAL(18,4))"),
        "2011-12-31");
    Dataset<Row> found =
        tenure
            .table(spark, "revenue_retention")
            .where("segment = '(all)'")
            .selectExpr(
                "CAST(period_start AS STRING)",
                "revenue",
                "opening",
                "new",
                "expansion",
                "contraction",
                "churned",
                "reactivation",
                "closing",
                "kept_users",
                "lost_users",
                "won_users",
                "round(net_revenue_retention, 9)")
            .orderBy("period_start");
    Dataset<Row> expected =
        spark.sql(
            """
            WITH months AS (
              SELECT explode(sequence(DATE'2010-12-01', DATE'2011-12-01', INTERVAL 1 MONTH)) AS month),
            nets AS (
              SELECT CustomerID AS customer, CAST(date_trunc('MONTH', InvoiceDate) AS DATE) AS month,
                sum(CAST(Quantity * UnitPrice AS DECIMAL(18,4))) AS net
              FROM parquet.`%s` WHERE CustomerID IS NOT NULL GROUP BY ALL),
            paid AS (
              SELECT customer, month, coalesce(net, 0) AS net, greatest(coalesce(net, 0), 0) AS now,
                lag(greatest(coalesce(net, 0), 0), 1, 0)
                  OVER (PARTITION BY customer ORDER BY month) AS before,
                coalesce(max(net) OVER (PARTITION BY customer ORDER BY month
                  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) > 0 AS paid_ever
              FROM months CROSS JOIN (SELECT DISTINCT customer FROM nets)
                LEFT JOIN nets USING (customer, month))
            SELECT CAST(month AS STRING) AS period_start, sum(net), sum(before),
              sum(IF(before = 0 AND NOT paid_ever, now, 0)),
              sum(IF(before > 0, greatest(now - before, 0), 0)),
              sum(IF(now > 0, greatest(before - now, 0), 0)), sum(IF(now = 0, before, 0)),
              sum(IF(before = 0 AND paid_ever, now, 0)), sum(now),
              count_if(before > 0 AND now > 0), count_if(before > 0 AND now = 0),
              count_if(before = 0 AND now > 0),
              round(CAST(sum(IF(before > 0, now, 0)) AS DOUBLE) / nullif(sum(before), 0), 9)
            FROM paid GROUP BY month ORDER BY month
            """
                .formatted(log("online_retail.parquet")));
    assertThat(lines(found)).hasSize(13).isEqualTo(lines(expected));
  }

  /** Rows as text, money to four decimals. */
  private static List<String> lines(Dataset<Row> rows) {
    List<String> lines = new ArrayList<>();
    for (Row row : rows.collectAsList()) {
      StringBuilder line = new StringBuilder();
      for (int at = 0; at < row.size(); at++) {
        Object value = row.get(at) instanceof BigDecimal money ? money.setScale(4) : row.get(at);
        line.append(value).append(' ');
      }
      lines.add(line.toString());
    }
    return lines;
  }

  private static boolean isOfDecember2011(String cell) {
    String[] parts = cell.split(" ");
    return java.time.YearMonth.parse(parts[0])
        .plusMonths(Long.parseLong(parts[1]))
        .equals(java.time.YearMonth.of(2011, 12));
  }

  @Test
  void the_orders_of_a_store_give_the_published_rates_and_sizes(SparkSession spark)
      throws IOException {
    run(
        """
        input:
          path: %s
          format: csv
          options: {header: true}
          user: customerid
          time: orderdate
        output: <out>
        retention: [{grains: {month: 11}}]
        """
            .formatted(log("dvdstore_orders.csv")),
        "2004-12-31");

    Map<String, BigDecimal> expected = matrix("dvdstore_percent.csv");
    assertThat(expected).hasSize(78);
    Dataset<Row> mature = mature(spark);
    Map<String, BigDecimal> found = percent(mature.where("period > 0"));
    found.putAll(cells(mature.where("period = 0"), "CAST(cohort_users AS DECIMAL(18,0))"));
    assertThat(found).isEqualTo(expected);
  }

  private static Path log(String name) {
    return DATA.resolve(name).toAbsolutePath().normalize();
  }

  private Dataset<Row> mature(SparkSession spark) {
    return tenure.table(spark, "retention").where("is_mature AND segment = '(all)'");
  }

  /** 100 retained / cohort, rounded half up to the two digits that were printed. */
  private static Map<String, BigDecimal> percent(Dataset<Row> retention) {
    Map<String, BigDecimal> percent = new TreeMap<>();
    for (Row row :
        retention
            .selectExpr(
                "concat(date_format(cohort_start, 'yyyy-MM'), ' ', period)",
                "retained_users",
                "cohort_users")
            .collectAsList()) {
      BigDecimal hundredfold = BigDecimal.valueOf(100 * row.getLong(1));
      percent.put(
          row.getString(0),
          hundredfold
              .divide(BigDecimal.valueOf(row.getLong(2)), 2, RoundingMode.HALF_UP)
              .stripTrailingZeros());
    }
    return percent;
  }

  private static Map<String, BigDecimal> cells(Dataset<Row> retention, String value) {
    Map<String, BigDecimal> cells = new TreeMap<>();
    for (Row row :
        retention
            .selectExpr("concat(date_format(cohort_start, 'yyyy-MM'), ' ', period)", value)
            .collectAsList()) {
      cells.put(row.getString(0), row.getDecimal(1).stripTrailingZeros());
    }
    return cells;
  }

  /** A published matrix: cohort and period to number. The column after the cohort is period 0. */
  private static Map<String, BigDecimal> matrix(String name) throws IOException {
    try (InputStream in = OnlineRetailTest.class.getResourceAsStream("/golden/" + name)) {
      List<String[]> lines =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .skip(1)
              .map(line -> line.split(","))
              .toList();
      Map<String, BigDecimal> cells = new TreeMap<>();
      for (String[] line : lines) {
        List<String> numbers = Arrays.asList(line).subList(1, line.length);
        for (int period = 0; period < numbers.size(); period++) {
          cells.put(
              line[0] + " " + period, new BigDecimal(numbers.get(period)).stripTrailingZeros());
        }
      }
      return cells;
    }
  }
}
