package io.tenure.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.RetentionConfig.Cohort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OverridesTest {
  private static final String FILE =
      """
      name: shop
      input:
        path: events/
        user: user_id
        time: event_time
      output: out/
      activities: {buy: a, sell: b}
      segments: [country, plan]
      """;

  @Test
  void a_value_is_replaced() {
    assertThat(load("name=market").name()).isEqualTo("market");
    assertThat(load("input.path=/data/{a,b}/*.parquet").input().path())
        .isEqualTo("/data/{a,b}/*.parquet");
    assertThat(load("segments=[platform]").segments()).isEqualTo(Map.of("platform", "platform"));
  }

  @Test
  void a_key_is_created_with_those_above_it() {
    assertThat(load("quality.max-rejected-ratio=0.3").quality().maxRejectedRatio()).isEqualTo(0.3);
    assertThat(load("input.options.header=true").input().options())
        .isEqualTo(Map.of("header", "true"));
  }

  @Test
  void sql_needs_no_quotes_and_may_have_them() {
    assertThat(load("input.where=x > 1").input().where()).contains("x > 1");
    assertThat(load("input.where=\"x > 1\"").input().where()).contains("x > 1");
    assertThat(load("activities.buy=event_name = 'buy'").activities())
        .containsEntry("buy", "event_name = 'buy'");
  }

  @Test
  void list_elements_are_numbered() {
    assertThat(load("segments.1=tier").dimensions()).containsExactly("country", "tier");
    assertThat(load("segments.2=tier").dimensions()).containsExactly("country", "plan", "tier");
    assertThat(load("retention.0.cohort=recurring").retention())
        .singleElement()
        .extracting(RetentionConfig::name, RetentionConfig::cohort)
        .containsExactly("default", Cohort.RECURRING);
    assertThat(load("retention=[{name: a}, {name: b}]", "retention.1.cohort=recurring").retention())
        .extracting(RetentionConfig::cohort)
        .containsExactly(Cohort.FIRST, Cohort.RECURRING);
  }

  @Test
  void order_is_kept_and_the_last_of_two_wins() {
    assertThat(load("activities.buy=c", "activities.buy=d", "activities.rent=e").activities())
        .containsExactly(
            Map.entry("active", "true"),
            Map.entry("buy", "d"),
            Map.entry("sell", "b"),
            Map.entry("rent", "e"));
  }

  @Test
  void an_option_of_the_reader_may_have_dots() {
    assertThat(load("input.options.parquet.filter.columnindex.enabled=false").input().options())
        .isEqualTo(Map.of("parquet.filter.columnindex.enabled", "false"));
  }

  @Test
  void an_override_supplies_a_required_key() {
    assertThat(
            ConfigLoader.load(
                    "name: shop",
                    "shop.yaml",
                    List.of("input={path: a, user: b, time: c}", "output=d"))
                .output())
        .isEqualTo("d");
  }

  @Test
  void replacing_through_an_anchor_changes_one_place() {
    TenureConfig config =
        load(
            "retention=[{name: a, grains: &g {day: 7}}, {name: b, grains: *g}]",
            "retention.1.grains.day=9");

    assertThat(config.retention())
        .extracting(retention -> List.copyOf(retention.grains().values()))
        .containsExactly(List.of(7), List.of(9));
  }

  @Test
  void an_error_in_an_override_names_the_override() {
    rejects("keep-runs=0", "'keep-runs' must be a whole number from 1 to 1000, not '0'");
    rejects("inptu.path=x", "unknown key 'inptu'; did you mean 'input'?");
    rejects("input.pth=x", "unknown key 'input.pth'; did you mean 'input.path'?");
    rejects("name=", "'name' has no value; it must be text, or the key left out");
    rejects(
        "input.where=a: 'b' c",
        "not YAML: while parsing a block mapping, expected <block end>, but found '<scalar>', in"
            + " \"a: 'b' c\"; put the value in quotes");
    rejects(
        "churn={stages: {a: 0, a: 1}}",
        "'churn.stages.a' is given twice, first at --set churn={stages: {a: 0, a: 1}}; keep one");
  }

  @Test
  void an_override_must_be_a_key_and_a_value() {
    for (String override : List.of("keep-runs", "=3", "input..path=x", "")) {
      rejects(override, "write it as key=value, e.g. --set keep-runs=14");
    }
  }

  @Test
  void an_override_must_lead_somewhere() {
    rejects("name.first=x", "'name' is a single value, so it has no 'name.first'");
    rejects(
        "segments.3=x",
        "'segments' is a list of 2; name an element by its number, from segments.0 to segments.2 (a"
            + " new one)");
    rejects(
        "segments.country=x",
        "'segments' is a list of 2; name an element by its number, from segments.0 to segments.2 (a"
            + " new one)");
  }

  @Test
  void a_name_that_the_user_gives_may_be_a_number() {
    assertThat(
            load(
                    "churn.mode=cancellation",
                    "churn.events.start=a",
                    "churn.events.cancel=b",
                    "churn.contract.12=12")
                .churn()
                .contract())
        .isEqualTo(Map.of("12", 12));
  }

  @Test
  void what_may_be_a_password_is_not_repeated() {
    for (String key : List.of("publsh.postgresql.url", "output.x")) {
      assertThatThrownBy(() -> load(key + "=jdbc:postgresql://me:canary@db/x"))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("--set " + key + "=…: ")
          .hasMessageNotContaining("canary");
    }
  }

  private static TenureConfig load(String... overrides) {
    return ConfigLoader.load(FILE, "shop.yaml", List.of(overrides));
  }

  private static void rejects(String override, String message) {
    assertThatThrownBy(() -> load(override))
        .isInstanceOf(UserError.class)
        .hasMessage("--set " + override + ": " + message);
  }
}
