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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Cells of an earlier run that a later one goes on from.
 *
 * @param known what both runs have in common
 * @param sources the tables whose cells these are: all of them, though there may be none
 */
public record EarlierCells(Onward.Earlier known, Set<String> sources, List<CellBlock> blocks) {
  /** What {@link #write} writes first; another number is another way to write. */
  private static final int FORMAT = 1;

  /**
   * Cells as a file keeps them.
   *
   * @param build what the program is made of: cells of another program may count otherwise
   * @return empty if the file is damaged, or another program wrote it
   */
  public static Optional<EarlierCells> read(Onward.Earlier known, String build, byte[] file) {
    int length = file.length - Long.BYTES;
    if (length < 0 || ByteBuffer.wrap(file).getLong(length) != checksum(file, length)) {
      return Optional.empty();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(file, 0, length))) {
      if (in.readInt() != FORMAT || !in.readUTF().equals(build)) {
        return Optional.empty();
      }
      Set<String> sources = new TreeSet<>();
      for (int left = in.readInt(); left > 0; left--) {
        sources.add(in.readUTF());
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
      return Optional.of(new EarlierCells(known, sources, blocks));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Cells for {@link #read}. */
  static byte[] write(String build, Set<String> sources, List<CellBlock> blocks) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(FORMAT);
      out.writeUTF(build);
      out.writeInt(sources.size());
      for (String source : sources) {
        out.writeUTF(source);
      }
      out.writeInt(blocks.size());
      for (CellBlock block : blocks) {
        out.writeUTF(block.table());
        out.writeLong(block.cells());
        out.writeLong(block.sums());
        out.writeInt(block.bytes().length);
        out.write(block.bytes());
      }
      byte[] written = bytes.toByteArray();
      out.writeLong(checksum(written, written.length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32 sum = new CRC32();
    sum.update(bytes, 0, length);
    return sum.getValue();
  }

  /** The tables whose cells become rows of a metric's tables. */
  static Set<String> sources(Metric metric) {
    return metric.tables().stream()
        .map(contract -> metric.cellsOf(contract.name()))
        .collect(Collectors.toSet());
  }

  /** How a metric goes on from these cells; empty if it cannot. */
  Optional<Onward> onward(Metric metric) {
    return sources.containsAll(sources(metric)) ? metric.onward(known) : Optional.empty();
  }

  /** What of the cells of a metric is kept. */
  Iterator<Cell> kept(Metric metric, Onward onward) {
    Set<String> own = sources(metric);
    return onward
        .kept(
            blocks.stream()
                .filter(block -> own.contains(block.table()))
                .flatMap(block -> block.decode().stream()))
        .iterator();
  }
}
