package io.tenure.common.history;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the bits and the values of a day are, by position: the configured activities and segments,
 * and, for a subscription log, behind them the subscription events.
 *
 * <p>A day then says which subscription events it had, a bit each, and which was the last: the
 * value of one more dimension, which no table shows. Likewise it says the last score given at each
 * touchpoint.
 */
public final class HistoryLayout {
  private static final String EVENTS_KEY = "churn.events";
  private static final String TOUCHPOINTS_KEY = "nps.touchpoints";

  private HistoryLayout() {}

  /** The predicate of each bit, by the config key that gives it. */
  public static Map<String, String> predicates(TenureConfig config) {
    Map<String, String> predicates = new LinkedHashMap<>();
    config.activities().forEach((name, sql) -> predicates.put("activities." + name, sql));
    events(config).forEach((event, sql) -> predicates.put(EVENTS_KEY + "." + event.label(), sql));
    return Collections.unmodifiableMap(predicates);
  }

  /** The expression of each value, by the config key that gives it. */
  public static Map<String, String> values(TenureConfig config) {
    Map<String, String> values = new LinkedHashMap<>();
    config.segments().forEach((name, sql) -> values.put("segments." + name, sql));
    Map<SubscriptionEvent, String> events = events(config);
    if (!events.isEmpty()) {
      values.put(
          EVENTS_KEY,
          events.entrySet().stream()
              .map(
                  event -> "WHEN (%s) THEN '%s'".formatted(event.getValue(), event.getKey().name()))
              .collect(Collectors.joining(" ", "CASE ", " END")));
    }
    config
        .nps()
        .touchpoints()
        .forEach((name, sql) -> values.put(TOUCHPOINTS_KEY + "." + name, sql));
    return Collections.unmodifiableMap(values);
  }

  /** The subscription events that days have bits for, in the order of the bits. */
  public static List<SubscriptionEvent> subscriptionEvents(TenureConfig config) {
    return new ArrayList<>(events(config).keySet());
  }

  /** The bit of the first subscription event; the others follow. */
  public static int firstSubscriptionBit(TenureConfig config) {
    return config.activities().size();
  }

  /** The dimension whose value is the name of a day's last {@link SubscriptionEvent}. */
  public static int lastSubscriptionEvent(TenureConfig config) {
    return config.segments().size();
  }

  /**
   * The dimension whose value is a day's last score at the first touchpoint, the digits of a whole
   * number from 0 to 10; those of the other touchpoints follow.
   */
  public static int firstScore(TenureConfig config) {
    return config.segments().size() + (events(config).isEmpty() ? 0 : 1);
  }

  private static Map<SubscriptionEvent, String> events(TenureConfig config) {
    return config.churn().mode() == ChurnConfig.Mode.CANCELLATION
        ? config.churn().events()
        : Map.of();
  }
}
