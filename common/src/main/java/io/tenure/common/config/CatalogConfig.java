package io.tenure.common.config;

import java.util.List;

/**
 * A namespace of a Spark catalog that holds the tables of the current run. What the catalog is, and
 * who may write there, Spark is told by {@code spark.sql.catalog.<name>}.
 *
 * @param name what Spark calls the catalog
 * @param namespace its levels, the outermost first; at least one
 * @param tags whether every run leaves a tag on each table
 */
public record CatalogConfig(String name, List<String> namespace, boolean tags) {
  public CatalogConfig {
    namespace = List.copyOf(namespace);
  }

  /** The namespace as a person writes it. */
  public String shown() {
    return name + "." + String.join(".", namespace);
  }
}
