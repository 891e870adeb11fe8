package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.ChurnConfig.SurvivalInterval;
import io.tenure.jobs.metric.KaplanMeier.Estimate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KaplanMeierTest {
  /** The aml data of R's survival package: weeks, those with a + are censored. */
  private static final String MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+";

  private static final String NONMAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45";

  @Test
  void the_curve_of_maintained_aml_patients_is_what_r_prints() {
    // summary(survfit(Surv(time, status) ~ x, data = aml)): time, n.risk, n.event, survival,
    // std.err, lower and upper 95% CI.
    assertPrinted(
        lives(MAINTAINED, SurvivalInterval.LOG),
        """
         9 11 1 0.909 0.0867 0.7541 1.000
        13 10 1 0.818 0.1163 0.6192 1.000
        18  8 1 0.716 0.1397 0.4884 1.000
        23  7 1 0.614 0.1526 0.3769 0.999
        31  5 1 0.491 0.1642 0.2549 0.946
        34  4 1 0.368 0.1627 0.1549 0.875
        48  2 1 0.184 0.1535 0.0359 0.944
        """);
  }

  @Test
  void the_curve_of_other_aml_patients_is_what_r_prints_and_has_no_interval_at_zero() {
    KaplanMeier lives = lives(NONMAINTAINED, SurvivalInterval.LOG);
    assertPrinted(
        lives,
        """
         5 12 2 0.8333 0.1076 0.6470 1.000
         8 10 2 0.6667 0.1361 0.4468 0.995
        12  8 1 0.5833 0.1423 0.3616 0.941
        23  6 1 0.4861 0.1481 0.2675 0.883
        27  5 1 0.3889 0.1470 0.1854 0.816
        30  4 1 0.2917 0.1387 0.1148 0.741
        33  3 1 0.1944 0.1219 0.0569 0.664
        43  2 1 0.0972 0.0919 0.0153 0.620
        """);
    // R prints NaN, NA and NA.
    assertThat(lives.curve()[45]).isEqualTo(new Estimate(0, null, null, null));
  }

  @Test
  void the_curve_of_all_aml_patients_is_what_r_prints() {
    KaplanMeier lives = lives(MAINTAINED + " " + NONMAINTAINED, SurvivalInterval.LOG);
    String printed =
        """
        5 0.91304348
        8 0.82608696
        9 0.78260870
        12 0.73913043
        13 0.69565217
        16 0.69565217
        18 0.64596273
        23 0.54658385
        27 0.49689441
        28 0.49689441
        30 0.44168392
        31 0.38647343
        33 0.33126294
        34 0.27605245
        43 0.22084196
        45 0.16563147
        48 0.08281573
        161 0.08281573
        """;
    printed
        .lines()
        .map(line -> line.split(" "))
        .forEach(
            line ->
                assertThat(lives.curve()[Integer.parseInt(line[0])].survival())
                    .isEqualTo(Double.parseDouble(line[1]), within(5e-9)));
  }

  @Test
  void the_log_log_interval_is_symmetric_on_its_scale_and_stays_below_one() {
    // S = 10/11, Greenwood's sum 1 / (11 * 10): log(-log S) = -2.3506, error √(1/110) / log S =
    // -1.0004. exp(-exp(-2.3506 ± 1.96 * 1.0004)) = 0.508 and 0.987.
    Estimate first = lives(MAINTAINED, SurvivalInterval.LOG_LOG).curve()[9];

    assertThat(first.low()).isEqualTo(0.5081, within(5e-5));
    assertThat(first.high()).isEqualTo(0.9867, within(5e-5));
  }

  @Test
  void everybody_survives_before_the_first_churn() {
    assertThat(lives(MAINTAINED, SurvivalInterval.LOG).curve()[8])
        .isEqualTo(new Estimate(1, 0.0, 1.0, 1.0));
    assertThat(lives(MAINTAINED, SurvivalInterval.LOG_LOG).curve()[8])
        .isEqualTo(new Estimate(1, 0.0, 1.0, 1.0));
  }

  @Test
  void the_median_is_the_first_tenure_that_half_do_not_outlive() {
    // R prints 31 and 23.
    assertThat(lives(MAINTAINED, SurvivalInterval.LOG).median(0, 1000)).isEqualTo(31);
    assertThat(lives(NONMAINTAINED, SurvivalInterval.LOG).median(0, 1000)).isEqualTo(23);
    assertThat(lives("5 7+ 7+", SurvivalInterval.LOG).median(0, 1000)).isNull();
  }

  /**
   * One is lost at each tenure from 1 on: half are gone at n / 2, though doubles miss it by a bit.
   */
  @Test
  void the_median_is_there_when_just_half_are_gone() {
    for (int users = 2; users <= 400; users += 2) {
      long[] churned = new long[users + 1];
      Arrays.fill(churned, 1, users + 1, 1);
      KaplanMeier lives = new KaplanMeier(churned, new long[users + 1], SurvivalInterval.LOG);
      assertThat(lives.median(0, users + 1)).as("%d users", users).isEqualTo(users / 2);
    }
  }

  @Test
  void the_restricted_mean_is_the_area_under_the_curve() {
    // R prints an rmean of 22.7 up to 45 weeks: 5 + 3 * 10/12 + 4 * 8/12 + 11 * 0.5833 + …
    assertThat(lives(NONMAINTAINED, SurvivalInterval.LOG).restrictedMean(0, 45))
        .isEqualTo(22.7, within(0.05));
    assertThat(lives(MAINTAINED, SurvivalInterval.LOG).restrictedMean(0, 161))
        .isEqualTo(52.6, within(0.05));
  }

  @Test
  void a_stretch_of_life_is_the_ratio_of_two_survivals() {
    KaplanMeier lives = lives(MAINTAINED, SurvivalInterval.LOG);
    Estimate[] curve = lives.curve();

    // Reaching 20 is outliving 19: S(39) / S(19).
    assertThat(lives.between(20, 40).survival())
        .isEqualTo(curve[39].survival() / curve[19].survival(), within(1e-12));
    assertThat(lives.between(0, 40)).isEqualTo(curve[39]);
    // Who is lost at 34 has reached it: only 1 of 7 at 23 and 1 of 5 at 31 are lost before.
    assertThat(lives.between(20, 34).survival()).isEqualTo(6.0 / 7 * 4 / 5, within(1e-12));
  }

  @Test
  void the_curve_of_telco_customers_by_month_is_the_published_one() throws IOException {
    // IBM Telco data, contract month-to-month, with internet service: 3,351 customers, 1,556 lost,
    // half of them gone after 34 months.
    long[] churned = new long[73];
    long[] censored = new long[73];
    try (InputStream counts =
        KaplanMeierTest.class.getResourceAsStream("telco_month_to_month_internet.csv")) {
      new String(counts.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .skip(2)
          .map(line -> line.split(","))
          .forEach(
              line -> {
                churned[Integer.parseInt(line[0])] = Long.parseLong(line[1]);
                censored[Integer.parseInt(line[0])] = Long.parseLong(line[2]);
              });
    }
    KaplanMeier lives = new KaplanMeier(churned, censored, SurvivalInterval.LOG);

    assertThat(lives.atRisk(0)).isEqualTo(3_351);
    assertThat(Arrays.stream(churned).sum()).isEqualTo(1_556);
    assertThat(lives.median(0, 73)).isEqualTo(34);
    Estimate[] curve = lives.curve();
    assertThat(
            Stream.of(6, 12, 24, 48, 60).map(month -> Math.round(curve[month].survival() * 10_000)))
        .containsExactly(7803L, 6950L, 5753L, 3872L, 2890L);
  }

  private static void assertPrinted(KaplanMeier lives, String printed) {
    Estimate[] curve = lives.curve();
    for (String line : printed.lines().toList()) {
      String[] figures = line.strip().split(" +");
      int time = Integer.parseInt(figures[0]);
      assertThat(lives.atRisk(time)).as(line).isEqualTo(Long.parseLong(figures[1]));
      assertThat(lives.churned(time)).as(line).isEqualTo(Long.parseLong(figures[2]));
      Estimate estimate = curve[time];
      assertRounds(line, estimate.survival(), figures[3]);
      assertRounds(line, estimate.stdErr(), figures[4]);
      assertRounds(line, estimate.low(), figures[5]);
      assertRounds(line, estimate.high(), figures[6]);
    }
  }

  /** Equal in all digits printed. */
  private static void assertRounds(String line, double actual, String printed) {
    int digits = printed.length() - printed.indexOf('.') - 1;
    assertThat(actual)
        .as(line)
        .isEqualTo(Double.parseDouble(printed), within(0.5000001 * Math.pow(10, -digits)));
  }

  private static KaplanMeier lives(String times, SurvivalInterval interval) {
    long[] churned = new long[170];
    long[] censored = new long[170];
    for (String time : times.split(" ")) {
      if (time.endsWith("+")) {
        censored[Integer.parseInt(time.replace("+", ""))]++;
      } else {
        churned[Integer.parseInt(time)]++;
      }
    }
    return new KaplanMeier(churned, censored, interval);
  }
}
