package io.tenure.jobs.publish.postgresql;

import static io.tenure.jobs.publish.postgresql.TargetTable.quoted;

import io.tenure.common.UserError;
import io.tenure.common.config.PostgresqlConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The schema that is published to, within one transaction.
 *
 * <p>The table {@code tenure_tables} there says which tables are Tenure's, which run they hold and
 * of which output; no other table is touched, and none of another output.
 */
final class Target {
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final int TRIES_PER_SECOND = 20;

  private final Connection connection;
  private final PostgresqlConfig config;
  private final String output;
  private final String register;

  /** Run id by table of ours. */
  private final Map<String, String> owned = new TreeMap<>();

  /** Whether tables are there that no output is known to publish. */
  private boolean unclaimed;

  private boolean unveiled;

  /** Tables whose key is to be that of another grain. */
  private final List<TargetTable> newKeys = new ArrayList<>();

  /**
   * @param output where the runs are from, qualified
   */
  Target(Connection connection, PostgresqlConfig config, String output) {
    this.connection = connection;
    this.config = config;
    this.output = output;
    this.register = quoted(config.schema()) + ".tenure_tables";
  }

  /**
   * Waits for others who publish here, and finds out what is there.
   *
   * @throws UserError of storage, if the tables there are of another output
   */
  void open() throws SQLException {
    execute("SET LOCAL lock_timeout = '%ds'".formatted(config.lockSeconds()));
    execute("SET LOCAL client_min_messages = warning");
    execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('tenure %s', 0))"
            .formatted(config.schema()));
    if (!exists("SELECT to_regnamespace(?) IS NOT NULL", quoted(config.schema()))) {
      execute("CREATE SCHEMA " + quoted(config.schema()));
    }
    if (!isThere(register)) {
      execute(
          "CREATE TABLE %s (table_name text PRIMARY KEY, run_id text NOT NULL, row_count bigint NOT NULL, published_at timestamp with time zone NOT NULL DEFAULT now(), output text)"
              .formatted(register));
      execute(
          "COMMENT ON TABLE %s IS 'The tables that Tenure publishes in this schema, and the run that each holds'"
              .formatted(register));
    }
    if (!exists(
        "SELECT count(*) > 0 FROM pg_attribute WHERE attrelid = to_regclass(?) AND attname = 'output'",
        register)) {
      execute("ALTER TABLE %s ADD COLUMN output text".formatted(register));
    }
    execute(
        "COMMENT ON COLUMN %s.output IS 'Where the runs are from; no other output publishes here. NULL: the next one that does'"
            .formatted(register));
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT table_name, run_id, output FROM " + register)) {
      while (found.next()) {
        requireOurs(found.getString(2), found.getString(3));
        unclaimed |= found.getString(3) == null;
        owned.put(found.getString(1), found.getString(2));
      }
    }
  }

  private void requireOurs(String runId, String owner) {
    if (owner != null && !owner.equals(output)) {
      throw UserError.storage(
          "PostgreSQL schema %s holds run %s of the output %s, so none of %s was published there."
                  .formatted(config.schema(), runId, owner, output)
              + " Name another schema (publish.postgresql.schema). Only if this output replaces"
              + " that one, say UPDATE %s SET output = NULL, then repeat with `publish`."
                  .formatted(register),
          null);
    }
  }

  /** Whether nothing is left to do. */
  boolean holds(String runId, List<TargetTable> tables) throws SQLException {
    for (TargetTable table : tables) {
      if (!runId.equals(owned.get(table.table().name())) || !isThere(table.name())) {
        return false;
      }
    }
    return !unclaimed && owned.values().stream().allMatch(runId::equals);
  }

  /** Keeps everybody else from writing; readers are not disturbed. */
  void lock(List<TargetTable> tables) throws SQLException {
    for (TargetTable table : tables) {
      boolean there = isThere(table.name());
      boolean ours = owned.containsKey(table.table().name());
      if (there && !ours) {
        throw UserError.storage(
            "Table %s is there and is none of Tenure's, so it was left alone, and nothing was"
                    .formatted(table.name())
                + " published. Rename it, or publish to another schema.",
            null);
      }
      if (!there) {
        owned.remove(table.table().name());
        execute(table.create());
      }
    }
    owned.keySet().removeIf(table -> !isThereQuietly(name(table)));
    if (!owned.isEmpty()) {
      execute("LOCK TABLE %s IN EXCLUSIVE MODE".formatted(names()));
    }
  }

  private boolean isThereQuietly(String table) {
    try {
      return isThere(table);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the tables that are there fit this run, and comments on all. */
  void alter(List<TargetTable> tables) throws SQLException {
    List<String> changes = new ArrayList<>();
    for (TargetTable table : tables) {
      if (owned.containsKey(table.table().name())) {
        if (table.hasOtherKey(connection)) {
          newKeys.add(table);
          changes.add(table.dropKey());
        }
        changes.addAll(table.alterations(connection));
      }
    }
    if (!changes.isEmpty()) {
      // Changing a table locks readers out: not while holding other tables that they may wait for.
      unveil();
    }
    for (String change : changes) {
      execute(change);
    }
    for (TargetTable table : tables) {
      for (String comment : table.comments(connection)) {
        execute(comment);
      }
    }
  }

  /**
   * Puts the staged rows in the place of all rows there are, also in tables of ours without any.
   */
  void replace(List<TargetTable> tables) throws SQLException {
    for (String table : owned.keySet()) {
      execute("DELETE FROM " + name(table));
    }
    for (TargetTable table : tables) {
      execute(
          "INSERT INTO %s (%s) SELECT %s FROM %s"
              .formatted(table.name(), table.columns(), table.columns(), table.staging()));
    }
    for (TargetTable table : newKeys) {
      execute(table.addKey());
    }
  }

  /** Remembers which run is there. */
  void record(String runId, Map<String, Long> rows) throws SQLException {
    Map<String, Long> all = new TreeMap<>();
    owned.keySet().forEach(table -> all.put(table, 0L));
    all.putAll(rows);
    execute("DELETE FROM " + register);
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO %s (table_name, run_id, row_count, output) VALUES (?, ?, ?, ?)"
                .formatted(register))) {
      for (Map.Entry<String, Long> table : all.entrySet()) {
        insert.setString(1, table.getKey());
        insert.setString(2, runId);
        insert.setLong(3, table.getValue());
        insert.setString(4, output);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /**
   * Waits for a moment in which nobody reads, and keeps readers out until the commit.
   *
   * <p>Never while waiting: a lock that is queued for holds up all who come after, and with readers
   * of several tables it ends in a deadlock. So all locks are taken at once or given back.
   */
  void unveil() throws SQLException {
    if (unveiled || owned.isEmpty()) {
      return;
    }
    for (int tries = 1; ; tries++) {
      Savepoint savepoint = connection.setSavepoint();
      try {
        execute("LOCK TABLE %s IN ACCESS EXCLUSIVE MODE NOWAIT".formatted(names()));
        unveiled = true;
        return;
      } catch (SQLException e) {
        connection.rollback(savepoint);
        connection.releaseSavepoint(savepoint);
        if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
          throw e;
        }
        if (tries >= config.lockSeconds() * TRIES_PER_SECOND) {
          throw new SQLException(
              "tables were being read for all of %d seconds (publish.postgresql.lock-seconds)"
                  .formatted(config.lockSeconds()),
              e);
        }
        pause();
      }
    }
  }

  private static void pause() throws SQLException {
    try {
      Thread.sleep(1000 / TRIES_PER_SECOND);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    }
  }

  private String names() {
    return String.join(", ", owned.keySet().stream().map(this::name).toList());
  }

  private String name(String table) {
    return quoted(config.schema()) + "." + quoted(table);
  }

  private boolean isThere(String table) throws SQLException {
    return exists("SELECT to_regclass(?) IS NOT NULL", table);
  }

  private boolean exists(String query, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (ResultSet found = statement.executeQuery()) {
        found.next();
        return found.getBoolean(1);
      }
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
