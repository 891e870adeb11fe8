package io.tenure.jobs.check;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.ActiveUsersConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What must hold of active users: on a day, in windows and periods, by habit. */
final class ActivityIdentities {
  private ActivityIdentities() {}

  static List<Identity> of(Scope scope) {
    TenureConfig config = scope.config();
    return List.of(
        longerWindowsHoldMore(config),
        ACTIVE_DAYS_ADD_UP,
        MONTHS_AGREE,
        weeksAreWau(config.periods(Grain.WEEK)),
        habitsAreMau(LocalDate.ofEpochDay(scope.asOf())));
  }

  private static final Identity ACTIVE_DAYS_ADD_UP =
      new Identity(
          "active_days_add_up",
          "dau over a month adds up to active_days * users of the whole",
          Relation.EQUAL,
          Map.of(
              "active_users",
              (line, ledger) -> {
                if (line.isWhole()) {
                  ledger.expected(
                      line.number("dau"), line.text("segment"), line.day("day").withDayOfMonth(1));
                }
              },
              "usage_frequency",
              (line, ledger) -> {
                Long users = line.number("users");
                if (line.isWhole() && users != null) {
                  ledger.actual(
                      line.number("active_days") * users,
                      line.text("segment"),
                      line.day("period_start"));
                }
              }));

  private static final Identity MONTHS_AGREE =
      new Identity(
          "months_agree",
          "users of usage_frequency add up to active_users of the month in active_periods, and are"
              + " steps of users_at_least",
          Relation.EQUAL,
          Map.of(
              "active_periods",
              (line, ledger) -> {
                if (line.text("grain").equals(Grain.MONTH.label())) {
                  ledger.expected(line.number("active_users"), month(line, "active_users"));
                }
              },
              "usage_frequency",
              (line, ledger) -> {
                long days = line.number("active_days");
                Long atLeast = line.number("users_at_least");
                ledger.actual(line.number("users"), month(line, "active_users"));
                ledger.actual(atLeast, month(line, "at least " + days));
                ledger.expected(line.number("users"), month(line, "at least " + days));
                if (days > 1) {
                  ledger.expected(atLeast, month(line, "at least " + (days - 1)));
                }
              }));

  private static Object[] month(Line line, String count) {
    return new Object[] {
      line.text("segment"), line.text("segment_value"), line.day("period_start"), count
    };
  }

  /** Windows are counted by the day, and know nothing of periods. */
  private static Identity weeksAreWau(Periods weeks) {
    String wau = ActiveUsersConfig.column(7);
    return new Identity(
        "weekly_actives_are_wau",
        "active_users of a complete week in active_periods are wau of its last day",
        Relation.EQUAL_WHERE_FOUND,
        Map.of(
            "active_users",
            (line, ledger) -> {
              int day = Math.toIntExact(line.day("day").toEpochDay());
              if (weeks.end(weeks.of(day)) == day + 1) {
                ledger.expected(line.number(wau), day(line, wau));
              }
            },
            "active_periods",
            (line, ledger) -> {
              if (line.text("grain").equals(Grain.WEEK.label()) && line.flag("is_complete")) {
                ledger.actual(
                    line.number("active_users"),
                    line.text("segment"),
                    line.text("segment_value"),
                    line.day("period_end").minusDays(1),
                    wau);
              }
            }));
  }

  private static Identity habitsAreMau(LocalDate asOf) {
    return new Identity(
        "habits_are_mau",
        "core, regular, casual and infrequent add up to users_28d, which is mau of the day; among"
            + " users_84d are users_below_monthly",
        Relation.EQUAL_OR_UNKNOWN,
        Map.of(
            "active_users",
            (line, ledger) -> {
              if (line.day("day").equals(asOf)) {
                ledger.expected(line.number("mau"), day(line, "users_28d"));
              }
            },
            "usage_habit",
            (line, ledger) -> {
              Long users = line.number("users_28d");
              if (users != null && users > 0) {
                // A value that only people long gone have has a row of zeros, and no day in
                // active_users.
                ledger.actual(users, day(line, "users_28d"));
              }
              if (users != null) {
                ledger.equal(
                    Stream.of("core", "regular", "casual", "infrequent")
                        .mapToLong(line::number)
                        .sum(),
                    users,
                    day(line, "core + regular + casual + infrequent"));
              }
              ledger.atMost(
                  line.number("users_84d"),
                  line.number("users_below_monthly"),
                  day(line, "users_below_monthly"));
            }));
  }

  private static Object[] day(Line line, String count) {
    return new Object[] {line.text("segment"), line.text("segment_value"), line.day("day"), count};
  }

  /** The columns of all windows, shortest first. */
  private static List<String> windowColumns(TenureConfig config) {
    return IntStream.concat(IntStream.of(1), Arrays.stream(config.activeUsers().trailing()))
        .mapToObj(ActiveUsersConfig::column)
        .toList();
  }

  private static Identity longerWindowsHoldMore(TenureConfig config) {
    List<String> chain =
        Stream.concat(Stream.of("new_users"), windowColumns(config).stream()).toList();
    return new Identity(
        "longer_windows_hold_more",
        String.join(" <= ", chain),
        Relation.AT_LEAST,
        Map.of(
            "active_users",
            (line, ledger) -> {
              for (int at = 1; at < chain.size(); at++) {
                ledger.atLeast(
                    line.number(chain.get(at - 1)),
                    line.number(chain.get(at)),
                    day(line, chain.get(at - 1) + " <= " + chain.get(at)));
              }
            }));
  }
}
