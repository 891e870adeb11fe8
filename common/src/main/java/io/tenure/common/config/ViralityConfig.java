package io.tenure.common.config;

/**
 * Users who bring others.
 *
 * @param invitation the activity whose every event is an invitation
 * @param joined the activity by which a user joins who was invited
 */
public record ViralityConfig(String invitation, String joined) {}
