package io.tenure.common.store;

import java.io.IOException;
import java.util.PrimitiveIterator;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridDecoder;

/**
 * The values of a column in one row group, from page to page. Columns of tables are flat: a value
 * is there or not. What Parquet's own reader of columns keeps for nested ones, and asks for every
 * value, takes longer than the values.
 */
final class ColumnPages {
  private final ColumnDescriptor column;
  private final StoredValues stored;

  /** Where rows have the value. */
  private final int at;

  private final PageReader pages;

  /** The rows of the row group that are wanted, ascending; null if all are. */
  private final PrimitiveIterator.OfLong wanted;

  /** The values of the dictionary, made once, not once a row; null if there is none. */
  private final Object[] dictionary;

  private ValuesReader values;
  private boolean byDictionary;

  /** Says of each value of the page whether it is there; null if all are. */
  private ValuesReader presence;

  /** The number of the next row in the row group. */
  private long next;

  /** How many rows of the page are left. */
  private int left;

  /**
   * @param at where rows have the value
   */
  ColumnPages(PageReadStore group, ColumnDescriptor column, StoredValues stored, int at)
      throws IOException {
    this.column = column;
    this.stored = stored;
    this.at = at;
    this.pages = group.getPageReader(column);
    this.wanted = group.getRowIndexes().orElse(null);
    this.dictionary = dictionary();
  }

  private Object[] dictionary() throws IOException {
    DictionaryPage page = pages.readDictionaryPage();
    if (page == null) {
      return null;
    }
    Dictionary encoded = page.getEncoding().initDictionary(column, page);
    Object[] all = new Object[page.getDictionarySize()];
    for (int id = 0; id < all.length; id++) {
      all[id] = stored.of(encoded, id);
    }
    return all;
  }

  /** Gives the next rows their values. */
  void fill(Object[][] rows) throws IOException {
    for (int from = 0; from < rows.length; ) {
      if (wanted != null) {
        skipTo(wanted.nextLong());
      } else if (left == 0) {
        open(pages.readPage());
      }
      int to = wanted != null ? from + 1 : Math.min(rows.length, from + left);
      if (byDictionary) {
        fillByDictionary(rows, from, to);
      } else {
        fillPlainly(rows, from, to);
      }
      next += to - from;
      left -= to - from;
      from = to;
    }
  }

  private void fillByDictionary(Object[][] rows, int from, int to) {
    for (int row = from; row < to; row++) {
      if (isNextThere()) {
        rows[row][at] = dictionary[values.readValueDictionaryId()];
      }
    }
  }

  private void fillPlainly(Object[][] rows, int from, int to) {
    for (int row = from; row < to; row++) {
      if (isNextThere()) {
        rows[row][at] = stored.next(values);
      }
    }
  }

  private boolean isNextThere() {
    return presence == null || presence.readInteger() == 1;
  }

  /** Leaves out the rows before one. */
  private void skipTo(long row) throws IOException {
    while (next + left <= row) {
      open(pages.readPage());
    }
    int there = 0;
    for (; next < row; next++, left--) {
      if (isNextThere()) {
        there++;
      }
    }
    values.skip(there);
  }

  private void open(DataPage page) throws IOException {
    if (page == null) {
      throw new IOException("The column %s ends before its row group".formatted(column));
    }
    next = page.getFirstRowIndex().orElse(next + left);
    left = page.getValueCount();
    if (page instanceof DataPageV1 first) {
      openFirst(first);
    } else {
      openSecond((DataPageV2) page);
    }
  }

  /** A page of version 1: presence and values are one stream. */
  private void openFirst(DataPageV1 page) throws IOException {
    ByteBufferInputStream in = page.getBytes().toInputStream();
    presence = null;
    if (column.getMaxDefinitionLevel() > 0) {
      presence = page.getDlEncoding().getValuesReader(column, ValuesType.DEFINITION_LEVEL);
      presence.initFromPage(left, in);
    }
    open(page.getValueEncoding(), in);
  }

  private void openSecond(DataPageV2 page) throws IOException {
    presence =
        column.getMaxDefinitionLevel() == 0
            ? null
            : new Presence(page.getDefinitionLevels().toInputStream());
    open(page.getDataEncoding(), page.getData().toInputStream());
  }

  private void open(Encoding encoding, ByteBufferInputStream in) throws IOException {
    byDictionary = encoding.usesDictionary();
    if (byDictionary && dictionary == null) {
      throw new IOException("The column %s has lost its dictionary".formatted(column));
    }
    // The values are in the dictionary above; the reader gives their numbers alone.
    values =
        byDictionary
            ? encoding.getDictionaryBasedValuesReader(column, ValuesType.VALUES, null)
            : encoding.getValuesReader(column, ValuesType.VALUES);
    values.initFromPage(left, in);
  }

  /** The presence of a page of version 2, which does not say how long it is. */
  private static final class Presence extends ValuesReader {
    private final RunLengthBitPackingHybridDecoder levels;

    Presence(ByteBufferInputStream in) {
      levels = new RunLengthBitPackingHybridDecoder(BytesUtils.getWidthFromMaxInt(1), in);
    }

    @Override
    public int readInteger() {
      try {
        return levels.readInt();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void skip() {
      readInteger();
    }
  }
}
