package io.tenure.common.config;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.RetentionConfig.Cohort;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The key {@code retention}: a list of questions, each with defaults for what it leaves out. */
final class RetentionLoader {
  private static final int MAX_PERIOD = 1000;
  private static final Map<Grain, Integer> DEFAULT_GRAINS =
      Collections.unmodifiableMap(
          new EnumMap<>(Map.of(Grain.DAY, 30, Grain.WEEK, 26, Grain.MONTH, 24)));
  private static final RetentionConfig DEFAULT =
      new RetentionConfig(
          "default",
          Cohort.FIRST,
          ActivitiesLoader.ACTIVE,
          ActivitiesLoader.ACTIVE,
          DEFAULT_GRAINS,
          List.of());

  private RetentionLoader() {}

  static List<RetentionConfig> load(Section root, Set<String> activities) {
    return root.find("retention").map(value -> list(value, activities)).orElse(List.of(DEFAULT));
  }

  private static List<RetentionConfig> list(Value value, Set<String> activities) {
    List<RetentionConfig> retentions = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Value item : value.items()) {
      RetentionConfig retention = retention(item, activities);
      if (!names.add(retention.name())) {
        throw item.error(
            "'%s.name' is '%s' like the one of an earlier element; give it another name"
                .formatted(item.key(), retention.name()));
      }
      retentions.add(retention);
    }
    if (retentions.isEmpty()) {
      throw value.error("'retention' is an empty list; give it an element, or leave the key out");
    }
    return List.copyOf(retentions);
  }

  private static RetentionConfig retention(Value item, Set<String> activities) {
    Section section = item.section("name", "cohort", "start", "return", "grains", "brackets");
    return new RetentionConfig(
        section.name("name", DEFAULT.name()),
        section.oneOf(
            "cohort", ConfigLoader.labels(Cohort.values(), Cohort::label), DEFAULT.cohort()),
        activity(section, "start", activities),
        activity(section, "return", activities),
        section.find("grains").map(RetentionLoader::grains).orElse(DEFAULT_GRAINS),
        section.find("brackets").map(RetentionLoader::brackets).orElse(List.of()));
  }

  private static String activity(Section section, String key, Set<String> activities) {
    return section
        .find(key)
        .map(value -> ActivitiesLoader.declared(value, activities))
        .orElse(ActivitiesLoader.ACTIVE);
  }

  private static Map<Grain, Integer> grains(Value value) {
    Section section = value.section(Grain.DAY.label(), Grain.WEEK.label(), Grain.MONTH.label());
    Map<Grain, Integer> grains = new EnumMap<>(Grain.class);
    for (Grain grain : DEFAULT_GRAINS.keySet()) {
      section
          .find(grain.label())
          .ifPresent(periods -> grains.put(grain, periods.whole(0, MAX_PERIOD)));
    }
    if (grains.isEmpty()) {
      throw value.error("'" + value.key() + "' must have at least one of day, week, month");
    }
    return Collections.unmodifiableMap(grains);
  }

  private static List<Integer> brackets(Value value) {
    List<Integer> bounds = new ArrayList<>();
    for (Value item : value.items()) {
      int bound = item.whole(0, MAX_PERIOD);
      if (!bounds.isEmpty() && bound <= bounds.get(bounds.size() - 1)) {
        throw item.mustBe("above the bound before it, " + bounds.get(bounds.size() - 1));
      }
      bounds.add(bound);
    }
    if (bounds.size() == 1) {
      throw value.error(
          "'" + value.key() + "' has one bound; a bracket needs two, e.g. [0, 7], or none: []");
    }
    return List.copyOf(bounds);
  }
}
