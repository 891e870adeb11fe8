package io.tenure.common.config;

/**
 * A table that says which user an alias stands for: Parquet, a row an alias.
 *
 * @param path any Hadoop path or glob
 * @param alias the column of the ids that stand for another
 * @param user the column of the ids that they stand for
 */
public record IdentitiesConfig(String path, String alias, String user) {}
