package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The telecom customers of IBM's sample data set (Telco Customer Churn): those with an internet
 * service and a contract from month to month, whose Kaplan-Meier curve has been published.
 *
 * <p>The data has a customer's tenure in months and whether the customer churned, and no dates:
 * these are chosen so that the tenures come out.
 */
@ExtendWith(SparkTest.class)
class TelcoTest {
  private static final Path CUSTOMERS = Path.of("../../shared/data/telco_customer_churn.csv");

  private static final LocalDate END = LocalDate.parse("2024-01-01");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2024-02-01T00:00:00Z"));

  /** The published survival by month of tenure, to four decimals. */
  private static final Map<Integer, Double> PUBLISHED =
      Map.of(6, 0.7803, 12, 0.695, 24, 0.5753, 48, 0.3872, 60, 0.289);

  private static final StructType EVENTS =
      new StructType()
          .add("customer", "string")
          .add("day", "date")
          .add("event", "string")
          .add("internet", "string");

  @TempDir private Path directory;

  @Test
  void survival_of_customers_from_month_to_month_is_the_published_one(SparkSession spark)
      throws IOException {
    assumeTrue(
        Files.exists(CUSTOMERS),
        "NOT TESTED against published survival: there is no " + CUSTOMERS.toAbsolutePath());
    Path log = directory.resolve("events");
    spark
        .createDataFrame(events(spark), EVENTS)
        .coalesce(1)
        .write()
        .parquet(log.toUri().toString());
    Map<String, Dataset<Row>> published = run(spark, config(log));

    Map<Integer, Row> months = new TreeMap<>();
    for (Row month :
        published
            .get("survival")
            .where("tenure_unit = 'month' AND segment = '(all)'")
            .collectAsList()) {
      months.put(month.getAs("tenure"), month);
    }
    PUBLISHED.forEach(
        (tenure, survival) ->
            assertThat(months.get(tenure).<Double>getAs("survival"))
                .as("survival at %d months", tenure)
                .isCloseTo(survival, within(0.00005)));
    assertThat(months.get(0).<Long>getAs("at_risk")).isEqualTo(3_351);
    assertThat(months.values().stream().mapToLong(month -> month.<Long>getAs("churned")).sum())
        .isEqualTo(1_556);
    Row life =
        published
            .get("survival_by_stage")
            .where("tenure_unit = 'month' AND segment = '(all)' AND stage = '(all)'")
            .head();
    assertThat(life.<Integer>getAs("median_tenure")).isEqualTo(34);
    assertThat(published.get("survival_test").where("tenure_unit = 'month'").head().mkString(" | "))
        .startsWith("month | internet | (all) | birth | 2 | 3351 | 1556 | ");
  }

  /** A start for every customer and a cancel for those who churned, {@code tenure} months later. */
  private static List<Row> events(SparkSession spark) {
    List<Row> events = new ArrayList<>();
    for (Row customer :
        spark
            .read()
            .option("header", "true")
            .csv(CUSTOMERS.toUri().toString())
            .where("Contract = 'Month-to-month' AND InternetService <> 'No'")
            .selectExpr("customerID", "int(tenure)", "Churn = 'Yes'", "InternetService")
            .collectAsList()) {
      int tenure = customer.getInt(1);
      boolean churned = customer.getBoolean(2);
      // A cancel is known if its day is over, so who churned is born a month earlier. Who is alive
      // at the end after no month is born on the last day.
      LocalDate birth = END.minusMonths(churned ? tenure + 1 : tenure);
      if (birth.equals(END)) {
        birth = END.minusDays(1);
      }
      events.add(RowFactory.create(customer.get(0), birth, "start", customer.get(3)));
      if (churned) {
        LocalDate cancel = birth.plusMonths(tenure);
        events.add(RowFactory.create(customer.get(0), cancel, "cancel", customer.get(3)));
      }
    }
    return events;
  }

  private TenureConfig config(Path log) {
    return ConfigLoader.load(
        """
        input: {path: %s, user: customer, time: day, event: event}
        output: %s
        segments: [internet]
        retention:
          - {grains: {month: 12}}
        churn:
          mode: cancellation
          events: {start: "event = 'start'", cancel: "event = 'cancel'"}
        """
            .formatted(log, directory.resolve("out")),
        "test.yaml",
        List.of());
  }

  /** The tables of one run, as published. */
  private static Map<String, Dataset<Row>> run(SparkSession spark, TenureConfig config) {
    SparkSession session = Session.open("test", config.timezone());
    Output output = Output.open(config.output(), session.sparkContext().hadoopConfiguration());
    Progress progress =
        new Progress(
            session.sparkContext(), new PrintStream(OutputStream.nullOutputStream()), CLOCK);
    Pointer run =
        new Pipeline(session, config, output, RunCommand::identities, CLOCK, progress)
            .run(END.minusDays(1), false);
    Map<String, Dataset<Row>> tables = new TreeMap<>();
    for (String table : run.tables().keySet()) {
      tables.put(table, spark.read().parquet(output.table(run.runId(), table)));
    }
    return tables;
  }
}
