package io.tenure.common.table;

/** The types that published columns have; the SQL type is what every reader sees. */
public enum ColumnType {
  STRING("STRING"),
  INT("INT"),
  BIGINT("BIGINT"),
  DOUBLE("DOUBLE"),
  DATE("DATE"),
  BOOLEAN("BOOLEAN"),
  /** Microseconds, UTC. */
  TIMESTAMP("TIMESTAMP"),
  /** Money, exact to four decimals. */
  MONEY("DECIMAL(38,4)");

  /** Digits that money has room for, and those of them that are decimals. */
  public static final int MONEY_DIGITS = 38;

  public static final int MONEY_SCALE = 4;

  private final String sql;

  ColumnType(String sql) {
    this.sql = sql;
  }

  /** The type's name in Spark SQL. */
  public String sql() {
    return sql;
  }

  /** Whether values can be counted with, so that they have a unit. */
  public boolean isNumber() {
    return this == INT || this == BIGINT || this == DOUBLE || this == MONEY;
  }

  /** The type of a name in Spark SQL. */
  public static ColumnType ofSql(String sql) {
    for (ColumnType type : values()) {
      if (type.sql.equals(sql)) {
        return type;
      }
    }
    throw new IllegalArgumentException("No column type " + sql);
  }
}
