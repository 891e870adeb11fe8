package io.tenure.common.config;

import io.tenure.common.Nearest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The key {@code activities}. */
final class ActivitiesLoader {
  /** The activity that is always there: any event, unless it is given another meaning. */
  static final String ACTIVE = "active";

  /** Activities of a day are bits of a {@code long} whose sign stays free. */
  static final int MAX_ACTIVITIES = 63;

  private ActivitiesLoader() {}

  static Map<String, String> load(Section root) {
    Optional<Value> given = root.find("activities");
    Map<String, Value> named = given.map(Value::named).orElse(Map.of());
    Map<String, String> activities = new LinkedHashMap<>();
    if (!named.containsKey(ACTIVE)) {
      activities.put(ACTIVE, "true");
    }
    named.forEach((name, predicate) -> activities.put(name, predicate.bareText()));
    if (activities.size() > MAX_ACTIVITIES) {
      throw given
          .orElseThrow()
          .error(
              "'activities' has %d, '%s' included; at most %d are possible"
                  .formatted(activities.size(), ACTIVE, MAX_ACTIVITIES));
    }
    return Collections.unmodifiableMap(activities);
  }

  /** The activity that a value names. */
  static String declared(Value value, Set<String> activities) {
    String activity = value.text();
    if (!activities.contains(activity)) {
      String remedy =
          Nearest.of(activity, activities)
              .map(near -> "; did you mean '" + near + "'?")
              .orElse("; declared: " + String.join(", ", activities));
      throw value.mustBe("declared in 'activities'", value.shown() + remedy);
    }
    return activity;
  }
}
