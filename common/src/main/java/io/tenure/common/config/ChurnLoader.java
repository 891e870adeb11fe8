package io.tenure.common.config;

import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.ChurnConfig.Mode;
import io.tenure.common.config.ChurnConfig.ProjectionConfig;
import io.tenure.common.config.ChurnConfig.SurvivalInterval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The key {@code churn}. */
final class ChurnLoader {
  private static final int MAX_STAGE_MONTH = 1200;
  private static final Map<String, Integer> DEFAULT_STAGES = defaultStages();

  private ChurnLoader() {}

  /**
   * @param activities how many there are: subscription events share their bits
   */
  static ChurnConfig load(Section root, int activities) {
    Section churn =
        root.section(
            "churn",
            "mode",
            "inactive-days",
            "events",
            "contract",
            "stages",
            "bands",
            "survival-interval",
            "projection");
    Mode mode =
        churn.oneOf(
            "mode", ConfigLoader.labels(Mode.values(), ChurnLoader::label), Mode.INACTIVITY);
    return new ChurnConfig(
        mode,
        churn.whole("inactive-days", 28, 1, 3650),
        events(churn, mode, activities),
        contracts(churn, mode),
        churn.find("stages").map(ChurnLoader::stages).orElse(DEFAULT_STAGES),
        bands(churn),
        churn.oneOf(
            "survival-interval",
            ConfigLoader.labels(SurvivalInterval.values(), ChurnLoader::label),
            SurvivalInterval.LOG),
        projection(churn));
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Map<String, Integer> stages(Value value) {
    Map<String, Integer> stages = new LinkedHashMap<>();
    int previous = -1;
    for (Map.Entry<String, Value> stage : value.named().entrySet()) {
      int month = stage.getValue().whole(0, MAX_STAGE_MONTH);
      if (stages.isEmpty() && month != 0) {
        throw stage.getValue().mustBe("0, because the first stage begins at birth");
      }
      if (month <= previous) {
        throw stage.getValue().mustBe("above " + previous + ", where the stage before it begins");
      }
      stages.put(stage.getKey(), month);
      previous = month;
    }
    if (stages.isEmpty()) {
      throw value.error("'" + value.key() + "' must have at least one stage, e.g. {all_life: 0}");
    }
    return Collections.unmodifiableMap(stages);
  }

  private static Map<SubscriptionEvent, String> events(Section churn, Mode mode, int activities) {
    Section given =
        churn.section(
            "events",
            Arrays.stream(SubscriptionEvent.values())
                .map(SubscriptionEvent::label)
                .toArray(String[]::new));
    Map<SubscriptionEvent, String> events = new EnumMap<>(SubscriptionEvent.class);
    for (SubscriptionEvent event : SubscriptionEvent.values()) {
      given.find(event.label()).ifPresent(value -> events.put(event, value.bareText()));
    }
    if (mode == Mode.INACTIVITY && !events.isEmpty()) {
      throw churn
          .find("events")
          .orElseThrow()
          .error(
              "'churn.events' is looked at with 'churn.mode: cancellation' only; set it, or leave the events out");
    }
    if (mode == Mode.CANCELLATION) {
      given.required("start", "the SQL condition of the event that opens a subscription");
      given.required("cancel", "the SQL condition of the event that ends one");
      if (activities + events.size() > ActivitiesLoader.MAX_ACTIVITIES) {
        throw churn
            .find("events")
            .orElseThrow()
            .error(
                "'churn.events' and 'activities' have %d together; at most %d are possible"
                    .formatted(activities + events.size(), ActivitiesLoader.MAX_ACTIVITIES));
      }
    }
    return Collections.unmodifiableMap(events);
  }

  private static Map<String, Integer> contracts(Section churn, Mode mode) {
    Optional<Value> given = churn.find("contract");
    Map<String, Integer> terms = given.map(ChurnLoader::terms).orElse(ChurnConfig.USUAL_CONTRACTS);
    if (mode == Mode.INACTIVITY && !terms.equals(ChurnConfig.USUAL_CONTRACTS)) {
      throw given
          .orElseThrow()
          .error(
              "'churn.contract' is looked at with 'churn.mode: cancellation' only; set it, or leave the contracts out");
    }
    return terms;
  }

  private static Map<String, Integer> terms(Value value) {
    Map<String, Integer> terms = new LinkedHashMap<>();
    value.entries().forEach((name, months) -> terms.put(name, months.whole(1, 1200)));
    return Collections.unmodifiableMap(terms);
  }

  private static Bands bands(Section churn) {
    Section bands = churn.section("bands", "watch", "alert");
    double watch = bands.find("watch").map(Value::ratio).orElse(0.05);
    double alert = bands.find("alert").map(Value::ratio).orElse(0.1);
    if (alert < watch) {
      bands
          .find("alert")
          .ifPresent(
              value -> {
                throw value.mustBe("at least " + watch + ", where watch begins");
              });
      throw bands.find("watch").orElseThrow().mustBe("at most " + alert + ", where alert begins");
    }
    return new Bands(watch, alert);
  }

  private static ProjectionConfig projection(Section churn) {
    Section projection = churn.section("projection", "months", "monthly-adds", "rates");
    return new ProjectionConfig(
        projection.whole("months", 12, 1, 120),
        projection.find("monthly-adds").map(value -> value.whole(0, 1_000_000_000)),
        projection.find("rates").map(ChurnLoader::rates).orElse(List.of(0.05, 0.1)));
  }

  private static List<Double> rates(Value value) {
    List<Double> rates = new ArrayList<>();
    for (Value item : value.items()) {
      double rate = item.ratio();
      if (rates.contains(rate)) {
        throw item.error("'" + item.key() + "' is there already; give each rate once");
      }
      rates.add(rate);
    }
    return List.copyOf(rates);
  }

  private static Map<String, Integer> defaultStages() {
    Map<String, Integer> stages = new LinkedHashMap<>();
    stages.put("early", 0);
    stages.put("mid", 3);
    stages.put("late", 12);
    return Collections.unmodifiableMap(stages);
  }
}
