package io.tenure.common.store;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * The rows of one file, some hundred at a time, one column of them after the other: Parquet's own
 * assembly of rows goes from column to column for every row, which takes several times as long.
 */
final class RowBatches implements AutoCloseable {
  private static final int BATCH = 512;

  private final ParquetFileReader file;
  private final MessageType wanted;
  private final List<String> columns;
  private final boolean asBytes;
  private ColumnPages[] pages = {};
  private long left;

  /**
   * @param columns the values of a row, in this order; one that the file lacks is null
   * @param filter pages to leave out where their statistics allow
   * @param asBytes whether bytes stay bytes, whatever they stand for
   */
  RowBatches(
      Path path,
      Configuration hadoop,
      List<String> columns,
      FilterCompat.Filter filter,
      boolean asBytes)
      throws IOException {
    this.asBytes = asBytes;
    this.file =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(path, hadoop),
            HadoopReadOptions.builder(hadoop, path).withRecordFilter(filter).build());
    MessageType schema = file.getFileMetaData().getSchema();
    List<Type> known =
        columns.stream().filter(schema::containsField).map(schema::getType).distinct().toList();
    this.wanted = new MessageType(schema.getName(), known);
    this.columns = columns;
    file.setRequestedSchema(wanted);
  }

  /** The next rows; null after the last. */
  Object[][] next() throws IOException {
    while (left == 0) {
      PageReadStore group = file.readNextFilteredRowGroup();
      if (group == null) {
        return null;
      }
      open(group);
    }
    int size = (int) Math.min(left, BATCH);
    left -= size;
    Object[][] rows = new Object[size][columns.size()];
    for (ColumnPages column : pages) {
      column.fill(rows);
    }
    return rows;
  }

  private void open(PageReadStore group) throws IOException {
    left = group.getRowCount();
    pages = new ColumnPages[wanted.getFieldCount()];
    for (int field = 0; field < pages.length; field++) {
      PrimitiveType type = wanted.getType(field).asPrimitiveType();
      pages[field] =
          new ColumnPages(
              group,
              wanted.getColumns().get(field),
              StoredValues.of(type, asBytes),
              columns.indexOf(type.getName()));
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
