package io.tenure.common.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDaysTest {
  @ParameterizedTest
  @CsvSource({
    "Asia/Shanghai,          2023-12-12T18:00:00Z, 2023-12-13",
    "Asia/Shanghai,          2023-12-12T15:59:59Z, 2023-12-12",
    // Clocks went from UTC-7 to UTC-5 at 02:00 local, 09:00Z: a day of 22 hours.
    "America/Bahia_Banderas, 2010-04-04T06:59:59Z, 2010-04-03",
    "America/Bahia_Banderas, 2010-04-04T07:00:00Z, 2010-04-04",
    "America/Bahia_Banderas, 2010-04-05T04:59:59Z, 2010-04-04",
    "America/Bahia_Banderas, 2010-04-05T05:00:00Z, 2010-04-05",
    // No midnight on 28 April 2023: clocks went from 00:00 to 01:00.
    "Africa/Cairo,           2023-04-27T21:59:59Z, 2023-04-27",
    "Africa/Cairo,           2023-04-27T22:00:00Z, 2023-04-28",
    "Africa/Cairo,           2023-04-28T20:59:59Z, 2023-04-28",
    "Africa/Cairo,           2023-04-28T21:00:00Z, 2023-04-29",
    "Asia/Kathmandu,         2024-01-01T18:14:59Z, 2024-01-01",
    "Asia/Kathmandu,         2024-01-01T18:15:00Z, 2024-01-02",
    "America/St_Johns,       2024-01-01T03:29:59Z, 2023-12-31",
    "America/St_Johns,       2024-01-01T03:30:00Z, 2024-01-01",
    "UTC,                    1969-12-31T23:59:59Z, 1969-12-31",
  })
  void an_instant_lies_on_the_local_day(ZoneId zone, Instant instant, LocalDate day) {
    assertThat(new LocalDays(zone).ofInstant(micros(instant))).isEqualTo((int) day.toEpochDay());
  }

  static List<String> zones() {
    return List.of(
        "UTC",
        "America/Bahia_Banderas",
        "Africa/Cairo",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Asia/Shanghai",
        "Europe/Bucharest",
        "Pacific/Apia",
        "+05:45",
        "-03:30");
  }

  @ParameterizedTest
  @MethodSource("zones")
  void local_days_are_those_of_java_time(String name) {
    ZoneId zone = ZoneId.of(name);
    LocalDays days = new LocalDays(zone);

    new Random(1)
        .longs(3000, micros("1890-01-01T00:00:00Z"), micros("2100-01-01T00:00:00Z"))
        .forEach(micros -> assertAgrees(days, zone, micros));
  }

  @ParameterizedTest
  @ValueSource(strings = {"America/Bahia_Banderas", "Africa/Cairo", "America/St_Johns"})
  void the_microseconds_around_a_change_of_clocks_are_on_the_right_side(String name) {
    ZoneId zone = ZoneId.of(name);
    LocalDays days = new LocalDays(zone);

    for (ZoneOffsetTransition transition : zone.getRules().getTransitions()) {
      long at = micros(transition.getInstant());
      for (long micros : new long[] {at - 1, at, at + 1, at - 1}) {
        assertAgrees(days, zone, micros);
      }
    }
  }

  @Test
  void a_local_time_lies_on_its_own_date() {
    assertThat(LocalDays.ofLocal(localMicros("1969-12-31T23:59:59.999999"))).isEqualTo(-1);
    assertThat(LocalDays.ofLocal(localMicros("1970-01-01T00:00:00"))).isZero();
    assertThat(LocalDays.ofLocal(localMicros("2024-02-29T12:00:00")))
        .isEqualTo((int) LocalDate.of(2024, 2, 29).toEpochDay());
  }

  private static void assertAgrees(LocalDays days, ZoneId zone, long micros) {
    Instant instant = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    assertThat(days.ofInstant(micros))
        .as("%s in %s", instant, zone)
        .isEqualTo((int) LocalDate.ofInstant(instant, zone).toEpochDay());
  }

  private static long localMicros(String local) {
    return micros(LocalDateTime.parse(local).toInstant(ZoneOffset.UTC));
  }

  private static long micros(String instant) {
    return micros(Instant.parse(instant));
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  @Test
  void what_is_said_to_be_in_an_hour_left_out_before_midnight_is_at_the_end_of_its_day() {
    LocalDays days = new LocalDays(ZoneId.of("America/Nuuk")); // 30 March 2024 ends at 23:00
    int day = (int) LocalDate.parse("2024-03-30").toEpochDay();
    for (String local : new String[] {"2024-03-30T23:00:00", "2024-03-30T23:59:59"}) {
      assertThat(days.instantWithin(day, localMicros(local)))
          .isEqualTo(micros("2024-03-31T00:59:59.999999Z"));
    }
    assertThat(days.instantWithin(day, localMicros("2024-03-30T22:59:59")))
        .isEqualTo(micros("2024-03-31T00:59:59Z"));
    assertThat(days.instantWithin(day + 1, localMicros("2024-03-31T00:00:00")))
        .isEqualTo(days.start(day + 1))
        .isEqualTo(micros("2024-03-31T01:00:00Z"));
  }

  @Test
  void the_last_instant_there_is_is_in_no_year_before_all_others() {
    for (String zone : new String[] {"Europe/Bucharest", "America/Lima", "UTC"}) {
      LocalDays days = new LocalDays(ZoneId.of(zone));
      assertThat(days.ofInstant(Long.MAX_VALUE)).isGreaterThan(100_000_000);
      assertThat(days.ofInstant(Long.MIN_VALUE)).isLessThan(-100_000_000);
    }
  }

  @Test
  void a_fingerprint_changes_with_the_clock_of_the_days_and_with_no_other() {
    ZoneOffset six = ZoneOffset.ofHours(6);
    ZoneOffset five = ZoneOffset.ofHours(5);
    // What Kazakhstan did, in time zone data of before it was decided and of after.
    ZoneRules before = ZoneRules.of(six);
    ZoneRules after =
        ZoneRules.of(
            six,
            six,
            List.of(),
            List.of(ZoneOffsetTransition.of(LocalDateTime.parse("2024-03-01T00:00:00"), six, five)),
            List.of());
    assertThat(fingerprint(after, "2024-01-01", "2024-02-26"))
        .isEqualTo(fingerprint(before, "2024-01-01", "2024-02-26"));
    assertThat(fingerprint(after, "2024-01-01", "2024-02-29"))
        .isNotEqualTo(fingerprint(before, "2024-01-01", "2024-02-29"));
    assertThat(fingerprint(after, "2024-03-05", "2024-04-01"))
        .isEqualTo(fingerprint(ZoneRules.of(five), "2024-03-05", "2024-04-01"))
        .isNotEqualTo(fingerprint(before, "2024-03-05", "2024-04-01"));
  }

  private static String fingerprint(ZoneRules rules, String first, String last) {
    return LocalDays.fingerprint(rules, LocalDate.parse(first), LocalDate.parse(last));
  }

  @ParameterizedTest
  @MethodSource("zones")
  void instants_of_local_days_and_times_are_those_of_java_time(String name) {
    ZoneId zone = ZoneId.of(name);
    LocalDays days = new LocalDays(zone);
    Random random = new Random(1);
    for (int at = 0; at < 20_000; at++) {
      // Near the times at which clocks change, and anywhere.
      LocalDateTime local =
          LocalDateTime.of(2009, 1, 1, 0, 0)
              .plusSeconds(random.nextLong(20L * 365 * 86_400))
              .plusNanos(1_000L * random.nextInt(1_000_000));
      ZoneOffsetTransition change = zone.getRules().nextTransition(local.toInstant(ZoneOffset.UTC));
      if (random.nextBoolean() && change != null) {
        local = change.getDateTimeBefore().plusMinutes(random.nextInt(6_000) - 3_000);
      }
      assertThat(days.instantOf(micros(local.toInstant(ZoneOffset.UTC))))
          .as(local.toString())
          .isEqualTo(micros(local.atZone(zone).toInstant()));
      int day = (int) local.toLocalDate().toEpochDay();
      assertThat(days.start(day))
          .isEqualTo(micros(local.toLocalDate().atStartOfDay(zone).toInstant()));
      assertThat(days.ofInstant(days.start(day)))
          .as("a day that the zone leaves out starts with the next one")
          .isBetween(day, day + 1);
    }
  }
}
