package io.tenure.jobs.compute;

import io.tenure.jobs.metric.Cell;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Onward;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cells of an earlier run that a later one goes on from.
 *
 * @param known what both runs have in common
 */
public record EarlierCells(Onward.Earlier known, List<CellBlock> blocks) {
  /** What {@link #write} writes first; another number is another way to write. */
  private static final int FORMAT = 1;

  /**
   * Cells as a file keeps them.
   *
   * @return empty if the file was written in another way
   * @throws UncheckedIOException if it ends too early
   */
  public static Optional<EarlierCells> read(Onward.Earlier known, byte[] file) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file))) {
      if (in.readInt() != FORMAT) {
        return Optional.empty();
      }
      List<CellBlock> blocks = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        String table = in.readUTF();
        long cells = in.readLong();
        long sums = in.readLong();
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        blocks.add(new CellBlock(table, cells, sums, bytes));
      }
      return Optional.of(new EarlierCells(known, blocks));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cells for {@link #read}. */
  static byte[] write(List<CellBlock> blocks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeInt(blocks.size());
      for (CellBlock block : blocks) {
        out.writeUTF(block.table());
        out.writeLong(block.cells());
        out.writeLong(block.sums());
        out.writeInt(block.bytes().length);
        out.write(block.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The tables whose cells become rows of a metric's tables. */
  static Set<String> sources(Metric metric) {
    return metric.tables().stream()
        .map(contract -> metric.cellsOf(contract.name()))
        .collect(Collectors.toSet());
  }

  /** What of the cells of a metric is kept; of a cell nobody counts in, nothing. */
  Iterator<Cell> kept(Metric metric, Onward onward) {
    Set<String> sources = sources(metric);
    return blocks.stream()
        .filter(block -> sources.contains(block.table()))
        .flatMap(block -> block.decode().stream())
        .map(onward::kept)
        .filter(cell -> Arrays.stream(cell.sums()).anyMatch(sum -> sum != 0))
        .iterator();
  }
}
