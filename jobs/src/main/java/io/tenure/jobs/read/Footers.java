package io.tenure.jobs.read;

import io.tenure.common.UserError;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What the footers of Parquet files say, read on the cluster without touching a row.
 *
 * @param footers one per file, in the order of the files given
 */
record Footers(List<Footer> footers) {
  /** Files that one task opens: opening costs about a millisecond. */
  private static final int FILES_PER_TASK = 64;

  /**
   * One footer.
   *
   * @param schema the file's schema in Parquet's own notation
   * @param rows the number of rows
   * @param maxTime the greatest stored value of the time column, if it is a 64-bit column with
   *     statistics in every row group
   */
  record Footer(String path, String schema, long rows, Long maxTime) implements Serializable {}

  static Footers read(SparkSession spark, InputFiles files, String timeColumn) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<String> paths = files.files().stream().map(InputFiles.InputFile::path).toList();
    SerializableConfiguration hadoop = new SerializableConfiguration(context.hadoopConfiguration());
    int tasks = Math.max(1, Math.min(paths.size() / FILES_PER_TASK, 1000));
    List<Object> results =
        context
            .parallelize(paths, tasks)
            .mapPartitions(part -> readAll(part, timeColumn, hadoop.value()))
            .collect();
    for (Object result : results) {
      if (result instanceof Unreadable unreadable) {
        throw UserError.input(
            "Cannot read %s as Parquet: %s. Remove or repair the file, or set input.format."
                .formatted(unreadable.path(), unreadable.why()));
      }
    }
    return new Footers(results.stream().map(Footer.class::cast).toList());
  }

  private record Unreadable(String path, String why) implements Serializable {}

  private static Iterator<Object> readAll(
      Iterator<String> paths, String timeColumn, Configuration hadoop) {
    // Made once: every time it is, it reads the files of Hadoop's configuration anew.
    ParquetReadOptions options = HadoopReadOptions.builder(hadoop).build();
    Iterable<String> iterable = () -> paths;
    return java.util.stream.StreamSupport.stream(iterable.spliterator(), false)
        .map(path -> readOne(path, timeColumn, hadoop, options))
        .iterator();
  }

  private static Object readOne(
      String path, String timeColumn, Configuration hadoop, ParquetReadOptions options) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(path), hadoop), options)) {
      ParquetMetadata footer = reader.getFooter();
      MessageType schema = footer.getFileMetaData().getSchema();
      long rows = footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
      OptionalLong max = maxTime(footer, timeColumn);
      return new Footer(path, schema.toString(), rows, max.isPresent() ? max.getAsLong() : null);
    } catch (IOException | RuntimeException e) {
      return new Unreadable(path, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static OptionalLong maxTime(ParquetMetadata footer, String timeColumn) {
    long max = Long.MIN_VALUE;
    boolean any = false;
    for (BlockMetaData block : footer.getBlocks()) {
      Optional<ColumnChunkMetaData> chunk =
          block.getColumns().stream()
              .filter(column -> column.getPath().toDotString().equalsIgnoreCase(timeColumn))
              .findFirst();
      if (chunk.isEmpty()) {
        return OptionalLong.empty();
      }
      Statistics<?> statistics = chunk.get().getStatistics();
      if (statistics instanceof LongStatistics longs && longs.hasNonNullValue()) {
        max = Math.max(max, longs.getMax());
        any = true;
      } else if (statistics == null
          || !statistics.isNumNullsSet()
          || statistics.getNumNulls() < chunk.get().getValueCount()) {
        return OptionalLong.empty();
      }
    }
    return any ? OptionalLong.of(max) : OptionalLong.empty();
  }

  /** The distinct schemas, each with one file that has it. */
  Map<String, String> fileBySchema() {
    Map<String, String> files = new TreeMap<>();
    footers.forEach(footer -> files.putIfAbsent(footer.schema(), footer.path()));
    return files;
  }

  static MessageType parse(String schema) {
    return MessageTypeParser.parseMessageType(schema);
  }
}
