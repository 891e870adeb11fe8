package io.tenure.jobs.sample;

import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What goes wrong between a client and the log: three rows in a thousand are broken or doubled, one
 * in a hundred is late. A signup is never broken, so that the first event of a user stays one.
 */
final class Flaws {
  private static final double WITHOUT_USER = 0.0010;
  private static final double WITHOUT_TIME = 0.0005;
  private static final double AT_EPOCH = 0.0005;
  private static final double DOUBLED = 0.0010;
  private static final double LATE = 0.01;

  private final SplittableRandom random;

  Flaws(SplittableRandom random) {
    this.random = random;
  }

  /** Adds what the log gets of an event: one row, or two that are the same. */
  void record(SampleEvent event, List<SampleEvent> rows) {
    double draw = random.nextDouble();
    SampleEvent row = event.name().equals("signup") ? event : flawed(event, draw);
    rows.add(row.withLate(isLate()));
    if (draw >= 1 - DOUBLED) {
      // A client that sends twice may do so days apart: each copy is late or not by itself.
      rows.add(row.withLate(isLate()));
    }
  }

  private boolean isLate() {
    return random.nextDouble() < LATE;
  }

  private static SampleEvent flawed(SampleEvent event, double draw) {
    if (draw < WITHOUT_USER) {
      return event.withUser(null);
    }
    if (draw < WITHOUT_USER + WITHOUT_TIME) {
      return event.withTime(null);
    }
    if (draw < WITHOUT_USER + WITHOUT_TIME + AT_EPOCH) {
      return event.withTime(Instant.EPOCH);
    }
    return event;
  }
}
