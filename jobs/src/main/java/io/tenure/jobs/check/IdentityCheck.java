package io.tenure.jobs.check;

import io.tenure.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs identities against the tables of a run, as they were written. */
public final class IdentityCheck {
  private IdentityCheck() {}

  /**
   * The outcome of one identity.
   *
   * @param breaches a sentence for each of the first few
   */
  public record Outcome(Identity identity, List<String> breaches) {
    public boolean holds() {
      return breaches.isEmpty();
    }
  }

  /** Breaches that are told; one is enough to stop a run. */
  private static final int TOLD = 3;

  /** Runs those identities whose tables are all there. */
  public static List<Outcome> run(
      SparkSession spark, List<Identity> identities, Map<String, Dataset<Row>> tables) {
    // Views belong to a session of their own: the caller's names stay its own.
    SparkSession views = spark.newSession();
    // Tables are small and every query is new: compiling and replanning it costs more than it
    // saves.
    views.conf().set("spark.sql.codegen.wholeStage", "false");
    views.conf().set("spark.sql.adaptive.enabled", "false");
    views.conf().set("spark.sql.ui.explainMode", "simple");
    views.conf().set("spark.sql.maxPlanStringLength", "1000");
    tables.forEach(
        (name, table) -> views.read().parquet(table.inputFiles()).createOrReplaceTempView(name));
    return identities.stream()
        .filter(identity -> tables.keySet().containsAll(identity.tables()))
        .map(identity -> new Outcome(identity, breaches(views, identity)))
        .toList();
  }

  /**
   * Stops the run if an identity is broken.
   *
   * @throws UserError of quality that names table, key and both numbers
   */
  public static void require(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      if (!outcome.holds()) {
        throw UserError.quality(
            "Identity %s is broken in %s (%s): %s. Nothing was published; this is a fault of Tenure,"
                    .formatted(
                        outcome.identity().name(),
                        String.join(" and ", outcome.identity().tables()),
                        outcome.identity().sentence(),
                        String.join("; ", outcome.breaches()))
                + " please report it.");
      }
    }
  }

  private static List<String> breaches(SparkSession views, Identity identity) {
    List<String> breaches = new ArrayList<>();
    for (Row row : views.sql(identity.violations()).limit(TOLD).collectAsList()) {
      breaches.add("%s: expected %s, found %s".formatted(row.getString(0), row.get(1), row.get(2)));
    }
    return breaches;
  }
}
