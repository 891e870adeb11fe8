package io.tenure.common.config;

import java.io.Serializable;
import java.util.List;

/**
 * Which trailing windows are computed.
 *
 * @param windows lengths in days; {@code [1, 7, 28]} are DAU, WAU and MAU and always there
 */
public record ActiveUsersConfig(List<Integer> windows) implements Serializable {}
