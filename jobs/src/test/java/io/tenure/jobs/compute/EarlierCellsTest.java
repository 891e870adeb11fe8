package io.tenure.jobs.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.jobs.metric.Cell;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.Onward;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Cells are gone on from only if they are whole, and of this very program. */
class EarlierCellsTest {
  private static final Onward.Earlier KNOWN = new Onward.Earlier(19_000, 19_010);
  private static final List<CellBlock> BLOCKS =
      List.of(
          new CellBlock.Builder("growth")
              .add(new Cell.Key("growth", "(all)", "(all)", 0, 0), new long[] {1, 2, 3})
              .build());
  private static final byte[] FILE = EarlierCells.write("this", Set.of("growth"), BLOCKS);

  private static Optional<EarlierCells> read(byte[] file) {
    return EarlierCells.read(KNOWN, "this", file);
  }

  @Test
  void cells_come_out_as_they_went_in() {
    EarlierCells cells = read(FILE).orElseThrow();
    assertThat(cells.known()).isEqualTo(KNOWN);
    assertThat(cells.sources()).containsExactly("growth");
    assertThat(cells.blocks()).hasSize(1);
    Cell cell = cells.blocks().get(0).decode().get(0);
    assertThat(cell.key()).isEqualTo(new Cell.Key("growth", "(all)", "(all)", 0, 0));
    assertThat(cell.sums()).containsExactly(1, 2, 3);
  }

  @Test
  void cells_of_another_program_are_not_read() {
    assertThat(EarlierCells.read(KNOWN, "that", FILE)).isEmpty();
  }

  @Test
  void damaged_cells_are_not_read() {
    for (int at = 0; at < FILE.length; at++) {
      byte[] damaged = FILE.clone();
      damaged[at] ^= 4;
      assertThat(read(damaged)).as("a bit of byte %d", at).isEmpty();
      byte[] cut = Arrays.copyOf(FILE, at);
      assertThat(read(cut)).as("the first %d bytes", at).isEmpty();
    }
  }

  @Test
  void a_metric_whose_cells_were_not_kept_adds_up_all_days() {
    EarlierCells cells = read(FILE).orElseThrow();
    List<String> onward =
        Metrics.of(new Scope(RowsOfCellsTest.CONFIG, 18_900, 19_020)).stream()
            .filter(metric -> cells.onward(metric).isPresent())
            .map(EarlierCellsTest::name)
            .toList();
    assertThat(onward).containsExactly("Growth");
  }

  private static String name(Metric metric) {
    return metric.getClass().getSimpleName();
  }
}
