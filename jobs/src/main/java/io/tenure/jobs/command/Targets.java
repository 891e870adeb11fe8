package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.publish.postgresql.Credentials;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication.Published;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Where a run goes besides its files, once they are published: the files are the truth. */
final class Targets {
  private static final String USER = "tenure.postgresql.user";
  private static final String PASSWORD = "tenure.postgresql.password";

  private Targets() {}

  /** Publishes the current run to what the config names, and says so. */
  static void publish(
      Console console, SparkSession spark, TenureConfig config, Output output, Pointer run) {
    config
        .publish()
        .postgresql()
        .ifPresent(
            postgresql -> {
              Credentials credentials =
                  credentials(spark.sparkContext().hadoopConfiguration(), System.getenv());
              spark
                  .sparkContext()
                  .setJobDescription("Publish run " + run.runId() + " to PostgreSQL");
              Published published =
                  new PostgresqlPublication(spark, output, postgresql, credentials, step -> {})
                      .publish(run);
              if (published.rows().isEmpty()) {
                console
                    .out()
                    .printf(
                        "PostgreSQL schema %s has run %s already%n",
                        published.schema(), run.runId());
              } else {
                console
                    .out()
                    .printf(
                        "published run %s in PostgreSQL schema %s: %d tables, %,d rows%n",
                        run.runId(),
                        published.schema(),
                        published.rows().size(),
                        published.rows().values().stream().mapToLong(Long::longValue).sum());
              }
            });
  }

  /**
   * Who publishes to PostgreSQL: from a credential provider, else from the environment.
   *
   * @throws UserError of usage, if the password is in Hadoop's configuration itself, where it is
   *     shown in Spark's pages and logs
   */
  static Credentials credentials(Configuration hadoop, Map<String, String> environment) {
    if (hadoop.get(PASSWORD) != null) {
      throw UserError.usage(
          "The password of PostgreSQL is in the configuration itself (%s), for all to read. Put it into a credential provider, or into the environment as TENURE_POSTGRESQL_PASSWORD."
              .formatted(PASSWORD));
    }
    return new Credentials(
        secret(hadoop, USER).or(() -> inEnvironment(environment, "TENURE_POSTGRESQL_USER")),
        secret(hadoop, PASSWORD)
            .or(() -> inEnvironment(environment, "TENURE_POSTGRESQL_PASSWORD")));
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
