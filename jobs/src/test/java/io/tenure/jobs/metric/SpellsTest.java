package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpellsTest {
  private static final String LATER = "2025-01-01";

  @Test
  void twenty_eight_silent_days_after_1_march_end_the_spell_on_30_march() {
    assertThat(spells(28, LATER, "2024-03-01")).containsExactly("2024-03-01 to 2024-03-30");
  }

  @Test
  void activity_on_29_march_is_in_the_same_spell() {
    // 2 to 28 March are 27 silent days.
    assertThat(spells(28, "2024-04-01", "2024-03-01", "2024-03-29"))
        .containsExactly("2024-03-01 to …");
  }

  @Test
  void a_user_who_returns_on_the_churn_day_has_churned_and_come_back() {
    // 2 to 29 March are 28 silent days.
    assertThat(spells(28, "2024-04-01", "2024-03-01", "2024-03-30"))
        .containsExactly("2024-03-01 to 2024-03-30", "2024-03-30 to …");
  }

  @Test
  void a_churn_is_known_once_the_last_silent_day_is_over() {
    // As of 28 March, 29 March may still bring activity. As of 29 March it is over: whatever 30
    // March brings, the user has churned.
    assertThat(spells(28, "2024-03-28", "2024-03-01")).containsExactly("2024-03-01 to …");
    assertThat(spells(28, "2024-03-29", "2024-03-01")).containsExactly("2024-03-01 to 2024-03-30");
  }

  @Test
  void a_29_february_is_a_day_like_others() {
    assertThat(spells(28, LATER, "2024-02-15")).containsExactly("2024-02-15 to 2024-03-15");
    assertThat(spells(28, LATER, "2023-02-15")).containsExactly("2023-02-15 to 2023-03-16");
  }

  @Test
  void with_one_inactive_day_activity_every_other_day_is_a_spell_each() {
    // 2 and 4 January are silent: each is one full day.
    assertThat(spells(1, LATER, "2024-01-01", "2024-01-03", "2024-01-05"))
        .containsExactly(
            "2024-01-01 to 2024-01-03", "2024-01-03 to 2024-01-05", "2024-01-05 to 2024-01-07");
    assertThat(spells(1, LATER, "2024-01-01", "2024-01-02", "2024-01-03"))
        .containsExactly("2024-01-01 to 2024-01-05");
  }

  @Test
  void activity_every_g_days_is_one_spell_and_every_g_plus_1_days_a_spell_each() {
    int inactiveDays = 28;
    int[] every28 = IntStream.range(0, 10).map(at -> at * inactiveDays).toArray();
    int[] every29 = IntStream.range(0, 10).map(at -> at * (inactiveDays + 1)).toArray();
    assertThat(Spells.bySilence(every28, inactiveDays, 1000).size()).isEqualTo(1);
    assertThat(Spells.bySilence(every29, inactiveDays, 1000).size()).isEqualTo(10);
  }

  @Test
  void nobody_who_was_never_there_has_spells() {
    assertThat(spells(28, LATER)).isEmpty();
  }

  @Test
  void a_pause_ends_with_its_spell() {
    Spells spells = new Spells();
    spells.begin(day("2024-01-01"));
    spells.pause(day("2024-01-10"));
    spells.end(day("2024-01-15"));
    spells.begin(day("2024-02-01"));
    // 10 to 14 January; the next spell is not paused.
    assertThat(spells.pausedDays(day("2024-01-01"), day("2024-03-01"))).isEqualTo(5);
  }

  private static List<String> spells(int inactiveDays, String asOf, String... active) {
    int[] days = Arrays.stream(active).mapToInt(SpellsTest::day).toArray();
    Spells spells = Spells.bySilence(days, inactiveDays, day(asOf) + 1);
    List<String> shown = new ArrayList<>();
    for (int spell = 0; spell < spells.size(); spell++) {
      int churn = spells.churn(spell);
      shown.add(
          LocalDate.ofEpochDay(spells.start(spell))
              + " to "
              + (churn == Spells.ALIVE ? "…" : LocalDate.ofEpochDay(churn)));
    }
    return shown;
  }

  private static int day(String iso) {
    return (int) LocalDate.parse(iso).toEpochDay();
  }
}
