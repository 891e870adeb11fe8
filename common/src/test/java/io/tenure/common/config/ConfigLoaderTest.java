package io.tenure.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.ChurnConfig.Bands;
import io.tenure.common.config.ChurnConfig.Mode;
import io.tenure.common.config.ChurnConfig.ProjectionConfig;
import io.tenure.common.config.ChurnConfig.SurvivalInterval;
import io.tenure.common.config.InputConfig.DeletedFiles;
import io.tenure.common.config.InputConfig.Format;
import io.tenure.common.config.InputConfig.TimeUnit;
import io.tenure.common.config.RetentionConfig.Cohort;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  private static final String REQUIRED =
      """
      input: {path: events/, user: user_id, time: event_time}
      output: out/
      """;

  @Test
  void what_is_left_out_has_these_defaults() {
    assertThat(load(""))
        .isEqualTo(
            new TenureConfig(
                "tenure",
                new InputConfig(
                    "events/",
                    Format.PARQUET,
                    Map.of(),
                    "user_id",
                    "event_time",
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    LocalDate.of(1970, 1, 2),
                    DeletedFiles.REMOVED),
                Optional.empty(),
                "out/",
                ZoneId.of("UTC"),
                DayOfWeek.MONDAY,
                Map.of("active", "true"),
                Map.of(),
                List.of(
                    new RetentionConfig(
                        "default",
                        Cohort.FIRST,
                        "active",
                        "active",
                        Map.of(Grain.DAY, 30, Grain.WEEK, 26, Grain.MONTH, 24),
                        List.of())),
                new ActiveUsersConfig(List.of(1, 7, 28)),
                new ChurnConfig(
                    Mode.INACTIVITY,
                    28,
                    Map.of(),
                    Map.of("monthly", 1, "annual", 12),
                    Map.of("early", 0, "mid", 3, "late", 12),
                    new Bands(0.05, 0.1),
                    SurvivalInterval.LOG,
                    new ProjectionConfig(12, Optional.empty(), List.of(0.05, 0.1))),
                List.of(),
                new NpsConfig(Map.of(), 90),
                Optional.empty(),
                new QualityConfig(0.01, 0.5, Optional.empty()),
                new PrivacyConfig(0, 1),
                new PublishConfig(Optional.empty(), Optional.empty()),
                7));
    assertThat(load("").churn().stages()).containsOnlyKeys("early", "mid", "late");
    assertThat(List.copyOf(load("").churn().stages().values())).containsExactly(0, 3, 12);
  }

  @Test
  void every_key_reaches_its_component() {
    String yaml =
        """
        name: shop
        input:
          path: s3a://bucket/events/*.csv
          format: csv
          options: {header: true, sep: ";", maxColumns: 50}
          user: customer
          time: at
          time-unit: ms
          event: kind
          event-id: id
          amount: price * quantity
          where: "quantity > 0"
          partition: dt
          history-starts: 2023-06-01
          earliest: 2020-01-01
          deleted-files: kept
        identities: {path: hdfs:///people, alias: device}
        output: hdfs:///tenure/shop
        timezone: Europe/Bucharest
        week-start: sunday
        activities:
          purchase: "kind = 'purchase'"
          visit: kind = 'visit'
        segments:
          - Country
          - age_group: floor(age / 10)
        retention:
          - name: buyers
            cohort: first-matching
            start: purchase
            return: visit
            grains: {month: 12, day: 0}
            brackets: [0, 1, 7]
        active-users: {windows: [90, 7, 90]}
        churn:
          mode: cancellation
          inactive-days: 60
          events:
            start: kind = 'subscribe'
            cancel: kind = 'leave'
            payment-failed: kind = 'unpaid'
          contract: {half year: 6}
          stages: {young: 0, old: 6}
          bands: {watch: 0.02, alert: 0.04}
          survival-interval: log-log
          projection: {months: 6, monthly-adds: 100, rates: [0.03]}
        nps: {touchpoints: {support: score}, churn-days: 30}
        virality: {invitation: visit, joined: purchase}
        funnels: [{name: buying, steps: [visit, purchase, purchase], entry: any, window: 36 hours}]
        quality: {max-rejected-ratio: 0.5, max-lost-ratio: 0.1, max-missing-days: 2}
        privacy: {min-users: 0}
        keep-runs: 30
        """;

    TenureConfig config = ConfigLoader.load(yaml, "shop.yaml", List.of());

    assertThat(config)
        .isEqualTo(
            new TenureConfig(
                "shop",
                new InputConfig(
                    "s3a://bucket/events/*.csv",
                    Format.CSV,
                    Map.of("header", "true", "sep", ";", "maxColumns", "50"),
                    "customer",
                    "at",
                    Optional.of(TimeUnit.MILLISECONDS),
                    Optional.of("kind"),
                    Optional.of("id"),
                    Optional.of("price * quantity"),
                    Optional.of("quantity > 0"),
                    Optional.of("dt"),
                    Optional.of(LocalDate.of(2023, 6, 1)),
                    LocalDate.of(2020, 1, 1),
                    DeletedFiles.KEPT),
                Optional.of(new IdentitiesConfig("hdfs:///people", "device", "user")),
                "hdfs:///tenure/shop",
                ZoneId.of("Europe/Bucharest"),
                DayOfWeek.SUNDAY,
                Map.of(
                    "active", "true", "purchase", "kind = 'purchase'", "visit", "kind = 'visit'"),
                Map.of("Country", "Country", "age_group", "floor(age / 10)"),
                List.of(
                    new RetentionConfig(
                        "buyers",
                        Cohort.FIRST_MATCHING,
                        "purchase",
                        "visit",
                        Map.of(Grain.DAY, 0, Grain.MONTH, 12),
                        List.of(0, 1, 7))),
                new ActiveUsersConfig(List.of(1, 7, 28, 90)),
                new ChurnConfig(
                    Mode.CANCELLATION,
                    60,
                    Map.of(
                        SubscriptionEvent.START, "kind = 'subscribe'",
                        SubscriptionEvent.CANCEL, "kind = 'leave'",
                        SubscriptionEvent.PAYMENT_FAILED, "kind = 'unpaid'"),
                    Map.of("half year", 6),
                    Map.of("young", 0, "old", 6),
                    new Bands(0.02, 0.04),
                    SurvivalInterval.LOG_LOG,
                    new ProjectionConfig(6, Optional.of(100), List.of(0.03))),
                List.of(
                    new FunnelConfig(
                        "buying",
                        List.of("visit", "purchase", "purchase"),
                        FunnelConfig.Entry.ANY,
                        Duration.ofHours(36))),
                new NpsConfig(Map.of("support", "score"), 30),
                Optional.of(new ViralityConfig("visit", "purchase")),
                new QualityConfig(0.5, 0.1, Optional.of(2)),
                new PrivacyConfig(0, 1),
                new PublishConfig(Optional.empty(), Optional.empty()),
                30));
    assertThat(config.activities().keySet()).containsExactly("active", "purchase", "visit");
    assertThat(config.dimensions()).containsExactly("Country", "age_group");
    assertThat(config.retention().get(0).grains().keySet()).containsExactly(Grain.DAY, Grain.MONTH);
    assertThat(config.churn().stages().keySet()).containsExactly("young", "old");
  }

  @ParameterizedTest
  @CsvSource({
    "seconds, SECONDS", "s, SECONDS",
    "milliseconds, MILLISECONDS", "ms, MILLISECONDS",
    "microseconds, MICROSECONDS", "us, MICROSECONDS"
  })
  void a_time_unit_has_a_long_and_a_short_name(String name, TimeUnit unit) {
    assertThat(load("", "input.time-unit=" + name).input().timeUnit()).contains(unit);
  }

  @Test
  void bare_words_of_sql_are_accepted_as_their_text() {
    TenureConfig config =
        load(
            "activities: {active: true, none: FALSE, one: 1}",
            "input.where=true",
            "input.amount=1");

    assertThat(config.activities())
        .containsExactly(
            Map.entry("active", "true"), Map.entry("none", "FALSE"), Map.entry("one", "1"));
    assertThat(config.input().where()).contains("true");
    assertThat(config.input().amount()).contains("1");
  }

  @Test
  void quoted_words_are_text() {
    assertThat(load("name: \"true\"").name()).isEqualTo("true");
    assertThat(load("name: '2024'").name()).isEqualTo("2024");
  }

  @Test
  void active_keeps_its_place_and_meaning_when_it_is_given() {
    assertThat(load("activities: {buy: a = 1, active: b = 2}").activities())
        .containsExactly(Map.entry("buy", "a = 1"), Map.entry("active", "b = 2"));
  }

  @Test
  void each_retention_has_defaults_of_its_own() {
    assertThat(
            load("retention: [{cohort: recurring}, {name: daily, grains: {day: 7}}]").retention())
        .containsExactly(
            new RetentionConfig(
                "default",
                Cohort.RECURRING,
                "active",
                "active",
                Map.of(Grain.DAY, 30, Grain.WEEK, 26, Grain.MONTH, 24),
                List.of()),
            new RetentionConfig(
                "daily", Cohort.FIRST, "active", "active", Map.of(Grain.DAY, 7), List.of()));
  }

  @Test
  void anchors_are_yaml_too() {
    assertThat(
            load("retention: [{name: a, grains: &g {day: 7}}, {name: b, grains: *g}]").retention())
        .extracting(RetentionConfig::grains)
        .containsExactly(Map.of(Grain.DAY, 7), Map.of(Grain.DAY, 7));
  }

  private static TenureConfig load(String more, String... overrides) {
    return ConfigLoader.load(REQUIRED + more, "shop.yaml", List.of(overrides));
  }
}
