package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProductsTest {
  @Test
  void sums_of_products_are_exact_whatever_their_size() {
    long seed = 7;
    Random random = new Random(seed);
    long[] sums = new long[1 + Products.WIDTH];
    BigInteger expected = BigInteger.ZERO;
    for (int round = 0; round < 10_000; round++) {
      long left = random.nextLong() >>> 1 + random.nextInt(62);
      long right = random.nextLong() >>> 1 + random.nextInt(62);
      Products.add(sums, 1, left, right);
      expected = expected.add(BigInteger.valueOf(left).multiply(BigInteger.valueOf(right)));
    }
    assertThat(Products.get(sums, 1)).as("seed %d", seed).isEqualTo(expected);
    assertThat(sums[0]).isZero();
  }

  @Test
  void the_largest_product_is_added_many_times() {
    long[] sums = new long[Products.WIDTH];
    BigInteger largest = BigInteger.valueOf(Long.MAX_VALUE).pow(2);
    for (int round = 0; round < 1_000; round++) {
      Products.add(sums, 0, Long.MAX_VALUE, Long.MAX_VALUE);
    }
    assertThat(Products.get(sums, 0)).isEqualTo(largest.multiply(BigInteger.valueOf(1_000)));
  }

  @Test
  void negative_numbers_are_refused() {
    assertThatThrownBy(() -> Products.add(new long[Products.WIDTH], 0, -1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1, 2");
  }
}
