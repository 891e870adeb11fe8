package io.tenure.common.config;

import io.tenure.common.config.FunnelConfig.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The key {@code funnels}: a list, empty by default. */
final class FunnelsLoader {
  private static final int MOST_FUNNELS = 100;
  private static final int MOST_STEPS = 20;
  private static final Duration DEFAULT_WINDOW = Duration.ofDays(14);
  private static final Duration LONGEST_WINDOW = Duration.ofDays(3650);

  private FunnelsLoader() {}

  static List<FunnelConfig> load(Section root, Set<String> activities) {
    return root.find("funnels").map(value -> list(value, activities)).orElse(List.of());
  }

  private static List<FunnelConfig> list(Value value, Set<String> activities) {
    List<FunnelConfig> funnels = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Value item : value.items()) {
      FunnelConfig funnel = funnel(item, activities);
      if (!names.add(funnel.name())) {
        throw item.error(
            "'%s.name' is '%s' like the one of an earlier element; give it another name"
                .formatted(item.key(), funnel.name()));
      }
      funnels.add(funnel);
    }
    if (funnels.size() > MOST_FUNNELS) {
      throw value.error(
          "'funnels' has %d elements; at most %d are possible"
              .formatted(funnels.size(), MOST_FUNNELS));
    }
    return List.copyOf(funnels);
  }

  private static FunnelConfig funnel(Value item, Set<String> activities) {
    Section section = item.section("name", "steps", "entry", "window");
    return new FunnelConfig(
        section.name("name", "default"),
        section
            .find("steps")
            .map(value -> steps(value, activities))
            .orElseThrow(
                () ->
                    item.error(
                        "'%s.steps' is missing; it must be a list of activities, in the order of the steps"
                            .formatted(item.key()))),
        section.oneOf("entry", ConfigLoader.labels(Entry.values(), Entry::label), Entry.FIRST),
        section.find("window").map(value -> value.duration(LONGEST_WINDOW)).orElse(DEFAULT_WINDOW));
  }

  private static List<String> steps(Value value, Set<String> activities) {
    List<String> steps = new ArrayList<>();
    for (Value item : value.items()) {
      steps.add(ActivitiesLoader.declared(item, activities));
    }
    if (steps.isEmpty() || steps.size() > MOST_STEPS) {
      throw value.error(
          "'%s' has %d steps; a funnel has 1 to %d"
              .formatted(value.key(), steps.size(), MOST_STEPS));
    }
    return List.copyOf(steps);
  }
}
