package io.tenure.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** What the rounds of one contender took. */
final class Rounds {
  private final List<Measured> rounds = new ArrayList<>();

  void add(Measured round) {
    rounds.add(round);
  }

  double seconds() {
    return median(Measured::seconds);
  }

  double cpuSeconds() {
    return median(Measured::cpuSeconds);
  }

  double workSeconds() {
    return median(Measured::workSeconds);
  }

  long peakBytes() {
    return rounds.stream().mapToLong(Measured::peakBytes).max().orElse(0);
  }

  /** Null if no round recorded it. */
  Long shuffleBytes() {
    return rounds.stream()
        .map(Measured::shuffleBytes)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  List<Double> allSeconds() {
    return rounds.stream().map(Measured::seconds).toList();
  }

  private double median(ToDoubleFunction<Measured> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
