package io.tenure.common.config;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.tenure.common.UserError;
import io.tenure.common.config.Yaml.Written;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Strict YAML into {@link TenureConfig}: an unknown key, a wrong type or a value out of range is a
 * {@link UserError} that says where, what and how to put it right. A pure function of its
 * arguments.
 */
public final class ConfigLoader {
  private static final int MAX_DAYS = 1000;
  private static final int LONGEST_ABBREVIATION = 4;

  private ConfigLoader() {}

  /**
   * The configuration of a file.
   *
   * @param yamlText the content of the file
   * @param sourceName the name of the file, as errors show it
   * @param overrides {@code key=value}: the key dotted, list elements by number ({@code
   *     retention.0.cohort=recurring}), the value in YAML; each replaces or creates the key, as if
   *     it had been written in the file
   * @throws UserError (usage) of one line, for the first error found
   */
  public static TenureConfig load(String yamlText, String sourceName, List<String> overrides) {
    Written file = Overrides.apply(YamlReader.file(yamlText, sourceName), overrides);
    Section root =
        Value.root(file)
            .section(
                "name",
                "input",
                "identities",
                "output",
                "timezone",
                "week-start",
                "activities",
                "segments",
                "retention",
                "active-users",
                "churn",
                "funnels",
                "nps",
                "virality",
                "quality",
                "privacy",
                "publish",
                "keep-runs");
    InputConfig input = InputLoader.load(root);
    Map<String, String> activities = ActivitiesLoader.load(root);
    ChurnConfig churn = ChurnLoader.load(root, activities.size());
    return new TenureConfig(
        root.find("name").map(Value::text).orElse("tenure"),
        input,
        root.find("identities").map(ConfigLoader::identities),
        root.required("output", "where runs are published: any Hadoop path"),
        root.find("timezone").map(ConfigLoader::zone).orElse(ZoneId.of("UTC")),
        root.oneOf("week-start", labels(DayOfWeek.values(), ConfigLoader::label), DayOfWeek.MONDAY),
        activities,
        SegmentsLoader.load(root),
        RetentionLoader.load(root, activities.keySet()),
        activeUsers(root),
        churn,
        FunnelsLoader.load(root, activities.keySet()),
        NpsLoader.load(root, churn),
        root.find("virality").map(value -> virality(value, activities.keySet())),
        quality(root),
        privacy(root),
        PublishLoader.load(root),
        root.whole("keep-runs", 7, 1, 1000));
  }

  /** The constants of an enum by the words that configuration has for them, in their order. */
  static <E> Map<String, E> labels(E[] constants, Function<E, String> label) {
    return Arrays.stream(constants)
        .collect(toMap(label, constant -> constant, (a, b) -> a, LinkedHashMap::new));
  }

  private static String label(DayOfWeek day) {
    return day.name().toLowerCase(Locale.ROOT);
  }

  private static ZoneId zone(Value value) {
    String text = value.text();
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw value.mustBe(
          "a time zone such as Europe/Bucharest or UTC",
          value.shown() + Value.didYouMean(text, zonesLike(text)));
    }
  }

  /** Of abbreviations the next one by its letters is another part of the world. */
  private static Set<String> zonesLike(String text) {
    return ZoneId.getAvailableZoneIds().stream()
        .filter(zone -> text.length() > LONGEST_ABBREVIATION || zone.equalsIgnoreCase(text.strip()))
        .collect(toSet());
  }

  private static IdentitiesConfig identities(Value value) {
    Section section = value.section("path", "alias", "user");
    String path =
        section.required("path", "where the table of aliases is: any Hadoop path or glob");
    String alias = section.find("alias").map(Value::text).orElse("alias");
    String user = section.find("user").map(Value::text).orElse("user");
    if (alias.equalsIgnoreCase(user)) {
      throw value.error(
          "'identities.user' is '%s', which is the column of the aliases, too; name the column of the users"
              .formatted(user));
    }
    return new IdentitiesConfig(path, alias, user);
  }

  private static ActiveUsersConfig activeUsers(Section root) {
    TreeSet<Integer> windows = new TreeSet<>(List.of(1, 7, 28));
    root.section("active-users", "windows")
        .find("windows")
        .ifPresent(
            value -> value.items().forEach(window -> windows.add(window.whole(1, MAX_DAYS))));
    return new ActiveUsersConfig(List.copyOf(windows));
  }

  private static ViralityConfig virality(Value value, Set<String> activities) {
    Section section = value.section("invitation", "joined");
    return new ViralityConfig(
        section.requiredActivity("invitation", "whose every event is an invitation", activities),
        section.requiredActivity("joined", "by which a user joins who was invited", activities));
  }

  private static QualityConfig quality(Section root) {
    Section quality =
        root.section("quality", "max-rejected-ratio", "max-lost-ratio", "max-missing-days");
    return new QualityConfig(
        quality.find("max-rejected-ratio").map(Value::ratio).orElse(0.01),
        quality.find("max-lost-ratio").map(Value::ratio).orElse(0.5),
        quality.find("max-missing-days").map(value -> value.whole(0, MAX_DAYS)));
  }

  private static PrivacyConfig privacy(Section root) {
    Section privacy = root.section("privacy", "min-users", "round-to");
    return new PrivacyConfig(
        privacy.whole("min-users", 0, 0, Integer.MAX_VALUE),
        privacy.whole("round-to", 1, 1, 1_000_000));
  }
}
