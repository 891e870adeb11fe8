package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig.Format;
import io.tenure.common.store.StateManifest;
import io.tenure.common.store.StorageFailure;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What the footers of Parquet or ORC files say, read on the cluster without touching a row.
 *
 * @param footers one per file, in the order of the files given
 */
record Footers(List<Footer> footers) {
  /** Files that one task opens: opening costs about a millisecond. */
  private static final int FILES_PER_TASK = 64;

  /**
   * One footer.
   *
   * @param schema the file's schema in the format's own notation
   * @param rows the number of rows
   */
  record Footer(String path, String schema, long rows) implements Serializable {
    /** The same, with a schema that is equal to others as the same object. */
    Footer sharing(Map<String, String> schemas) {
      return new Footer(path, schemas.computeIfAbsent(schema, same -> same), rows);
    }
  }

  /**
   * Reads what is not known.
   *
   * @param format PARQUET or ORC
   * @param known files by their URI, as they were found before; one of another size or time is read
   */
  static Footers read(
      SparkSession spark,
      Format format,
      InputFiles files,
      Map<String, StateManifest.KnownFile> known) {
    Map<String, Footer> footers = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    for (InputFile file : files.files()) {
      StateManifest.KnownFile before = known.get(file.uri());
      boolean unchanged = before != null && before.isSameAs(file.size(), file.modified());
      footers.put(
          file.path(), unchanged ? new Footer(file.path(), before.schema(), before.rows()) : null);
      if (!unchanged) {
        unknown.add(file.path());
      }
    }
    Map<String, String> schemas = new HashMap<>();
    read(spark, format, unknown)
        .forEach(footer -> footers.put(footer.path(), footer.sharing(schemas)));
    return new Footers(List.copyOf(footers.values()));
  }

  private static List<Footer> read(SparkSession spark, Format format, List<String> paths) {
    if (paths.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop = new SerializableConfiguration(context.hadoopConfiguration());
    int tasks = Math.max(1, Math.min(paths.size() / FILES_PER_TASK, 1000));
    List<Object> results =
        context
            .parallelize(paths, tasks)
            .mapPartitions(part -> readAll(part, format, hadoop.value()))
            .collect();
    for (Object result : results) {
      if (result instanceof Unreadable unreadable) {
        if (unreadable.mayPass()) {
          throw StorageFailure.passing(unreadable.path(), unreadable.why(), null);
        }
        throw UserError.input(
            "Cannot read %s as %s: %s. Remove or repair the file, or set input.format."
                .formatted(
                    unreadable.path(), format == Format.ORC ? "ORC" : "Parquet", unreadable.why()));
      }
    }
    return results.stream().map(Footer.class::cast).toList();
  }

  private record Unreadable(String path, String why, boolean mayPass) implements Serializable {
    static Unreadable of(String path, Exception e) {
      return new Unreadable(path, UserError.firstLine(e), StorageFailure.mayPass(e));
    }
  }

  private static Iterator<Object> readAll(
      Iterator<String> paths, Format format, Configuration hadoop) {
    // Most files have the same schema: it is sent, and kept, once.
    Map<String, String> schemas = new HashMap<>();
    // Made once: every time it is, it reads the files of Hadoop's configuration anew.
    ParquetReadOptions options = HadoopReadOptions.builder(hadoop).build();
    Iterable<String> iterable = () -> paths;
    return java.util.stream.StreamSupport.stream(iterable.spliterator(), false)
        .map(
            path ->
                format == Format.ORC ? readOrc(path, hadoop) : readParquet(path, hadoop, options))
        .map(read -> read instanceof Footer footer ? footer.sharing(schemas) : read)
        .iterator();
  }

  private static Object readOrc(String path, Configuration hadoop) {
    try (Reader reader = OrcFile.createReader(new Path(path), OrcFile.readerOptions(hadoop))) {
      return new Footer(path, reader.getSchema().toString(), reader.getNumberOfRows());
    } catch (IOException | RuntimeException e) {
      return Unreadable.of(path, e);
    }
  }

  private static Object readParquet(String path, Configuration hadoop, ParquetReadOptions options) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(path), hadoop), options)) {
      ParquetMetadata footer = reader.getFooter();
      MessageType schema = footer.getFileMetaData().getSchema();
      long rows = footer.getBlocks().stream().mapToLong(BlockMetaData::getRowCount).sum();
      return new Footer(path, schema.toString(), rows);
    } catch (IOException | RuntimeException e) {
      return Unreadable.of(path, e);
    }
  }

  /** The schemas by path. */
  Map<String, String> schemas() {
    return footers.stream().collect(Collectors.toMap(Footer::path, Footer::schema));
  }

  /** The distinct schemas, each with one file that has it. */
  Map<String, String> fileBySchema() {
    Map<String, String> files = new TreeMap<>();
    footers.forEach(footer -> files.putIfAbsent(footer.schema(), footer.path()));
    return files;
  }
}
