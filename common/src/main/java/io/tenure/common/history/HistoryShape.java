package io.tenure.common.history;

import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.TenureConfig;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;

/**
 * What the histories of a run hold: fixed by the configuration, the same for every user.
 *
 * @param dimensions the number of segment dimensions, hidden ones of {@link HistoryLayout} included
 * @param openings whether a day remembers which activities its earliest event was; only needed when
 *     a cohort asks for the very first event to match
 * @param amounts whether a day holds the sum of its amounts
 * @param steps which events a day holds one by one
 * @param counted the activities, as their bits, of which a day holds the number of events
 */
public record HistoryShape(
    int dimensions, boolean openings, boolean amounts, FunnelSteps steps, List<Integer> counted)
    implements Serializable {

  public HistoryShape {
    counted = List.copyOf(counted);
  }

  /** The shape of histories without funnels and counts. */
  public HistoryShape(int dimensions, boolean openings, boolean amounts) {
    this(dimensions, openings, amounts, FunnelSteps.NONE, List.of());
  }

  public static HistoryShape of(TenureConfig config) {
    return new HistoryShape(
        HistoryLayout.values(config).size(),
        config.retention().stream().anyMatch(retention -> needsOpenings(retention, config)),
        config.input().amount().isPresent(),
        FunnelSteps.of(config),
        config.virality().map(virality -> config.activityIndex(virality.invitation())).stream()
            .toList());
  }

  /** Whether a cohort asks what the very first event was, beyond that there is one. */
  public static boolean needsOpenings(RetentionConfig retention, TenureConfig config) {
    return retention.cohort() == RetentionConfig.Cohort.FIRST
        && !matchesEveryEvent(config.activities().get(retention.start()));
  }

  /** Whether a predicate is literally {@code true}: then the first event is a start activity. */
  public static boolean matchesEveryEvent(String predicate) {
    return predicate.strip().toLowerCase(Locale.ROOT).equals("true");
  }
}
