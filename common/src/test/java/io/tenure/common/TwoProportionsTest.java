package io.tenure.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TwoProportionsTest {
  /** Newcombe (1998), Statistics in Medicine 17, 873-890, table II, method 10. */
  @ParameterizedTest
  @CsvSource({
    "56, 70, 48, 80, 0.0524, 0.3339",
    "9, 10, 3, 10, 0.1705, 0.8090",
    "6, 7, 2, 7, 0.0582, 0.8062",
    "5, 56, 0, 29, -0.0381, 0.1926",
    "0, 10, 0, 20, -0.1611, 0.2775",
    "0, 10, 0, 10, -0.2775, 0.2775",
    "10, 10, 0, 20, 0.6791, 1.0000",
    "10, 10, 0, 10, 0.6075, 1.0000"
  })
  void the_interval_of_a_difference_is_the_published_one(
      long cases, long users, long otherCases, long others, double low, double high) {
    TwoProportions compared = TwoProportions.of(cases, users, otherCases, others);
    assertThat(compared.differenceLow()).isCloseTo(low, within(5.1e-5));
    assertThat(compared.differenceHigh()).isCloseTo(high, within(5.1e-5));
    assertThat(compared.difference())
        .isCloseTo((double) cases / users - (double) otherCases / others, within(1e-15));
  }

  /** What R prints of fisher.test: tea tasting, and convictions of twins. */
  @ParameterizedTest
  @CsvSource({"3, 4, 1, 4, 0.4857", "2, 17, 10, 13, 0.0005367"})
  void few_cases_are_judged_exactly(
      long cases, long users, long otherCases, long others, double printed) {
    TwoProportions compared = TwoProportions.of(cases, users, otherCases, others);
    assertThat(new BigDecimal(compared.pValue()).round(new MathContext(4)))
        .isEqualByComparingTo(BigDecimal.valueOf(printed));
  }

  @Test
  void the_exact_test_is_the_sum_of_the_improbable_tables() {
    long seed = 3;
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      int users = 1 + random.nextInt(60);
      int others = 1 + random.nextInt(60);
      int cases = random.nextInt(users + 1);
      int otherCases = random.nextInt(others + 1);
      int with = cases + otherCases;
      assertThat(TwoProportions.of(cases, users, otherCases, others).pValue())
          .as("seed %d: %d of %d, %d of %d", seed, cases, users, otherCases, others)
          .isCloseTo(exact(cases, users, with, others), within(1e-10));
    }
  }

  /** In whole numbers: ways to get so many cases or as few ways, over all ways. */
  private static double exact(int cases, int users, int with, int others) {
    BigInteger all = BigInteger.ZERO;
    BigInteger improbable = BigInteger.ZERO;
    BigInteger observed = ways(cases, users, with, others);
    for (int at = 0; at <= Math.min(users, with); at++) {
      BigInteger ways = ways(at, users, with, others);
      all = all.add(ways);
      improbable = improbable.add(ways.compareTo(observed) <= 0 ? ways : BigInteger.ZERO);
    }
    return new BigDecimal(improbable)
        .divide(new BigDecimal(all), MathContext.DECIMAL64)
        .doubleValue();
  }

  private static BigInteger ways(int cases, int users, int with, int others) {
    return choices(users, cases).multiply(choices(others, with - cases));
  }

  private static BigInteger choices(int of, int chosen) {
    if (chosen < 0 || chosen > of) {
      return BigInteger.ZERO;
    }
    BigInteger choices = BigInteger.ONE;
    for (int at = 0; at < chosen; at++) {
      choices = choices.multiply(BigInteger.valueOf(of - at)).divide(BigInteger.valueOf(at + 1));
    }
    return choices;
  }

  /** Of 1000 against 1000, half of 200 are expected by chance on either side. */
  @Test
  void up_to_100_expected_cases_or_failures_are_judged_exactly() {
    double exact = exact(115, 1000, 200, 1000);
    assertThat(TwoProportions.of(115, 1000, 85, 1000).pValue()).isCloseTo(exact, within(1e-10));
    assertThat(TwoProportions.of(885, 1000, 915, 1000).pValue()).isCloseTo(exact, within(1e-10));
    // 201 are too many: chi-square is 15.5² · 2000³ / (201 · 1799 · 1000²) = 5.3152802, p the
    // normal's tail of its root.
    assertThat(TwoProportions.of(116, 1000, 85, 1000).pValue()).isCloseTo(0.02113919, within(1e-8));
  }

  @Test
  void many_cases_are_judged_by_chi_square() {
    // 4900 of 5000 against 4850 of 5000: chi-square is 10.2564, p the normal's tail of its root.
    TwoProportions many = TwoProportions.of(4900, 5000, 4850, 5000);
    assertThat(many.pValue()).isCloseTo(0.00136210, within(1e-8));
    TwoProportions near = TwoProportions.of(60, 100, 50, 100);
    // By hand: log(1.2) -/+ 1.959964 sqrt(1/60 - 1/100 + 1/50 - 1/100) = -0.0708, 0.4354.
    assertThat(near.ratio()).isCloseTo(1.2, within(1e-15));
    assertThat(near.ratioLow()).isCloseTo(Math.exp(Math.log(1.2) - 0.2530300), within(1e-6));
    assertThat(near.ratioHigh()).isCloseTo(Math.exp(Math.log(1.2) + 0.2530300), within(1e-6));
  }

  @Test
  void nobody_or_everybody_is_no_difference() {
    assertThat(TwoProportions.of(0, 5, 0, 9).pValue()).isEqualTo(1);
    assertThat(TwoProportions.of(5, 5, 9, 9).pValue()).isEqualTo(1);
    assertThat(TwoProportions.of(0, 5, 0, 9).ratio()).isNull();
    assertThat(TwoProportions.of(0, 5, 3, 9).ratio()).isZero();
    assertThat(TwoProportions.of(0, 5, 3, 9).ratioHigh()).isNull();
    assertThat(TwoProportions.of(5, 5, 3, 9).ratio()).isEqualTo(3);
    assertThat(TwoProportions.of(5, 5, 3, 9).ratioLow()).isNull();
  }

  @Test
  void large_groups_take_no_time_and_no_room() {
    // 3 of a million against 1 of a hundred million: expected by chance are 0.04 of 4.
    assertThat(TwoProportions.of(3, 1_000_000, 1, 100_000_000).pValue()).isBetween(1e-7, 1e-5);
    assertThat(TwoProportions.of(50_000, 1_000_000, 49_000, 1_000_000).pValue())
        .isBetween(1e-4, 1e-2);
  }
}
