package io.tenure.common.history;

import io.tenure.common.config.TenureConfig;
import java.io.Serializable;
import java.util.List;

/**
 * The steps of all funnels of a run: they decide which events of a day are kept one by one.
 *
 * @param funnels of each funnel the activity of each step, as its bit
 */
public record FunnelSteps(List<List<Integer>> funnels) implements Serializable {
  /** Of a run without funnels. */
  public static final FunnelSteps NONE = new FunnelSteps(List.of());

  public FunnelSteps {
    funnels = funnels.stream().map(List::copyOf).toList();
  }

  static FunnelSteps of(TenureConfig config) {
    return new FunnelSteps(
        config.funnels().stream()
            .map(funnel -> funnel.steps().stream().map(config::activityIndex).toList())
            .toList());
  }

  public boolean isEmpty() {
    return funnels.isEmpty();
  }

  /** The activities that are steps. */
  public long activities() {
    long activities = 0;
    for (List<Integer> steps : funnels) {
      for (int activity : steps) {
        activities |= 1L << activity;
      }
    }
    return activities;
  }

  /**
   * The activities that are steps after the first. Events of none of them can do nothing but begin
   * funnels: then only the first one of a day matters.
   */
  public long laterActivities() {
    long activities = 0;
    for (List<Integer> steps : funnels) {
      for (int activity : steps.subList(1, steps.size())) {
        activities |= 1L << activity;
      }
    }
    return activities;
  }

  /**
   * How many events of these activities one user can need in a row: as many as the steps of a
   * funnel that one of them may serve.
   */
  int mostInRow(long activities) {
    int most = 1;
    for (List<Integer> steps : funnels) {
      int served = 0;
      for (int activity : steps) {
        served += (int) (activities >>> activity & 1);
      }
      most = Math.max(most, served);
    }
    return most;
  }
}
