package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LogRankTest {
  private static final Offset<Double> PRINTED = within(5e-7);

  /** The data set aml of R's package survival: weeks to relapse, + where censored. */
  private static final String MAINTAINED = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+";

  private static final String NONMAINTAINED = "5 5 8 8 12 16+ 23 27 30 33 43 45";

  @Test
  void acute_myelogenous_leukemia_gives_what_r_prints() {
    // survdiff(Surv(time, status) ~ x, data = aml): Chisq= 3.4 on 1 degrees of freedom, p= 0.07
    LogRank test = LogRank.of(List.of(group(MAINTAINED), group(NONMAINTAINED)));

    assertThat(test.chiSquare()).isCloseTo(3.396389, PRINTED);
    assertThat(test.degreesOfFreedom()).isEqualTo(1);
    assertThat(test.pValue()).isCloseTo(0.0653393, PRINTED);
  }

  @Test
  void a_log_of_the_same_lives_gives_the_same_test() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [x]
            churn: {mode: cancellation, events: {start: "a", cancel: "b"}}
            """);
    LocalDate end = LocalDate.parse("2025-01-01");
    List<String> log = new ArrayList<>(List.of("user | time | is | x"));
    for (String[] lives : new String[][] {{"yes", MAINTAINED}, {"no", NONMAINTAINED}}) {
      for (String life : lives[1].split(" ")) {
        String user = lives[0] + log.size();
        int days = Integer.parseInt(life.replace("+", ""));
        // Who is censored was born so many days before the end; who is not has a day more.
        LocalDate birth = end.minusDays(life.endsWith("+") ? days : days + 1);
        log.add("%s | %s | start | %s".formatted(user, birth, lives[0]));
        if (!life.endsWith("+")) {
          log.add("%s | %s | cancel | -".formatted(user, birth.plusDays(days)));
        }
      }
    }
    List<Map<String, Object>> rows =
        TestLog.of(String.join("\n", log)).table("survival_test", config, "2024-12-31");

    assertThat(TestLog.column(rows, "tenure_unit", row -> true)).containsExactly("day", "month");
    assertThat(rows.get(0))
        .containsEntry("segment", "x")
        .containsEntry("segment_value", "(all)")
        .containsEntry("values", 2L)
        .containsEntry("users", 23L)
        .containsEntry("churned", 18L)
        .containsEntry("degrees_of_freedom", 1);
    assertThat((double) rows.get(0).get("chi_square")).isCloseTo(3.396389, PRINTED);
    assertThat((double) rows.get(0).get("p_value")).isCloseTo(0.0653393, PRINTED);
  }

  @Test
  void without_two_values_at_risk_or_without_churn_there_is_no_test() {
    TestLog log =
        TestLog.of(
            """
            user | time       | country | plan
            ann  | 2024-01-01 | RO      | free
            bob  | 2024-02-01 | RO      | paid
            """);
    TenureConfig config = TestLog.config("segments: [country, plan]");

    List<Map<String, Object>> rows = log.table("survival_test", config, "2024-02-02");
    assertThat(TestLog.column(rows, "chi_square", row -> row.get("segment").equals("country")))
        .containsExactly(null, null);
    // Ann churns at 29 days, and Bob is not yet as old; both are in their first month.
    assertThat(TestLog.column(rows, "p_value", row -> row.get("tenure_unit").equals("day")))
        .containsExactly(null, null);
    assertThat(TestLog.column(rows, "values", row -> true)).containsExactly(1L, 2L, 1L, 2L);
    List<Map<String, Object>> alive = log.table("survival_test", config, "2024-01-28");
    assertThat(TestLog.column(alive, "churned", row -> true)).containsExactly(0L, 0L, 0L, 0L);
    assertThat(TestLog.column(alive, "degrees_of_freedom", row -> true)).containsOnlyNulls();
  }

  @Test
  void groups_that_all_churn_at_once_have_no_test() {
    assertThat(LogRank.of(List.of(group("7 7"), group("7")))).isNull();
    assertThat(LogRank.of(List.of(group("7+ 7+"), group("7+")))).isNull();
    assertThat(LogRank.of(List.of(group("7 9"), group("6+")))).isNull();
    assertThat(LogRank.of(List.of())).isNull();
  }

  @Test
  void more_groups_than_200_at_risk_are_not_compared() {
    List<LogRank.Group> groups = new ArrayList<>();
    for (int at = 0; at < LogRank.MOST_GROUPS; at++) {
      groups.add(group("%d 40 %d+".formatted(1 + at % 7, 50 + at % 5)));
    }
    assertThat(LogRank.of(groups).degreesOfFreedom()).isEqualTo(199);

    // Who is gone before the first churn is not compared, and does not count here either.
    groups.add(group("0+"));
    assertThat(LogRank.of(groups).degreesOfFreedom()).isEqualTo(199);
    groups.add(group("2 40"));
    assertThat(LogRank.of(groups)).isNull();
  }

  @Test
  void a_group_gone_before_the_first_churn_changes_nothing() {
    LogRank three = LogRank.of(List.of(group(MAINTAINED), group("2+ 4+"), group(NONMAINTAINED)));

    assertThat(three).isEqualTo(LogRank.of(List.of(group(MAINTAINED), group(NONMAINTAINED))));
  }

  @Test
  void the_smallest_probabilities_keep_their_digits() {
    // 1 - P would be 0: a hundred lost at once of one group, none of the other in a hundred days.
    LogRank test =
        LogRank.of(List.of(group("1 ".repeat(100).strip()), group("99+ ".repeat(100).strip())));

    // E = 50, V = 100 * 100 / 199 / 4 = 12.56: chi-square = 2500 / 12.56 = 199.
    assertThat(test.chiSquare()).isCloseTo(199, within(1e-9));
    assertThat(test.pValue()).isBetween(1e-46, 1e-44);
  }

  /**
   * Three groups of a few users, with means and covariances from every way in which the churns of a
   * tenure could have fallen on the users at risk.
   */
  @Test
  void three_groups_give_what_counting_all_cases_gives() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    Random random = new Random(seed);
    int compared = 0;
    for (int round = 0; round < 300; round++) {
      int[] tenures = random.ints(11, 0, 6).toArray();
      int[] groups = random.ints(11, 0, 3).toArray();
      boolean[] churns = new boolean[11];
      for (int user = 0; user < churns.length; user++) {
        churns[user] = random.nextInt(3) > 0;
      }
      double expected = countingAllCases(tenures, groups, churns);
      LogRank test = LogRank.of(groups(tenures, groups, churns));
      if (test != null && test.degreesOfFreedom() == 2) {
        compared++;
        assertThat(test.chiSquare())
            .as("seed %d, round %d", seed, round)
            .isCloseTo(expected, within(1e-9));
        assertThat(test.pValue()).isCloseTo(Math.exp(-expected / 2), within(1e-12));
      }
    }
    assertThat(compared).as("seed %d", seed).isGreaterThan(200);
  }

  private static double countingAllCases(int[] tenures, int[] groups, boolean[] churns) {
    double[] excess = new double[2];
    double[][] covariance = new double[2][2];
    for (int tenure = 0; tenure < 6; tenure++) {
      int atRisk = 0;
      int churned = 0;
      for (int user = 0; user < tenures.length; user++) {
        atRisk |= tenures[user] >= tenure ? 1 << user : 0;
        churned |= tenures[user] == tenure && churns[user] ? 1 << user : 0;
      }
      double cases = 0;
      double[] sums = new double[2];
      double[][] products = new double[2][2];
      for (int some = 0; some < 1 << tenures.length; some++) {
        if ((some & ~atRisk) == 0 && Integer.bitCount(some) == Integer.bitCount(churned)) {
          cases++;
          for (int one = 0; one < 2; one++) {
            sums[one] += ofGroup(some, groups, one);
            for (int other = 0; other < 2; other++) {
              products[one][other] += ofGroup(some, groups, one) * ofGroup(some, groups, other);
            }
          }
        }
      }
      for (int one = 0; one < 2; one++) {
        excess[one] += ofGroup(churned, groups, one) - sums[one] / cases;
        for (int other = 0; other < 2; other++) {
          covariance[one][other] +=
              products[one][other] / cases - sums[one] / cases * (sums[other] / cases);
        }
      }
    }
    double determinant = covariance[0][0] * covariance[1][1] - covariance[0][1] * covariance[1][0];
    return (excess[0] * excess[0] * covariance[1][1]
            - 2 * excess[0] * excess[1] * covariance[0][1]
            + excess[1] * excess[1] * covariance[0][0])
        / determinant;
  }

  private static double ofGroup(int users, int[] groups, int group) {
    int count = 0;
    for (int user = 0; user < groups.length; user++) {
      count += (users >> user & 1) == 1 && groups[user] == group ? 1 : 0;
    }
    return count;
  }

  /** In an order in which another group is the last one. */
  private static List<LogRank.Group> groups(int[] tenures, int[] groups, boolean[] churns) {
    List<LogRank.Group> ordered = new ArrayList<>();
    for (int group = 2; group >= 0; group--) {
      StringBuilder lives = new StringBuilder();
      for (int user = 0; user < tenures.length; user++) {
        if (groups[user] == group) {
          lives.append(tenures[user]).append(churns[user] ? " " : "+ ");
        }
      }
      if (!lives.isEmpty()) {
        ordered.add(group(lives.toString().strip()));
      }
    }
    return ordered;
  }

  private static LogRank.Group group(String lives) {
    long[] churned = new long[200];
    long[] censored = new long[200];
    for (String life : lives.split(" ")) {
      (life.endsWith("+") ? censored : churned)[Integer.parseInt(life.replace("+", ""))]++;
    }
    return new LogRank.Group(churned, censored);
  }
}
