package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.ConfigLoader;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {
  private static void requireApart(String input, String output) {
    Places.requireApart(
        ConfigLoader.load(
            "input: {path: '%s', user: u, time: t}\noutput: '%s'\n".formatted(input, output),
            "test",
            List.of()),
        new Configuration());
  }

  @ParameterizedTest
  @CsvSource({"/data, /data/out", "/data/, file:/data", "events, events/../events/out", "/, /out"})
  void an_output_in_the_input_is_refused(String input, String output) {
    assertThatThrownBy(() -> requireApart(input, output))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Invalid output: '%s' is in input.path '%s', so its tables would be read as events. Put the output elsewhere."
                .formatted(output, input));
  }

  @Test
  void places_apart_are_not() {
    assertThatCode(
            () -> {
              requireApart("/data", "/data2");
              requireApart("/data/events", "/data");
              requireApart("/data/events", "/data/out");
              requireApart("s3a://a/data", "s3a://b/data/out");
              requireApart("/data/*.csv", "/data/out");
            })
        .doesNotThrowAnyException();
  }
}
