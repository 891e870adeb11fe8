package io.tenure.common.store;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnarFileTest {
  private static final Configuration HADOOP = new Configuration();

  static {
    HADOOP.setBoolean("parquet.page.verify-checksum.enabled", true);
  }

  private static final Contract CONTRACT =
      Contract.table(
          "t",
          "A row",
          List.of("number"),
          List.<Column>of(
              required("number", INT, "A number").in(Unit.NUMBER),
              optional("name", STRING, "A text, or none"),
              required("same", STRING, "The same text in every row")));

  private static final int ROWS = 100_000;

  @TempDir private java.nio.file.Path folder;

  private static List<Object[]> rows(int from, int to) {
    List<Object[]> rows = new ArrayList<>();
    for (int number = from; number < to; number++) {
      rows.add(new Object[] {number, number % 7 == 0 ? null : "name " + number, "same"});
    }
    return rows;
  }

  private Path written(long groupSize, boolean finished) throws IOException {
    Path file = new Path(folder.toUri().resolve("part-00000.parquet"));
    try (ColumnarFile out = new ColumnarFile(file, HADOOP, CONTRACT, groupSize)) {
      for (int from = 0; from < ROWS; from += 500) {
        out.write(rows(from, from + 500));
      }
      if (finished) {
        out.finish();
      }
    }
    return file;
  }

  /** By Parquet's own reader of rows, which looks at every column's count and every checksum. */
  @Test
  void every_row_is_whole_in_files_of_many_row_groups_and_pages() throws IOException {
    Path file = written(200_000, true);
    int next = 0;
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), file).withConf(HADOOP).build()) {
      for (Group row = reader.read(); row != null; row = reader.read(), next++) {
        assertThat(row.getInteger("number", 0)).isEqualTo(next);
        assertThat(row.getFieldRepetitionCount("name")).isEqualTo(next % 7 == 0 ? 0 : 1);
        if (next % 7 != 0) {
          assertThat(row.getString("name", 0)).isEqualTo("name " + next);
        }
        assertThat(row.getString("same", 0)).isEqualTo("same");
      }
    }
    assertThat(next).isEqualTo(ROWS);
  }

  @Test
  void a_row_group_says_how_many_rows_it_has_and_what_its_values_lie_between() throws IOException {
    Path file = written(200_000, true);
    long first = 0;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, HADOOP))) {
      List<BlockMetaData> groups = reader.getFooter().getBlocks();
      assertThat(groups).hasSizeGreaterThan(3);
      for (BlockMetaData group : groups) {
        ColumnChunkMetaData number = group.getColumns().get(0);
        assertThat((Object) number.getStatistics().genericGetMin()).isEqualTo((int) first);
        first += group.getRowCount();
        assertThat((Object) number.getStatistics().genericGetMax()).isEqualTo((int) first - 1);
        assertThat(group.getColumns())
            .allSatisfy(column -> assertThat(column.getValueCount()).isEqualTo(group.getRowCount()))
            .allSatisfy(column -> assertThat(column.getOffsetIndexReference()).isNotNull());
      }
    }
    assertThat(first).isEqualTo(ROWS);
  }

  @Test
  void a_file_that_was_not_finished_is_none() throws IOException {
    Path file = written(200_000, false);
    assertThatThrownBy(
            () ->
                TableReader.file(HADOOP, file.toString()).rows(List.of("number"), Optional.empty()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("Cannot read");
  }
}
