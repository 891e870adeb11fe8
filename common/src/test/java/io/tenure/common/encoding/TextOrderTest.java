package io.tenure.common.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.history.OpenHistory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextOrderTest {
  /** Among them a tilde of full width, U+FF5E, and a smile, U+1F600, which Java has before it. */
  private static final List<String> TEXTS =
      List.of(
          "", "a", "ab", "b", "é", "中", "\uFF5E", "\uFF5Ea", "😀", "😀a", "😁", "a😀", "a\uFF5E");

  @Test
  void texts_are_in_the_order_of_their_bytes() {
    for (String left : TEXTS) {
      for (String right : TEXTS) {
        int ofBytes =
            Arrays.compareUnsigned(
                left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
        assertThat(Integer.signum(TextOrder.compare(left, right)))
            .as("%s and %s", left, right)
            .isEqualTo(Integer.signum(ofBytes));
      }
    }
  }

  @Test
  void the_greatest_value_and_the_greatest_id_of_a_tie_are_so_in_this_order() {
    assertThat(OpenHistory.wins("😀", null, "\uFF5E", null)).isTrue();
    assertThat(OpenHistory.wins("\uFF5E", null, "😀", null)).isFalse();
    assertThat(OpenHistory.compareIds("😀", "\uFF5E")).isPositive();
  }
}
