package io.tenure.common.config;

import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.ChurnConfig.ProjectionConfig;
import io.tenure.common.config.ChurnConfig.SurvivalInterval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The key {@code churn}. */
final class ChurnLoader {
  private static final int MAX_STAGE_MONTH = 1200;
  private static final Map<String, Integer> DEFAULT_STAGES = defaultStages();

  private ChurnLoader() {}

  static ChurnConfig load(Section root) {
    Section churn =
        root.section(
            "churn", "inactive-days", "stages", "bands", "survival-interval", "projection");
    return new ChurnConfig(
        churn.whole("inactive-days", 28, 1, 3650),
        churn.find("stages").map(ChurnLoader::stages).orElse(DEFAULT_STAGES),
        bands(churn),
        churn.oneOf(
            "survival-interval",
            ConfigLoader.labels(SurvivalInterval.values(), ChurnLoader::label),
            SurvivalInterval.LOG),
        projection(churn));
  }

  private static String label(SurvivalInterval interval) {
    return interval.name().toLowerCase(Locale.ROOT).replace('_', '-');
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
