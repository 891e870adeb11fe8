package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.store.StateManifest;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LossTest {
  private static Loss of(long before, long now) {
    return new Loss("a", LocalDate.parse("2024-03-04"), before, now, List.of());
  }

  @Test
  void more_than_a_hundredth_is_a_warning() {
    assertThat(of(1_000, 990).warning()).isEmpty();
    assertThat(of(1_000, 989).warning())
        .contains(
            "11 of the 1,000 rows that run a knew up to 2024-03-04 are gone from the input (1.1 %):"
                + " the numbers are as if they had never been.");
  }

  @Test
  void days_that_are_gone_are_told_the_first_few_of_many() {
    List<String> days =
        List.of("2024-01-01/2024-01-01", "2024-01-03/2024-01-05", "3/3", "4/4", "5/5", "6/6");
    assertThat(new Loss("a", LocalDate.parse("2024-03-04"), 10, 11, days).warning())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains(
                        ", with rows of 2024-01-01, 2024-01-03 to 2024-01-05, 3, 4, 5, …, and"));
    assertThat(new Loss("a", LocalDate.parse("2024-03-04"), 10, 11, days).ratio()).isZero();
  }

  private static StateManifest.File file(String path, long modified, long rows, String days) {
    return new StateManifest.File(
        path, rows, modified, rows, Map.of(), days.isEmpty() ? List.of() : List.of(days), null);
  }

  private static StateManifest manifest(String asOf, StateManifest.File... files) {
    return new StateManifest(
        StateManifest.FORMAT, "config", "none", "clock", asOf, List.of(files), List.of(), Map.of());
  }

  private static double lost(StateManifest before, StateManifest now) {
    return Loss.since("a", before, now, LocalDate.parse(now.asOf()), EARLIEST)
        .map(Loss::ratio)
        .orElse(0.0);
  }

  private static final LocalDate EARLIEST = LocalDate.parse("1970-01-02");
  private static final String FIRST = "2024-03-01/2024-03-01";
  private static final String SECOND = "2024-03-02/2024-03-02";
  private static final String THIRD = "2024-03-03/2024-03-03";

  @Test
  void what_arrives_for_other_days_makes_up_for_nothing() {
    StateManifest before =
        manifest("2024-03-02", file("1", 1, 1_000, FIRST), file("2", 1, 1_000, SECOND));
    StateManifest.File third = file("3", 2, 1_500, THIRD);
    assertThat(lost(before, manifest("2024-03-03", third))).isEqualTo(1);
    assertThat(lost(before, manifest("2024-03-03", file("2", 1, 1_000, SECOND), third)))
        .isEqualTo(0.5);
    // A few late rows, but none of the days that are gone.
    StateManifest.File late = file("3", 2, 1_500, "2024-02-01/2024-02-01");
    assertThat(lost(before, manifest("2024-03-03", file("2", 1, 1_000, SECOND), late)))
        .isEqualTo(0.5);
  }

  /** Files tell rows and days, and not how many rows are of which day. */
  @Test
  void what_arrives_for_some_of_the_days_makes_up_for_a_share() {
    StateManifest before =
        manifest("2024-03-02", file("1", 1, 1_000, FIRST), file("2", 1, 1_000, SECOND));
    StateManifest.File second = file("2", 1, 1_000, SECOND);
    // A log by arrival: of the 1,000 rows of the third day one is late.
    StateManifest.File arrived =
        new StateManifest.File("3", 9, 2, 1_000, Map.of(), List.of(FIRST, THIRD), null);
    assertThat(lost(before, manifest("2024-03-03", second, arrived))).isEqualTo(0.25);
    // Each file has a row of 1970.
    StateManifest old =
        manifest("2024-03-02", broken("1", 1, 1_000, FIRST), broken("2", 1, 1_000, SECOND));
    assertThat(
            lost(
                old,
                manifest(
                    "2024-03-03", broken("2", 1, 1_000, SECOND), broken("3", 1, 1_000, THIRD))))
        .isEqualTo(0.5);
    // The second day was not over when it was read.
    StateManifest partly =
        manifest("2024-03-02", file("1", 1, 1_000, FIRST), file("2", 1, 50, SECOND));
    assertThat(lost(partly, manifest("2024-03-03", second))).isEqualTo(1_000.0 / 1_050);
    // Rows that tell no day, in a file by another name.
    StateManifest dayless = manifest("2024-03-02", file("x", 1, 500, ""), second);
    assertThat(lost(dayless, manifest("2024-03-03", file("y", 1, 500, ""), second))).isZero();
  }

  private static StateManifest.File broken(String path, long modified, long rows, String days) {
    return new StateManifest.File(
        path,
        rows,
        modified,
        rows,
        Map.of("time_out_of_range", 1L),
        List.of("1970-01-01/1970-01-01", days),
        null);
  }

  @Test
  void joined_split_and_rewritten_files_have_lost_what_they_hold_less() {
    StateManifest before =
        manifest("2024-03-02", file("1", 1, 1_000, FIRST), file("2", 1, 1_000, SECOND));
    StateManifest.File third = file("3", 2, 1_500, THIRD);
    assertThat(lost(before, manifest("2024-03-03", file("all", 2, 3_500, "2024-03-01/2024-03-03"))))
        .isZero();
    assertThat(
            lost(
                before,
                manifest(
                    "2024-03-03",
                    file("1a", 2, 400, FIRST),
                    file("1b", 2, 600, FIRST),
                    file("2", 1, 1_000, SECOND),
                    third)))
        .isZero();
    assertThat(
            lost(
                before,
                manifest(
                    "2024-03-03", file("1", 2, 900, FIRST), file("2", 1, 1_000, SECOND), third)))
        .isEqualTo(0.05);
    // The times in it were corrected: they are other days, and none has gone.
    assertThat(
            lost(
                before,
                manifest("2024-03-03", file("1", 1, 1_000, FIRST), file("2", 2, 1_000, THIRD))))
        .isZero();
  }

  @Test
  void what_neither_run_speaks_of_is_not_missed() {
    StateManifest before =
        manifest("2024-03-03", file("1", 1, 1_000, FIRST), file("3", 1, 1_000, THIRD));
    StateManifest now = manifest("2024-03-03", file("1", 1, 1_000, FIRST));
    assertThat(Loss.since("a", before, now, LocalDate.parse("2024-03-01"), EARLIEST)).isEmpty();
    assertThat(lost(before, now)).isEqualTo(0.5);
  }

  @Test
  void the_limit_itself_may_go_and_of_fewer_than_a_thousand_rows_all() {
    assertThatCode(() -> of(1_000, 500).requireAtMost(0.5)).doesNotThrowAnyException();
    assertThatCode(() -> of(999, 0).requireAtMost(0.5)).doesNotThrowAnyException();
    assertThatCode(() -> of(1_000, 0).requireAtMost(1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> of(1_000, 499).requireAtMost(0.5))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.QUALITY))
        .hasMessageStartingWith(
            "501 of the 1,000 rows that run a knew up to 2024-03-04 are gone from the input (50.1 %);"
                + " quality.max-lost-ratio is 0.5.");
  }
}
