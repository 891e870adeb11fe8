package io.tenure.jobs.check;

import io.tenure.common.config.FunnelConfig;
import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What must hold of funnels, from step to step and against who is known to be active. */
final class FunnelIdentities {
  private static final String FUNNEL = "funnel";
  private static final String PERIODS = "funnel_periods";

  private FunnelIdentities() {}

  static List<Identity> of(TenureConfig config) {
    if (config.funnels().isEmpty()) {
      return List.of();
    }
    List<Identity> identities = new ArrayList<>();
    identities.add(STEPS);
    identities.add(CLOSED_STEPS);
    identities.add(PERIOD_STEPS);
    identities.add(STOPPED);
    identities.add(MONTHS);
    Set<String> ofActive =
        config.funnels().stream()
            .filter(funnel -> funnel.steps().get(0).equals("active"))
            .map(FunnelConfig::name)
            .collect(Collectors.toSet());
    if (!ofActive.isEmpty()) {
      identities.add(entered(ofActive));
    }
    return List.copyOf(identities);
  }

  private static final Identity STEPS =
      new Identity(
          "funnel_steps_add_up",
          "users of a step less dropped and pending are users of the next step",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              FUNNEL,
              (line, ledger) ->
                  steps(
                      line,
                      ledger,
                      line.number("users"),
                      line.number("dropped") + line.number("pending"))));

  private static final Identity CLOSED_STEPS =
      new Identity(
          "funnel_closed_steps_add_up",
          "closed_users of a step less dropped are closed_users of the next step",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              FUNNEL,
              (line, ledger) ->
                  steps(line, ledger, line.number("closed_users"), line.number("dropped"))));

  private static final Identity PERIOD_STEPS =
      new Identity(
          "funnel_period_steps_add_up",
          "users of a step less dropped and pending are users of the next step, by period",
          Relation.EQUAL_WHERE_FOUND,
          Map.of(
              PERIODS,
              (line, ledger) ->
                  steps(
                      line,
                      ledger,
                      line.number("users"),
                      line.number("dropped") + line.number("pending"),
                      line.text("grain"),
                      line.day("period_start"))));

  private static final Identity STOPPED =
      new Identity(
          "funnel_stopped_users_are_counts",
          "dropped and pending are 0 or more, and nobody is pending where all is over",
          Relation.EQUAL,
          Map.of(
              FUNNEL,
              (line, ledger) -> stopped(line, ledger, false),
              PERIODS,
              (line, ledger) ->
                  stopped(
                      line,
                      ledger,
                      line.flag("is_mature"),
                      line.text("grain"),
                      line.day("period_start"))));

  private static void stopped(Line line, Ledger ledger, boolean over, Object... period) {
    Object[] key = key(line, line.number("step"), period);
    ledger.atLeast(0L, line.number("dropped"), key);
    ledger.atLeast(0L, line.number("pending"), key);
    if (over) {
      ledger.equal(0L, line.number("pending"), key);
    }
  }

  /**
   * The attempt that counts in the whole log is one of a month, and no better than that month's.
   */
  private static final Identity MONTHS =
      new Identity(
          "funnel_users_are_those_of_months",
          "users of a step in all months together are at least those of the whole log",
          Relation.AT_LEAST,
          Map.of(
              FUNNEL,
              (line, ledger) -> {
                if (line.isWhole()) {
                  ledger.expected(line.number("users"), key(line, line.number("step")));
                }
              },
              PERIODS,
              (line, ledger) -> {
                if (line.isWhole() && line.text("grain").equals("month")) {
                  ledger.actual(line.number("users"), key(line, line.number("step")));
                }
              }));

  /**
   * @param stopped of users, those who got no further
   */
  private static void steps(Line line, Ledger ledger, long users, long stopped, Object... period) {
    long step = line.number("step");
    if (step > 1) {
      ledger.actual(users, key(line, step, period));
    }
    ledger.expected(users - stopped, key(line, step + 1, period));
  }

  private static Object[] key(Line line, long step, Object... period) {
    List<Object> key = new ArrayList<>(List.of(period));
    key.add(0, line.text("funnel"));
    key.add(line.text("segment"));
    key.add(line.text("segment_value"));
    key.add(step);
    return key.toArray();
  }

  /**
   * @param funnels those whose first step is the activity that makes a user active
   */
  private static Identity entered(Set<String> funnels) {
    return new Identity(
        "funnels_are_entered_by_active_users",
        "users of the first step are active_users of growth, where the step is the activity active",
        Relation.EACH_EQUAL,
        Map.of(
            "growth",
            (line, ledger) -> {
              if (line.isWhole()) {
                ledger.expected(
                    line.number("active_users"), line.text("grain"), line.day("period_start"));
              }
            },
            PERIODS,
            (line, ledger) -> {
              if (line.isWhole()
                  && line.number("step") == 1
                  && funnels.contains(line.text("funnel"))) {
                ledger.actual(line.number("users"), line.text("grain"), line.day("period_start"));
              }
            }));
  }
}
