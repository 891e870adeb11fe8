package io.tenure.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The key {@code nps}. */
final class NpsLoader {
  private static final int MOST_TOUCHPOINTS = 20;
  private static final int LONGEST = 3650;
  private static final int DEFAULT_DAYS = 90;

  private NpsLoader() {}

  /**
   * @param churn by which it is judged who has churned
   */
  static NpsConfig load(Section root, ChurnConfig churn) {
    Section nps = root.section("nps", "touchpoints", "churn-days");
    Map<String, String> touchpoints =
        nps.find("touchpoints").map(NpsLoader::touchpoints).orElse(Map.of());
    int days = nps.whole("churn-days", DEFAULT_DAYS, 1, LONGEST);
    if (!touchpoints.isEmpty()
        && churn.mode() == ChurnConfig.Mode.INACTIVITY
        && days <= churn.inactiveDays()) {
      throw nps.find("churn-days")
          .or(() -> nps.find("touchpoints"))
          .orElseThrow()
          .error(
              "'nps.churn-days' must be above %d, churn.inactive-days, not %d: nobody who answers can churn sooner"
                  .formatted(churn.inactiveDays(), days));
    }
    if (touchpoints.isEmpty() && days != DEFAULT_DAYS) {
      throw nps.find("churn-days")
          .orElseThrow()
          .error(
              "'nps.churn-days' is looked at with 'nps.touchpoints' only; name them, or leave the days out");
    }
    return new NpsConfig(touchpoints, days);
  }

  private static Map<String, String> touchpoints(Value value) {
    Map<String, String> touchpoints = new LinkedHashMap<>();
    value.named().forEach((name, score) -> touchpoints.put(name, score.bareText()));
    if (touchpoints.size() > MOST_TOUCHPOINTS) {
      throw value.error(
          "'nps.touchpoints' has %d; at most %d are possible"
              .formatted(touchpoints.size(), MOST_TOUCHPOINTS));
    }
    return Collections.unmodifiableMap(touchpoints);
  }
}
