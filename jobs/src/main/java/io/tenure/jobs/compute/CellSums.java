package io.tenure.jobs.compute;

import io.tenure.jobs.metric.Cell;
import io.tenure.jobs.metric.Cells;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Cells of any tables, added up by address. */
final class CellSums {
  private final Map<Cell.Key, long[]> sums = new HashMap<>();

  void add(Cell cell) {
    sums.merge(cell.key(), cell.sums(), Cells::add);
  }

  void add(CellBlock block) {
    block.decode().forEach(this::add);
  }

  /** All cells, in a block for each table. */
  Iterator<CellBlock> blocks() {
    Map<String, CellBlock.Builder> byTable = new HashMap<>();
    sums.forEach(
        (key, vector) ->
            byTable
                .computeIfAbsent(key.table(), table -> new CellBlock.Builder(table))
                .add(key, vector));
    return byTable.values().stream().map(CellBlock.Builder::build).iterator();
  }
}
