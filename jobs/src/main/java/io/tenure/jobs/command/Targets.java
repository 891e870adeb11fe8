package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.CatalogConfig;
import io.tenure.common.config.PostgresqlConfig;
import io.tenure.common.config.PublishConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.publish.catalog.CatalogPublication;
import io.tenure.jobs.publish.postgresql.Credentials;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Where a run goes besides its files, once they are published: the files are the truth. */
final class Targets {
  private static final String USER = "tenure.postgresql.user";
  private static final String PASSWORD = "tenure.postgresql.password";

  private Targets() {}

  /**
   * Requires what can be known of the targets before a run.
   *
   * @throws UserError of usage
   */
  static void require(SparkSession spark, TenureConfig config) {
    config
        .publish()
        .postgresql()
        .ifPresent(
            target -> {
              requireHidden(spark.sparkContext().hadoopConfiguration());
              PostgresqlPublication.requireUrl(target);
            });
    config
        .publish()
        .catalog()
        .ifPresent(catalog -> CatalogPublication.requireKnown(spark, catalog));
  }

  /** Publishes the current run to what the config names, and says so; one failing, to the rest. */
  static void publish(
      Console console, SparkSession spark, TenureConfig config, Output output, Pointer run) {
    PublishConfig publish = config.publish();
    if (publish.isAnywhere()) {
      Outside.require(config, output, run.runId());
    }
    List<Runnable> targets = new ArrayList<>();
    publish
        .postgresql()
        .ifPresent(target -> targets.add(() -> toPostgresql(console, spark, target, output, run)));
    publish
        .catalog()
        .ifPresent(target -> targets.add(() -> toCatalog(console, spark, target, output, run)));
    each(targets, error -> console.err().println("error: " + error));
  }

  /**
   * Does each: one's failure is no reason to leave out the next.
   *
   * @param told of all failures but the one that is thrown: a bug if there is any, whose trace
   *     whoever catches it shows, or the first
   */
  static void each(List<Runnable> targets, Consumer<String> told) {
    List<RuntimeException> failures = new ArrayList<>();
    for (Runnable target : targets) {
      try {
        target.run();
      } catch (RuntimeException e) {
        failures.add(Failures.userError(e).map(RuntimeException.class::cast).orElse(e));
      }
    }
    if (!failures.isEmpty()) {
      RuntimeException thrown =
          failures.stream()
              .filter(failure -> !(failure instanceof UserError))
              .findFirst()
              .orElse(failures.get(0));
      failures.stream()
          .filter(failure -> failure != thrown)
          .forEach(failure -> told.accept(failure.getMessage()));
      throw thrown;
    }
  }

  private static void toPostgresql(
      Console console, SparkSession spark, PostgresqlConfig target, Output output, Pointer run) {
    Credentials credentials =
        credentials(spark.sparkContext().hadoopConfiguration(), console.environment());
    spark.sparkContext().setJobDescription("Publish run " + run.runId() + " to PostgreSQL");
    PostgresqlPublication.Published published =
        new PostgresqlPublication(spark, output, target, credentials, step -> {}).publish(run);
    tell(console, run, "PostgreSQL schema " + published.schema(), published.rows());
  }

  private static void toCatalog(
      Console console, SparkSession spark, CatalogConfig target, Output output, Pointer run) {
    CatalogPublication.Published published =
        new CatalogPublication(spark, output, target, (step, table) -> {}).publish(run);
    tell(console, run, "catalog namespace " + published.namespace(), published.rows());
  }

  private static void tell(Console console, Pointer run, String where, Map<String, Long> rows) {
    if (rows.isEmpty()) {
      console.out().printf("%s has run %s already%n", where, run.runId());
      return;
    }
    console
        .out()
        .printf(
            "published run %s in %s: %d tables, %,d rows%n",
            run.runId(),
            where,
            rows.size(),
            rows.values().stream().mapToLong(Long::longValue).sum());
  }

  /**
   * Who publishes to PostgreSQL: from a credential provider, else from the environment.
   *
   * @throws UserError of usage, if the password is in Hadoop's configuration itself, where it is
   *     shown in Spark's pages and logs
   */
  static Credentials credentials(Configuration hadoop, Map<String, String> environment) {
    requireHidden(hadoop);
    return new Credentials(
        secret(hadoop, USER).or(() -> inEnvironment(environment, "TENURE_POSTGRESQL_USER")),
        secret(hadoop, PASSWORD)
            .or(() -> inEnvironment(environment, "TENURE_POSTGRESQL_PASSWORD")));
  }

  private static void requireHidden(Configuration hadoop) {
    if (hadoop.get(PASSWORD) != null) {
      throw UserError.usage(
          "The password of PostgreSQL is in the configuration itself (%s), for all to read. Put it into a credential provider, or into the environment as TENURE_POSTGRESQL_PASSWORD."
              .formatted(PASSWORD));
    }
  }

  private static Optional<String> inEnvironment(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name));
  }

  private static Optional<String> secret(Configuration hadoop, String name) {
    try {
      return Optional.ofNullable(hadoop.getPassword(name)).map(String::new);
    } catch (IOException e) {
      throw UserError.storage(
          "Cannot ask the credential provider for %s: %s".formatted(name, e.getMessage()), e);
    }
  }
}
