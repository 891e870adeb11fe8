package io.tenure.common.config;

import static io.tenure.common.config.ConfigErrorsTest.rejects;
import static java.util.stream.Collectors.joining;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a user reads when the keys of tables that not every run has are wrong. */
class OptionalTablesErrorsTest {
  @Test
  void a_funnel_says_what_is_wrong_with_it() {
    rejects(
        "funnels: [{name: buying}]",
        "shop.yaml:3: 'funnels.0.steps' is missing; it must be a list of activities, in the order of the"
            + " steps");
    rejects(
        "funnels: [{steps: [activ]}]",
        "shop.yaml:3: 'funnels.0.steps.0' must be declared in 'activities', not 'activ'; did you mean"
            + " 'active'?");
    rejects(
        "funnels: [{steps: []}]",
        "shop.yaml:3: 'funnels.0.steps' has 0 steps; a funnel has 1 to 20");
    rejects(
        "funnels: [{steps: [active]}, {steps: [active, active]}]",
        "shop.yaml:3: 'funnels.1.name' is 'default' like the one of an earlier element; give it another"
            + " name");
    rejects(
        "funnels: [{steps: [active], entry: last}]",
        "shop.yaml:3: 'funnels.0.entry' must be one of first, any, not 'last'");
    rejects(
        "funnels: [{steps: [active], window: 14}]",
        "shop.yaml:3: 'funnels.0.window' must be a time such as 30 minutes, 12 hours or 14 days, not '14'");
    rejects(
        "funnels: [{steps: [active], window: 2 weeks}]",
        "shop.yaml:3: 'funnels.0.window' must be a time such as 30 minutes, 12 hours or 14 days, not"
            + " '2 weeks'");
    rejects(
        "funnels: [{steps: [active], window: 3651 days}]",
        "shop.yaml:3: 'funnels.0.window' must be a time from 1 second to 3650 days, not '3651 days'");
    rejects(
        "funnels: [{steps: [active], window: 99999999999999999999 days}]",
        "shop.yaml:3: 'funnels.0.window' must be a time from 1 second to 3650 days, not"
            + " '99999999999999999999 days'");
    rejects(
        "funnels: [{steps: [active], window: 0 hours}]",
        "shop.yaml:3: 'funnels.0.window' must be a time from 1 second to 3650 days, not '0 hours'");
    rejects(
        "funnels: [%s]"
            .formatted(
                IntStream.range(0, 101)
                    .mapToObj(at -> "{name: f%d, steps: [active]}".formatted(at))
                    .collect(joining(", "))),
        "shop.yaml:3: 'funnels' has 101 elements; at most 100 are possible");
  }

  @Test
  void scores_are_followed_for_longer_than_it_takes_to_churn() {
    rejects(
        "nps: {touchpoints: {support: score}, churn-days: 28}",
        "shop.yaml:3: 'nps.churn-days' must be above 28, churn.inactive-days, not 28: nobody who answers"
            + " can churn sooner");
    rejects(
        "churn: {inactive-days: 90}\nnps: {touchpoints: {support: score}}",
        "shop.yaml:4: 'nps.churn-days' must be above 90, churn.inactive-days, not 90: nobody who answers"
            + " can churn sooner");
    rejects(
        "nps: {touchpoints: {Support: score}}",
        "shop.yaml:3: the name 'Support' in 'nps.touchpoints' must be lower-case letters, digits and _,"
            + " beginning with a letter");
    rejects(
        "nps: {touchpoints: {%s}}"
            .formatted(
                IntStream.range(0, 21).mapToObj(at -> "t" + at + ": score").collect(joining(", "))),
        "shop.yaml:3: 'nps.touchpoints' has 21; at most 20 are possible");
  }

  @Test
  void virality_names_two_activities() {
    rejects(
        "virality: {invitation: active}",
        "shop.yaml:3: 'virality.joined' is missing; it must be the activity by which a user joins who was"
            + " invited");
    rejects(
        "virality: {invitation: invite, joined: active}",
        "shop.yaml:3: 'virality.invitation' must be declared in 'activities', not 'invite'; declared:"
            + " active");
  }
}
