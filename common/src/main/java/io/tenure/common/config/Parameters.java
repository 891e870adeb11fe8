package io.tenure.common.config;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a config says, in words that fit into the definition of a column.
 *
 * <p>The keys are those of the config; {@code churn} and {@code retention} stand for their rule in
 * a sentence, {@code active} for the activity of that name, {@code churn.horizon} for the days that
 * a risk looks ahead.
 */
public final class Parameters {
  private Parameters() {}

  /** The words of each parameter. */
  public static Map<String, String> of(TenureConfig config) {
    ChurnConfig churn = config.churn();
    Map<String, String> words = new TreeMap<>();
    words.put("timezone", config.timezone().getId());
    words.put("week-start", config.weekStart().name().toLowerCase(Locale.ROOT));
    words.put("active", activity(config, "active"));
    words.put("segments", list(config.dimensions(), "none in this config"));
    words.put(
        "retention",
        config.retention().stream()
            .map(question -> question(config, question))
            .collect(Collectors.joining("; ")));
    words.put("active-users.windows", days(config.activeUsers().windows()));
    words.put("input.amount", config.input().amount().orElse("not set"));
    words.put(
        "input.history-starts",
        config.input().historyStarts().map(Object::toString).orElse("not set: all are"));
    words.put("churn", rule(churn));
    words.put("churn.inactive-days", Integer.toString(churn.inactiveDays()));
    words.put("churn.horizon", Integer.toString(churn.horizon()));
    words.put("churn.stages", stages(churn.stages()));
    words.put("churn.bands", bands(churn.bands()));
    words.put("churn.contract", contract(churn.contract()));
    words.put(
        "churn.survival-interval",
        churn.survivalInterval().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    words.put(
        "churn.projection.rates",
        list(churn.projection().rates().stream().map(Parameters::percent).toList(), "none"));
    words.put(
        "churn.projection.monthly-adds",
        churn.projection().monthlyAdds().map(Object::toString).orElse("not set"));
    words.put(
        "funnels",
        config.funnels().stream().map(Parameters::funnel).collect(Collectors.joining("; ")));
    words.put("nps.touchpoints", list(List.copyOf(config.nps().touchpoints().keySet()), "none"));
    words.put("nps.churn-days", Integer.toString(config.nps().churnDays()));
    words.put(
        "virality.invitation", config.virality().map(ViralityConfig::invitation).orElse("not set"));
    words.put("virality.joined", config.virality().map(ViralityConfig::joined).orElse("not set"));
    words.put("quality.max-rejected-ratio", percent(config.quality().maxRejectedRatio()));
    return words;
  }

  private static String activity(TenureConfig config, String name) {
    String predicate = config.activities().get(name);
    return predicate.equals("true") ? "any event" : predicate;
  }

  private static String question(TenureConfig config, RetentionConfig question) {
    String grains =
        question.grains().entrySet().stream()
            .map(grain -> grain.getKey().label() + " 0 to " + grain.getValue())
            .collect(Collectors.joining(", "));
    return "%s (cohort %s, start %s: %s, return %s: %s, %s)"
        .formatted(
            question.name(),
            question.cohort().label(),
            question.start(),
            activity(config, question.start()),
            question.returning(),
            activity(config, question.returning()),
            grains);
  }

  private static String funnel(FunnelConfig funnel) {
    return "%s (%s, within %s of %s)"
        .formatted(
            funnel.name(),
            String.join(" > ", funnel.steps()),
            funnel.windowInWords(),
            funnel.entry() == FunnelConfig.Entry.FIRST ? "the first entry" : "any entry");
  }

  private static String rule(ChurnConfig churn) {
    return churn.mode() == ChurnConfig.Mode.CANCELLATION
        ? "on the day of the event cancel (%s)"
            .formatted(churn.events().get(SubscriptionEvent.CANCEL))
        : "on the day after %d full days without activity".formatted(churn.inactiveDays());
  }

  private static String stages(Map<String, Integer> stages) {
    List<String> names = List.copyOf(stages.keySet());
    List<String> words = new ArrayList<>();
    for (int at = 0; at < names.size(); at++) {
      int from = stages.get(names.get(at));
      words.add(
          at + 1 < names.size()
              ? "%s [%d,%d)".formatted(names.get(at), from, stages.get(names.get(at + 1)))
              : "%s from %d".formatted(names.get(at), from));
    }
    return String.join(", ", words);
  }

  private static String bands(ChurnConfig.Bands bands) {
    return "healthy below %s, watch from there to %s, alert above"
        .formatted(percent(bands.watch()), percent(bands.alert()));
  }

  private static String contract(Map<String, Integer> contract) {
    return contract.entrySet().stream()
        .sorted(
            Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .map(term -> term.getKey() + " " + term.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String days(List<Integer> windows) {
    return windows.stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private static String list(List<String> words, String none) {
    return words.isEmpty() ? none : String.join(", ", words);
  }

  private static String percent(double ratio) {
    return new BigDecimal(Double.toString(ratio))
            .movePointRight(2)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }
}
