package io.tenure.jobs.check;

import io.tenure.common.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  private static final int AT_ONCE = 4;

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
    views.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    views.conf().set("spark.sql.adaptive.enabled", "false");
    views.conf().set("spark.sql.ui.explainMode", "simple");
    tables.forEach(
        (name, table) -> views.read().parquet(table.inputFiles()).createOrReplaceTempView(name));
    List<Identity> checkable =
        identities.stream()
            .filter(identity -> tables.keySet().containsAll(identity.tables()))
            .toList();
    // Queries of small tables are mostly planning: some at once keep the cores busy.
    ExecutorService checkers = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Outcome>> pending =
          checkable.stream()
              .map(
                  identity ->
                      checkers.submit(() -> new Outcome(identity, breaches(views, identity))))
              .toList();
      List<Outcome> outcomes = new ArrayList<>();
      for (Future<Outcome> outcome : pending) {
        outcomes.add(outcome.get());
      }
      return outcomes;
    } catch (ExecutionException e) {
      throw new IllegalStateException("Cannot check the tables", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UserError.storage("Checking was interrupted; nothing was published.", e);
    } finally {
      checkers.shutdownNow();
    }
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
