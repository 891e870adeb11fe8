package io.tenure.jobs.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a fold leaves the stored state cut as it is. */
class StateFilesTest {
  @ParameterizedTest(name = "{0} files for {1} partitions: {2}")
  @CsvSource({"2, 2, true", "2, 4, true", "2, 1, true", "2, 5, false", "5, 2, false"})
  void the_state_stays_as_it_is_cut(int files, int partitions, boolean suits) {
    StateFiles state = new StateFiles(Collections.nCopies(files, new StateFiles.Numbered(0, "f")));
    assertThat(state.suit(partitions)).isEqualTo(suits);
  }
}
