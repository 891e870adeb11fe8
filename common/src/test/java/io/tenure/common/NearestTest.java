package io.tenure.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> COLUMNS = List.of("user_id", "event_time", "country", "dt");

  @Test
  void a_letter_missing_added_changed_or_swapped_is_near() {
    assertThat(Nearest.of("contry", COLUMNS)).contains("country");
    assertThat(Nearest.of("countryy", COLUMNS)).contains("country");
    assertThat(Nearest.of("user-id", COLUMNS)).contains("user_id");
    assertThat(Nearest.of("td", COLUMNS)).contains("dt");
  }

  @Test
  void case_does_not_count() {
    assertThat(Nearest.of("EVENT_TIME", COLUMNS)).contains("event_time");
  }

  @Test
  void a_third_of_the_letters_may_differ_and_no_more() {
    assertThat(Nearest.of("event_timexxxxx", COLUMNS)).contains("event_time");
    assertThat(Nearest.of("event_timexxxxxx", COLUMNS)).isEmpty();
    assertThat(Nearest.of("platform", COLUMNS)).isEmpty();
    assertThat(Nearest.of("x", List.of("y"))).isEmpty();
    assertThat(Nearest.of("", COLUMNS)).isEmpty();
  }

  @Test
  void of_equally_near_words_the_alphabetically_first_wins() {
    assertThat(Nearest.of("plan", Set.of("plane", "clan", "flan"))).contains("clan");
  }
}
