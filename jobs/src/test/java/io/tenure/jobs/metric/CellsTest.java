package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CellsTest {
  @Test
  void every_address_has_sums_of_its_own_and_comes_out_as_it_went_in() {
    Cells cells = new Cells();
    Map<Cell.Key, Long> expected = new HashMap<>();
    for (int round = 1; round <= 2; round++) {
      for (String table : new String[] {"retention", "growth"}) {
        for (int part : new int[] {0, 1, 65_535}) {
          for (int index = -700; index < 700; index++) {
            // A table by the name of another object is the same table.
            cells.segment("country", "RO").sums(new String(table), part, index, round)[0]++;
            cells.all().sums(table, part, index, round)[round - 1] += 3;
            expected.put(new Cell.Key(table, "country", "RO", part, index), 2L);
            expected.put(new Cell.Key(table, Segments.ALL, Segments.ALL, part, index), 3L);
          }
        }
      }
    }
    Map<Cell.Key, Long> found = new HashMap<>();
    cells
        .iterator()
        .forEachRemaining(
            cell -> {
              assertThat(found.put(cell.key(), cell.sums()[0])).isNull();
              assertThat(cell.sums()).hasSize(2);
            });
    assertThat(found).isEqualTo(expected).hasSize(2 * 2 * 3 * 1400);
  }

  @Test
  void sums_that_are_asked_again_are_the_same_and_grow() {
    Cells.Segment all = new Cells().all();
    long[] sums = all.sums("growth", 1, 2, 1);
    sums[0] = 5;
    assertThat(all.sums("growth", 1, 2, 1)).isSameAs(sums);
    long[] wider = all.sums("growth", 1, 2, 3);
    assertThat(wider).containsExactly(5, 0, 0);
    wider[2] = 7;
    all.sums("growth", 1, 3, 1)[0] = 1;
    assertThat(all.sums("growth", 1, 2, 1)).containsExactly(5, 0, 7);
  }

  @Test
  void spells_are_made_once_for_a_user_and_a_rule() {
    TenureConfig config = TestLog.config("");
    Map<String, History> histories =
        TestLog.of("user | time\nann | 2024-03-01\nbob | 2024-03-02").histories(config);
    History ann = histories.get("ann");
    Cells cells = new Cells();
    SpellRule rule = new SilenceRule(0, 28, ann.day(0) + 100);
    Spells spells = cells.spells(ann, rule);
    assertThat(cells.spells(ann, new SilenceRule(0, 28, ann.day(0) + 100))).isSameAs(spells);
    assertThat(spells.churn(0)).isEqualTo(ann.day(0) + 29);
    assertThat(cells.spells(ann, new SilenceRule(0, 99, ann.day(0) + 100)).churn(0))
        .isEqualTo(ann.day(0) + 100);
    assertThat(cells.spells(histories.get("bob"), rule).birth()).isEqualTo(ann.day(0) + 1);
  }

  @Test
  void a_part_that_an_address_cannot_hold_is_refused() {
    Cells.Segment all = new Cells().all();
    assertThatThrownBy(() -> all.sums("retention", 65_536, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Part 65536 of retention");
    assertThatThrownBy(() -> all.sums("retention", -1, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
