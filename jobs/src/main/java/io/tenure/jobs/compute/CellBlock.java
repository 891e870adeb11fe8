package io.tenure.jobs.compute;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import io.tenure.jobs.metric.Cell;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import scala.Tuple2;

/**
 * Cells of one table as bytes, which is how they travel: one object, and a byte for most sums.
 *
 * @param cells how many they are
 * @param sums how many numbers they hold
 */
record CellBlock(String table, long cells, long sums, byte[] bytes) implements Serializable {

  /** Takes the cells of one table. */
  static final class Builder {
    private final String table;
    private final ByteWriter bytes = new ByteWriter(1 << 12);
    private final Map<String, Integer> texts = new HashMap<>();
    private long cells;
    private long sums;

    Builder(String table) {
      this.table = table;
    }

    Builder add(Cell.Key key, long[] vector) {
      write(key.dimension());
      write(key.value());
      bytes.zigzag(key.part());
      bytes.zigzag(key.index());
      bytes.zigzag(vector.length);
      for (long sum : vector) {
        bytes.zigzag(sum);
      }
      cells++;
      sums += vector.length;
      return this;
    }

    /** A text once, then its number. */
    private void write(String text) {
      Integer known = texts.putIfAbsent(text, texts.size());
      bytes.zigzag(known == null ? -1 : known);
      if (known == null) {
        bytes.optionalString(text);
      }
    }

    CellBlock build() {
      return new CellBlock(table, cells, sums, bytes.toByteArray());
    }
  }

  /**
   * Cells of any tables in blocks, shared out by address, in the same way in every process.
   *
   * @param shares how many there are, numbered from 0
   */
  static Iterator<Tuple2<Integer, CellBlock>> shares(Iterator<Cell> cells, int shares) {
    Map<Tuple2<Integer, String>, Builder> byShare = new HashMap<>();
    cells.forEachRemaining(
        cell ->
            byShare
                .computeIfAbsent(
                    new Tuple2<>(share(cell.key(), shares), cell.key().table()),
                    share -> new Builder(share._2()))
                .add(cell.key(), cell.sums()));
    return byShare.entrySet().stream()
        .map(share -> new Tuple2<>(share.getKey()._1(), share.getValue().build()))
        .iterator();
  }

  /** The same, by number of the share. */
  static List<List<CellBlock>> byShare(List<Iterator<Cell>> cells, int shares) {
    List<List<CellBlock>> blocks = new ArrayList<>();
    for (int share = 0; share < shares; share++) {
      blocks.add(new ArrayList<>());
    }
    for (Iterator<Cell> some : cells) {
      shares(some, shares).forEachRemaining(share -> blocks.get(share._1()).add(share._2()));
    }
    return blocks;
  }

  /** The hash of an address is made of those that the language defines, so all processes agree. */
  private static int share(Cell.Key key, int shares) {
    int hash = key.hashCode();
    return Math.floorMod(hash ^ (hash >>> 16), shares);
  }

  /** The same cells, to become rows of another table. */
  CellBlock ofTable(String other) {
    return new CellBlock(other, cells, sums, bytes);
  }

  /** The cells. */
  List<Cell> decode() {
    ByteReader in = new ByteReader(bytes);
    List<String> texts = new ArrayList<>();
    List<Cell> decoded = new ArrayList<>();
    for (long cell = 0; cell < cells; cell++) {
      String dimension = read(in, texts);
      String value = read(in, texts);
      int part = Math.toIntExact(in.zigzag());
      int index = Math.toIntExact(in.zigzag());
      long[] vector = new long[Math.toIntExact(in.zigzag())];
      for (int at = 0; at < vector.length; at++) {
        vector[at] = in.zigzag();
      }
      decoded.add(new Cell(new Cell.Key(table, dimension, value, part, index), vector));
    }
    return decoded;
  }

  private static String read(ByteReader in, List<String> texts) {
    long number = in.zigzag();
    if (number >= 0) {
      return texts.get(Math.toIntExact(number));
    }
    texts.add(in.optionalString());
    return texts.get(texts.size() - 1);
  }
}
