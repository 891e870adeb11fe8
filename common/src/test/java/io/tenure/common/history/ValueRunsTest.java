package io.tenure.common.history;

import static io.tenure.common.history.RandomEvents.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueRunsTest {
  private static final String[] VALUES = {"a", "b", null};

  @Test
  void every_day_has_its_own_value_in_whatever_order_days_are_asked_for() {
    forAll(
        1_000,
        random -> {
          String[] ofDays = ofDays(random);
          ValueRuns runs = ValueRuns.of(ofDays, ofDays.length);
          for (int question = 0; question < 2 * ofDays.length; question++) {
            int at = random.nextInt(ofDays.length);
            assertThat(runs.at(at)).isEqualTo(ofDays[at]);
          }
        });
  }

  @Test
  void days_from_one_to_before_another_are_those_of_the_array() {
    forAll(
        1_000,
        random -> {
          String[] ofDays = ofDays(random);
          int from = random.nextInt(ofDays.length + 1);
          int to = from + random.nextInt(ofDays.length + 1 - from);
          assertThat(ValueRuns.of(ofDays, ofDays.length).slice(from, to))
              .isEqualTo(ValueRuns.of(Arrays.copyOfRange(ofDays, from, to), to - from));
        });
  }

  @Test
  void what_was_written_is_read_and_takes_as_long_as_there_are_changes() {
    forAll(
        1_000,
        random -> {
          String[] ofDays = ofDays(random);
          ByteWriter out = new ByteWriter(1);
          ValueRuns written = ValueRuns.of(ofDays, ofDays.length);
          written.write(out);
          assertThat(ValueRuns.read(new ByteReader(out.toByteArray()), ofDays.length))
              .isEqualTo(written);
        });
    String[] same = new String[1_000];
    Arrays.fill(same, "a");
    ByteWriter out = new ByteWriter(1);
    ValueRuns.of(same, same.length).write(out);
    assertThat(out.toByteArray()).hasSize(4);
  }

  @Test
  void no_day_is_outside() {
    ValueRuns runs = ValueRuns.of(new String[] {"a", "b"}, 2);
    assertThatThrownBy(() -> runs.at(2)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> runs.at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void values_of_more_days_than_the_history_has_are_damage() {
    ByteWriter out = new ByteWriter(1);
    ValueRuns.of(new String[] {"a", "a", "a"}, 3).write(out);
    assertThatThrownBy(() -> ValueRuns.read(new ByteReader(out.toByteArray()), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Values of 3 days in a history of 2");
  }

  private static String[] ofDays(Random random) {
    String[] ofDays = new String[1 + random.nextInt(40)];
    int likely = 1 + random.nextInt(6);
    for (int at = 0; at < ofDays.length; at++) {
      ofDays[at] =
          at > 0 && random.nextInt(likely) > 0 ? ofDays[at - 1] : VALUES[random.nextInt(3)];
    }
    return ofDays;
  }
}
