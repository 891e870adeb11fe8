package io.tenure.common.store;

import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.impl.ColumnWriteStoreV1;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * A Parquet file of a contract's columns that is written some hundred rows at a time, one column of
 * them after the other: Parquet's own writer of rows goes from column to column for every row,
 * which takes twice as long. Pages, dictionaries, statistics and compression are Parquet's, with
 * its defaults.
 */
final class ColumnarFile implements AutoCloseable {
  private static final ParquetProperties PROPERTIES = ParquetProperties.builder().build();

  private final Contract contract;
  private final MessageType schema;
  private final CompressionCodecFactory codecs;
  private final ParquetFileWriter file;
  private final FieldWriter[] fields;
  private final long groupSize;
  private Group group;

  ColumnarFile(Path path, Configuration hadoop, Contract contract) throws IOException {
    this(path, hadoop, contract, ParquetWriter.DEFAULT_BLOCK_SIZE);
  }

  /**
   * @param groupSize bytes at which a row group ends, about
   */
  ColumnarFile(Path path, Configuration hadoop, Contract contract, long groupSize)
      throws IOException {
    this.groupSize = groupSize;
    this.contract = contract;
    this.schema = ParquetTypes.of(contract);
    this.fields =
        contract.columns().stream()
            .map(column -> FieldWriter.of(contract.name(), column))
            .toArray(FieldWriter[]::new);
    this.codecs = new CodecFactory(hadoop, PROPERTIES.getPageSizeThreshold());
    this.file =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(path, hadoop),
            schema,
            ParquetFileWriter.Mode.CREATE,
            groupSize,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            null,
            PROPERTIES);
    file.start();
  }

  /** The rows that are written together. */
  private final class Group {
    private final ColumnChunkPageWriteStore pages =
        new ColumnChunkPageWriteStore(
            codecs.getCompressor(CompressionCodecName.SNAPPY),
            schema,
            HeapByteBufferAllocator.getInstance(),
            PROPERTIES.getColumnIndexTruncateLength(),
            PROPERTIES.getPageWriteChecksumEnabled());
    private final ColumnWriteStore[] stores = new ColumnWriteStore[fields.length];
    private final ColumnWriter[] columns = new ColumnWriter[fields.length];
    private long rows;

    Group() {
      for (int at = 0; at < fields.length; at++) {
        MessageType alone = new MessageType(schema.getName(), schema.getType(at));
        stores[at] = new ColumnWriteStoreV1(alone, (PageWriteStore) pages, PROPERTIES);
        columns[at] = stores[at].getColumnWriter(alone.getColumns().get(0));
      }
    }

    void write(List<Object[]> batch) {
      for (int at = 0; at < fields.length; at++) {
        write(batch, at, fields[at], columns[at], stores[at]);
      }
      rows += batch.size();
    }

    /** A record of such a store is a value. */
    private static void write(
        List<Object[]> batch,
        int at,
        FieldWriter field,
        ColumnWriter column,
        ColumnWriteStore store) {
      for (Object[] row : batch) {
        field.write(row, at, column);
        store.endRecord();
      }
    }

    boolean isFull() {
      long size = 0;
      for (ColumnWriteStore store : stores) {
        size += store.getBufferedSize();
      }
      return size >= groupSize;
    }

    void end() throws IOException {
      file.startBlock(rows);
      for (ColumnWriteStore store : stores) {
        store.flush();
      }
      pages.flushToFileWriter(file);
      file.endBlock();
      release();
    }

    void release() {
      for (ColumnWriteStore store : stores) {
        store.close();
      }
      pages.close();
    }
  }

  /**
   * Writes rows after those before.
   *
   * @throws IllegalStateException if a required column has no value
   */
  void write(List<Object[]> batch) throws IOException {
    if (group == null) {
      group = new Group();
    }
    group.write(batch);
    if (group.isFull()) {
      Group full = group;
      group = null;
      full.end();
    }
  }

  /** Makes the file whole. One that is closed without this is none that a reader takes. */
  void finish() throws IOException {
    if (group != null) {
      Group rest = group;
      group = null;
      rest.end();
    }
    file.end(Map.of(ParquetTypes.SPARK_SCHEMA, SparkSchema.of(contract).json()));
  }

  @Override
  public void close() throws IOException {
    if (group != null) {
      group.release();
    }
    codecs.release();
    file.close();
  }
}
