package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.StateManifest;
import io.tenure.jobs.command.Ingest.Ingested;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReadWarningsTest {
  private static List<String> warnings(String... days) {
    return warningsOf("", days);
  }

  private static List<String> warningsOf(String input, String... days) {
    StateManifest manifest =
        new StateManifest(
            StateManifest.FORMAT,
            "hash",
            null,
            "clock",
            "2024-03-04",
            List.of(new StateManifest.File("file", 1, 1, 2, Map.of(), List.of(days), null)),
            List.of(),
            Map.of());
    return ReadWarnings.of(
        TestLog.config("input: {path: in, user: user, time: time%s}\noutput: out".formatted(input)),
        new Ingested(new ReadFacts(), manifest, Optional.empty(), null, Optional.empty()),
        LocalDate.parse("2024-03-04"),
        Optional.empty());
  }

  @Test
  void more_than_a_year_without_events_is_a_gap() {
    assertThat(warnings("2023-03-03/2023-03-03", "2024-03-04/2024-03-04")).isEmpty();
    assertThat(warnings("2023-03-02/2023-03-02", "2024-03-04/2024-03-04"))
        .singleElement()
        .asString()
        .startsWith("there is no event from 2023-03-03 to 2024-03-03, and events before it: tables")
        .contains("rows for these 367 days");
  }

  @Test
  void births_that_are_certain_from_a_later_day_on_are_not_known_at_all() {
    String last = "2024-03-04/2024-03-04";
    assertThat(warningsOf(", history-starts: 2024-03-04", last)).isEmpty();
    assertThat(warningsOf(", history-starts: 2024-03-05", last))
        .singleElement()
        .asString()
        .startsWith("input.history-starts is 2024-03-05, after the as-of day 2024-03-04: no birth");
  }

  @Test
  void more_than_a_week_without_events_at_the_end_is_a_silence() {
    assertThat(warnings("2024-02-26/2024-02-26")).isEmpty();
    assertThat(warnings("2024-02-25/2024-02-25"))
        .containsExactly(
            "there is no event from 2024-02-26 to 2024-03-04: on these 8 days everybody counts as"
                + " absent. If the log ends on 2024-02-25, say --as-of 2024-02-25.");
  }
}
