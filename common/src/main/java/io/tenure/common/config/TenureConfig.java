package io.tenure.common.config;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a run can be told. Loaded by {@link ConfigLoader}; every default is in {@code
 * conf/tenure.reference.yaml}.
 *
 * @param name names the log in every run record
 * @param identities which users are the same person; absent: every id is a user
 * @param output where runs are published: any Hadoop path
 * @param timezone the zone whose local days are counted
 * @param weekStart the first day of a week
 * @param activities SQL predicate of each named kind of activity, in the order written; at most 63
 * @param segments SQL expression (usually a column) of each dimension, in the order written
 * @param funnels the funnels there are tables of; may be none
 * @param nps the scores there is a table of; may be none
 * @param virality whom there is a table of who bring others; absent: there is none
 * @param publish where runs are published besides their files
 * @param keepRuns how many published runs are kept, the current one included
 */
public record TenureConfig(
    String name,
    InputConfig input,
    Optional<IdentitiesConfig> identities,
    String output,
    ZoneId timezone,
    DayOfWeek weekStart,
    Map<String, String> activities,
    Map<String, String> segments,
    List<RetentionConfig> retention,
    ActiveUsersConfig activeUsers,
    ChurnConfig churn,
    List<FunnelConfig> funnels,
    NpsConfig nps,
    Optional<ViralityConfig> virality,
    QualityConfig quality,
    PrivacyConfig privacy,
    PublishConfig publish,
    int keepRuns) {

  /** The periods of a grain under this config's week start. */
  public Periods periods(Grain grain) {
    return grain.periods(weekStart);
  }

  /** The position of an activity: its bit in the mask of a day. */
  public int activityIndex(String activity) {
    int index = List.copyOf(activities.keySet()).indexOf(activity);
    if (index < 0) {
      throw new IllegalArgumentException("No activity '" + activity + "' in " + activities);
    }
    return index;
  }

  /** The names of the dimensions, in the order written. */
  public List<String> dimensions() {
    return List.copyOf(segments.keySet());
  }
}
