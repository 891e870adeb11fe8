package io.tenure.common.config;

import java.util.Optional;

/** Where runs are published besides their files. */
public record PublishConfig(Optional<PostgresqlConfig> postgresql) {}
