package io.tenure.common.config;

/**
 * The schema of a PostgreSQL database that holds the tables of the current run. Who publishes there
 * is no matter of the config.
 *
 * @param url {@code jdbc:postgresql://host:port/database}, without credentials
 * @param schema where the tables are; lower-case letters, digits and _
 * @param lockSeconds how long publishing waits for others who use the tables
 */
public record PostgresqlConfig(String url, String schema, int lockSeconds) {}
