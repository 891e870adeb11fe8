package io.tenure.common.config;

/** Strict YAML into {@link TenureConfig}. */
public final class ConfigLoader {
  private ConfigLoader() {}
}
