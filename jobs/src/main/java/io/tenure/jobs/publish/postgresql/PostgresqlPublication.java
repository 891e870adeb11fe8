package io.tenure.jobs.publish.postgresql;

import io.tenure.common.UserError;
import io.tenure.common.config.PostgresqlConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.table.Dictionary;
import io.tenure.jobs.publish.RunDictionary;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.postgresql.Driver;

/**
 * The tables of a run in a schema of PostgreSQL, in one transaction: staged, then put in the place
 * of what was published before.
 *
 * <p>Until the commit readers go on with the run before. The new one is unveiled under a lock that
 * no reader holds or gets, only for the time of the commit: so a transaction that has read one
 * table of a run reads no other table of the next one, whatever its isolation level. Tables are
 * emptied and filled, never dropped: views, grants and indexes stay.
 */
public final class PostgresqlPublication {
  /** NULLs of a unique constraint can be equal from this version on. */
  private static final int MIN_VERSION = 15;

  /** What the driver says of a parameter of the URL whose value it cannot take. */
  private static final String INVALID_PARAMETER = "22023";

  /** What the server says of rows that do not fit into an index. */
  private static final String LIMIT_EXCEEDED = "54000";

  private static final String LOGIN =
      "Give the user and password that the server knows, in TENURE_POSTGRESQL_USER and"
          + " TENURE_POSTGRESQL_PASSWORD or a credential provider; then repeat with `publish`.";

  /** The steps of publishing, in order. */
  public enum Step {
    CONNECT,
    STAGE,
    LOCK,
    ALTER,
    REPLACE,
    RECORD,
    UNVEIL,
    COMMIT
  }

  private final SparkSession spark;
  private final Output output;
  private final PostgresqlConfig config;
  private final Credentials credentials;
  private final Consumer<Step> before;

  /**
   * @param before told of each step just before it; what it throws stops publishing
   */
  public PostgresqlPublication(
      SparkSession spark,
      Output output,
      PostgresqlConfig config,
      Credentials credentials,
      Consumer<Step> before) {
    this.spark = spark;
    this.output = output;
    this.config = config;
    this.credentials = credentials;
    this.before = before;
  }

  /**
   * Requires that the driver understands the URL.
   *
   * @throws UserError of usage
   */
  public static void requireUrl(PostgresqlConfig config) {
    if (Driver.parseURL(config.url(), null) == null) {
      throw UserError.usage(
          "Cannot use publish.postgresql.url: PostgreSQL's driver does not understand %s. Look at the host, the port and the parameters."
              .formatted(config.url()));
    }
  }

  /**
   * What was published.
   *
   * @param rows by table; empty if the run was there already
   */
  public record Published(String schema, Map<String, Long> rows) {}

  /**
   * Publishes the run that readers of the files see.
   *
   * @throws UserError of usage, if the driver does not understand the URL; of storage, if the
   *     database cannot be reached or refuses, or if the schema holds what another output
   *     published; of input, if it cannot hold a value; it then holds what it held before
   */
  public Published publish(Pointer run) {
    requireUrl(config);
    List<Dictionary.Table> tables = RunDictionary.tables(spark, output, run);
    before.accept(Step.CONNECT);
    try (Connection connection = connect()) {
      connection.setAutoCommit(false);
      // Whatever is thrown before the commit closes the connection, and so undoes all.
      Map<String, Long> rows = publish(connection, run, tables);
      commit(connection, run);
      return new Published(config.schema(), rows);
    } catch (SQLException e) {
      if (LIMIT_EXCEEDED.equals(e.getSQLState())) {
        throw UserError.input(
            "Cannot publish run %s to PostgreSQL, schema %s: %s%nA text is longer than a key may be there, about 2,700 bytes. Shorten the values of segments in the config, as left(x, 200) does, and run twice: after the first run, `restatements` tells of the values before. The files are published and whole; the database holds what it held before."
                .formatted(run.runId(), config.schema(), credentials.hide(UserError.firstLine(e))));
      }
      throw UserError.storage(
          "Cannot publish run %s to PostgreSQL, schema %s of %s: %s%nIts files are published and whole; the database holds what it held before. %s"
              .formatted(
                  run.runId(),
                  config.schema(),
                  config.url(),
                  credentials.hide(UserError.firstLine(e)),
                  isRefused(e) ? LOGIN : "Repeat with `publish`."),
          null);
    }
  }

  /**
   * Whether the server would not let us in: SQL states of class 28, and a driver without a user.
   */
  private static boolean isRefused(SQLException e) {
    return e.getSQLState() != null
        && (e.getSQLState().startsWith("28") || e.getSQLState().equals("08004"));
  }

  private void commit(Connection connection, Pointer run) {
    try {
      connection.commit();
    } catch (SQLException e) {
      throw UserError.storage(
          "PostgreSQL does not say whether it has run %s in schema %s, all of it or nothing: %s%n"
                  .formatted(run.runId(), config.schema(), credentials.hide(UserError.firstLine(e)))
              + "Its files are published and whole. Repeat with `publish`.",
          null);
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = connected();
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < MIN_VERSION) {
      connection.close();
      throw new SQLException(
          "the server is PostgreSQL %d, and %d is the oldest that will do"
              .formatted(version, MIN_VERSION));
    }
    return connection;
  }

  private Connection connected() throws SQLException {
    try {
      return new Driver().connect(config.url(), credentials.properties());
    } catch (SQLException e) {
      if (INVALID_PARAMETER.equals(e.getSQLState())) {
        throw UserError.usage(
            "Cannot use publish.postgresql.url: %s. Correct it; then repeat with `publish`: the files of the run are published and whole."
                .formatted(credentials.hide(UserError.firstLine(e))));
      }
      throw e;
    }
  }

  private Map<String, Long> publish(
      Connection connection, Pointer run, List<Dictionary.Table> described) throws SQLException {
    List<TargetTable> tables =
        described.stream().map(table -> new TargetTable(config.schema(), table)).toList();
    Target target = new Target(connection, config, output.path());
    target.open();
    if (target.holds(run.runId(), tables)) {
      return Map.of();
    }
    before.accept(Step.STAGE);
    Map<String, Long> rows = new Staging(spark, output, run, connection).copy(tables);
    before.accept(Step.LOCK);
    target.lock(tables);
    before.accept(Step.ALTER);
    target.alter(tables);
    before.accept(Step.REPLACE);
    target.replace(tables);
    before.accept(Step.RECORD);
    target.record(run.runId(), rows);
    before.accept(Step.UNVEIL);
    target.unveil();
    requireCurrent(run);
    before.accept(Step.COMMIT);
    return rows;
  }

  /** A later run that was quicker must not be replaced by an earlier one. */
  private void requireCurrent(Pointer run) throws SQLException {
    String current = output.current().map(Pointer::runId).orElse("none");
    if (!current.equals(run.runId())) {
      throw new SQLException("run %s became current meanwhile".formatted(current));
    }
  }
}
