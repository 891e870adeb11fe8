package io.tenure.common.history;

import io.tenure.common.config.FunnelConfig;
import io.tenure.common.config.TenureConfig;
import java.io.Serializable;
import java.util.List;

/** The steps of all funnels of a run: they decide which events of a day are kept one by one. */
public record FunnelSteps(List<Path> funnels) implements Serializable {
  /** Of a run without funnels. */
  public static final FunnelSteps NONE = new FunnelSteps(List.of());

  /**
   * A funnel.
   *
   * @param steps the activity of each step, as its bit
   * @param everyEntry whether any event of the first step may be the one that counts, not only the
   *     first of a day
   * @param window how long after it the others count, in microseconds
   */
  public record Path(List<Integer> steps, boolean everyEntry, long window) implements Serializable {
    public Path {
      steps = List.copyOf(steps);
    }

    /**
     * How many of the first steps an event of these activities can serve, up to one that it cannot.
     */
    int leadingSteps(long activities) {
      int step = 0;
      while (step < steps.size() && (activities >>> steps.get(step) & 1) == 1) {
        step++;
      }
      return step;
    }
  }

  public FunnelSteps {
    funnels = List.copyOf(funnels);
  }

  static FunnelSteps of(TenureConfig config) {
    return new FunnelSteps(
        config.funnels().stream()
            .map(
                funnel ->
                    new Path(
                        funnel.steps().stream().map(config::activityIndex).toList(),
                        funnel.entry() == FunnelConfig.Entry.ANY,
                        funnel.windowMicros()))
            .toList());
  }

  public boolean isEmpty() {
    return funnels.isEmpty();
  }

  /** The activities that are steps. */
  public long activities() {
    long activities = 0;
    for (Path funnel : funnels) {
      activities |= bits(funnel.steps());
    }
    return activities;
  }

  /**
   * The activities of which not only the first event of a day may matter. Events of none of them
   * can do nothing but begin funnels that only begin once.
   */
  public long repeatedActivities() {
    long activities = 0;
    for (Path funnel : funnels) {
      int from = funnel.everyEntry() ? 0 : 1;
      activities |= bits(funnel.steps().subList(from, funnel.steps().size()));
    }
    return activities;
  }

  private static long bits(List<Integer> activities) {
    long bits = 0;
    for (int activity : activities) {
      bits |= 1L << activity;
    }
    return bits;
  }

  /** The funnels of which any event of the first step may be the one that counts. */
  List<Path> ofEveryEntry() {
    return funnels.stream().filter(Path::everyEntry).toList();
  }

  /**
   * How many events of these activities one user can need in a row: as many as the steps of a
   * funnel that one of them may serve.
   */
  int mostInRow(long activities) {
    int most = 1;
    for (Path funnel : funnels) {
      int served = 0;
      for (int activity : funnel.steps()) {
        served += (int) (activities >>> activity & 1);
      }
      most = Math.max(most, served);
    }
    return most;
  }
}
