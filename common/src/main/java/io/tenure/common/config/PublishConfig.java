package io.tenure.common.config;

import java.util.Optional;

/** Where runs are published besides their files. */
public record PublishConfig(
    Optional<PostgresqlConfig> postgresql, Optional<CatalogConfig> catalog) {
  /** Whether runs are published anywhere but in their files. */
  public boolean isAnywhere() {
    return postgresql.isPresent() || catalog.isPresent();
  }
}
