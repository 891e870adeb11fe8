package io.tenure.common.config;

import java.io.Serializable;

/**
 * What is hidden in published tables.
 *
 * @param minUsers cells with fewer users than this are hidden; 0 hides nothing
 */
public record PrivacyConfig(int minUsers) implements Serializable {}
