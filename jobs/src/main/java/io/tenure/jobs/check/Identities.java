package io.tenure.jobs.check;

import java.util.List;
import java.util.stream.Stream;

/** The identities that every run must satisfy before it is published. */
public final class Identities {
  private Identities() {}

  /** All of them: a metric adds its own list here. */
  public static List<Identity> all() {
    return Stream.of(RetentionIdentities.ALL, ChurnIdentities.ALL).flatMap(List::stream).toList();
  }
}
