package io.tenure.jobs.sample;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The events of one user of the sample log: a function of the options and the user's number alone,
 * so the log is the same however its users are spread over tasks.
 */
public final class SampleUser {
  /** One user in so many is a bot: every day from birth to the end, and far too much. */
  private static final int USERS_PER_BOT = 1_000;

  private static final int BOT_EVENTS_MIN = 100;
  private static final int BOT_EVENTS_MAX = 200;

  /** How much more often a user is born on the last day than on the first. */
  private static final double GROWTH = 0.6;

  private static final double WITHOUT_COUNTRY = 0.01;
  private static final double OTHER_DEVICE = 0.03;

  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private final SampleOptions options;
  private final boolean bot;
  private final String userId;
  private final String eventIdPrefix;
  private final SplittableRandom random;
  private final Flaws flaws;
  private final List<SampleEvent> rows = new ArrayList<>();
  private int sequence;

  private SampleUser(SampleOptions options, long number) {
    this.options = options;
    this.bot = Math.floorMod(number - mix(options.seed()), USERS_PER_BOT) == 0;
    // A bijection of the number: no two users of a log share a key.
    long key = mix(number + mix(options.seed() + 1));
    this.userId = HexFormat.of().toHexDigits(key) + HexFormat.of().toHexDigits(mix(key + 1));
    this.eventIdPrefix = HexFormat.of().toHexDigits(mix(key + 2));
    this.random = new SplittableRandom(mix(key + 3));
    this.flaws = new Flaws(random.split());
  }

  /**
   * The rows of one user, by day and, within a day, by time; broken rows and duplicates stand where
   * the sound row would.
   *
   * @param number which user: 0 to {@code options.users() - 1}
   */
  public static List<SampleEvent> events(SampleOptions options, long number) {
    if (number < 0 || number >= options.users()) {
      throw new IllegalArgumentException(
          "Invalid user number: " + number + " of " + options.users());
    }
    return new SampleUser(options, number).live();
  }

  private List<SampleEvent> live() {
    LocalDate birth = birth();
    Life life = new Life(random);
    for (LocalDate day = birth; day.isBefore(options.end()); day = day.plusDays(1)) {
      if (bot) {
        crawl(day, life, day.equals(birth));
      } else if (life.isActiveOn(day)) {
        use(day, life, day.equals(birth));
      }
    }
    return rows;
  }

  /** A day of the range, by rejection: later days and the middle of the week are likelier. */
  private LocalDate birth() {
    while (true) {
      int offset = random.nextInt(options.days());
      LocalDate day = options.start().plusDays(offset);
      double weight = (1 + GROWTH * offset / options.days()) * weekdayOfBirth(day.getDayOfWeek());
      if (random.nextDouble() * (1 + GROWTH) < weight) {
        return day;
      }
    }
  }

  private static double weekdayOfBirth(DayOfWeek weekday) {
    return switch (weekday) {
      case MONDAY, FRIDAY -> 0.92;
      case TUESDAY, WEDNESDAY, THURSDAY -> 1;
      case SATURDAY -> 0.75;
      case SUNDAY -> 0.70;
    };
  }

  private void crawl(LocalDate day, Life life, boolean firstDay) {
    long[] times =
        random
            .longs(random.nextInt(BOT_EVENTS_MIN, BOT_EVENTS_MAX + 1), 0, MICROS_PER_DAY)
            .sorted()
            .toArray();
    for (int i = 0; i < times.length; i++) {
      String name = firstDay && i == 0 ? "signup" : "view";
      record(day, times[i], name, life.country(), Platform.WEB, Plan.FREE);
    }
  }

  private void use(LocalDate day, Life life, boolean firstDay) {
    Country country = life.country();
    Plan before = life.plan();
    Plan after = firstDay ? before : life.reconsiderPlan();
    long[] times = new long[life.eventsOfDay()];
    Arrays.setAll(times, i -> country.wakingMicros(random));
    Arrays.sort(times);
    int change = after == before ? times.length : random.nextInt(times.length);
    for (int i = 0; i < times.length; i++) {
      Plan plan = i < change ? before : after;
      String name;
      if (firstDay && i == 0) {
        name = "signup";
      } else if (i == change) {
        name = after.compareTo(before) > 0 ? "upgrade" : "downgrade";
      } else {
        name = anyName(plan);
      }
      boolean elsewhere = random.nextDouble() < OTHER_DEVICE;
      record(
          day, times[i], name, country, elsewhere ? Platform.any(random) : life.platform(), plan);
    }
  }

  private String anyName(Plan plan) {
    double draw = random.nextDouble();
    if (draw < plan.purchases) {
      return "purchase";
    }
    if (draw < 0.15) {
      return "share";
    }
    if (draw < 0.17) {
      return "invite";
    }
    return draw < 0.30 ? "search" : "view";
  }

  private void record(
      LocalDate day, long micros, String name, Country country, Platform platform, Plan plan) {
    flaws.record(
        new SampleEvent(
            eventIdPrefix + HexFormat.of().toHexDigits(sequence++),
            userId,
            day.atStartOfDay(ZoneOffset.UTC).toInstant().plus(micros, ChronoUnit.MICROS),
            name,
            random.nextDouble() < WITHOUT_COUNTRY ? null : country.name(),
            platform.label(),
            plan.label(),
            name.equals("purchase") ? amount(plan) : null,
            day,
            false),
        rows);
  }

  /** A price: 1 to a few hundred, most of them low; the better the plan, the higher. */
  private BigDecimal amount(Plan plan) {
    double scale = 8 * (1 + plan.ordinal());
    long cents = 100 + (long) (-100 * scale * StrictMath.log(1 - random.nextDouble()));
    return BigDecimal.valueOf(cents, 2);
  }

  /** Scatters neighbouring numbers over all 64 bits; a bijection (the finaliser of SplitMix64). */
  private static long mix(long number) {
    long z = number + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
