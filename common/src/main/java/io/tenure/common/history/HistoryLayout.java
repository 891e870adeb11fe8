package io.tenure.common.history;

import io.tenure.common.config.ChurnConfig;
import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the bits and the values of a day are, by position: the configured activities and segments,
 * and, for a subscription log, behind them the subscription events.
 *
 * <p>A day then says which subscription events it had, a bit each, and which was the last: the
 * value of one more dimension, which no table shows. Of several at the last instant, as in a log of
 * days without times, that is the one with the greatest name; a second such dimension has the one
 * with the least, and so tells that there is a tie. Likewise a day says the last score given at
 * each touchpoint.
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
    List<Map.Entry<SubscriptionEvent, String>> events = new ArrayList<>(events(config).entrySet());
    if (!events.isEmpty()) {
      values.put(EVENTS_KEY, which(events, SubscriptionEvent::name));
      // Of a row that is several events at once, the other end of them: a tie, too.
      Collections.reverse(events);
      values.put(EVENTS_KEY + " of one instant", which(events, HistoryLayout::leastFirst));
    }
    config
        .nps()
        .touchpoints()
        .forEach((name, sql) -> values.put(TOUCHPOINTS_KEY + "." + name, sql));
    return Collections.unmodifiableMap(values);
  }

  private static String which(
      List<Map.Entry<SubscriptionEvent, String>> events, Function<SubscriptionEvent, String> name) {
    return events.stream()
        .map(event -> "WHEN (%s) THEN '%s'".formatted(event.getValue(), name.apply(event.getKey())))
        .collect(Collectors.joining(" ", "CASE ", " END"));
  }

  /**
   * What stands for a subscription event where the one with the least name is to be the greatest,
   * and so the one that stays of a tie.
   */
  public static String leastFirst(SubscriptionEvent event) {
    long after =
        Arrays.stream(SubscriptionEvent.values())
            .filter(other -> other.name().compareTo(event.name()) > 0)
            .count();
    return String.valueOf((char) ('a' + after));
  }

  /** The subscription events that days have bits for, in the order of the bits. */
  public static List<SubscriptionEvent> subscriptionEvents(TenureConfig config) {
    return new ArrayList<>(events(config).keySet());
  }

  /** The bit of the first subscription event; the others follow. */
  public static int firstSubscriptionBit(TenureConfig config) {
    return config.activities().size();
  }

  /**
   * The dimension whose value is the name of a day's last {@link SubscriptionEvent}, of a tie the
   * greatest; that of {@link #leastFirst} of the least one follows.
   */
  public static int lastSubscriptionEvent(TenureConfig config) {
    return config.segments().size();
  }

  /**
   * The dimension whose value is a day's last score at the first touchpoint, 00 to 10, so that of
   * several at one instant the greatest is the last; those of the other touchpoints follow.
   */
  public static int firstScore(TenureConfig config) {
    return config.segments().size() + (events(config).isEmpty() ? 0 : 2);
  }

  private static Map<SubscriptionEvent, String> events(TenureConfig config) {
    return config.churn().mode() == ChurnConfig.Mode.CANCELLATION
        ? config.churn().events()
        : Map.of();
  }
}
