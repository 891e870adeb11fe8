package io.tenure.jobs.sample;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.tenure.common.UserError;
import io.tenure.common.store.FileSystems;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Writes a sample log as Parquet, partitioned by UTC day.
 *
 * <p>Input: none but the options. Output:
 *
 * <pre>
 * DIRECTORY/dt=2025-01-01/events.parquet   what arrived in time, by time
 * DIRECTORY/dt=2025-01-01/late.parquet     what arrived after the day was written, if anything did
 * DIRECTORY/_SUCCESS                       written last
 * </pre>
 */
public final class SampleLog {
  /** Rows before they are written: time and day as numbers, which no session setting changes. */
  private static final StructType GENERATED =
      StructType.fromDDL(
          "event_id STRING, user_id STRING, time_micros BIGINT, event_name STRING, country STRING,"
              + " platform STRING, plan STRING, amount DECIMAL(10,2), day INT NOT NULL,"
              + " late BOOLEAN NOT NULL");

  private SampleLog() {}

  /**
   * What was written.
   *
   * @param rows rows in all files, broken and late ones included
   * @param lateRows rows in the late files
   */
  public record Written(long rows, long lateRows) {}

  /**
   * Writes a log: lives every user, gathers the rows of a day in one task, sorts them by time,
   * writes them aside, then moves the finished files into place.
   *
   * <p>Timestamps are stored in microseconds where {@code spark.sql.parquet.outputTimestampType}
   * says so; a single write cannot.
   *
   * @param directory any Hadoop path; absent or empty
   */
  public static Written write(SparkSession spark, SampleOptions options, String directory) {
    Path target = path(directory);
    try {
      FileSystem files = FileSystems.of(target, spark.sparkContext().hadoopConfiguration());
      refuseUnlessEmpty(files, target);
      Path aside = new Path(target, "_unfinished");
      spark
          .sparkContext()
          .setJobDescription(
              "Write a sample log of "
                  + options.users()
                  + " users over "
                  + options.days()
                  + " days");
      Written written;
      try {
        written = writeAside(generate(spark, options), aside);
      } finally {
        spark.sparkContext().setJobDescription(null);
      }
      publish(files, new Path(aside, "late=false"), "events.parquet", target);
      publish(files, new Path(aside, "late=true"), "late.parquet", target);
      files.delete(aside, true);
      files.create(new Path(target, "_SUCCESS"), true).close();
      return written;
    } catch (IOException e) {
      throw UserError.storage("Cannot write a sample log to " + directory + ": " + e, e);
    }
  }

  private static Path path(String directory) {
    try {
      return new Path(directory);
    } catch (IllegalArgumentException e) {
      throw UserError.usage(
          "Cannot write a sample log to '%s': %s; give --out a new or empty directory"
              .formatted(directory, e.getMessage()));
    }
  }

  private static void refuseUnlessEmpty(FileSystem files, Path target) throws IOException {
    refuseBelowFile(files, target);
    if (files.exists(target) && files.listStatus(target).length > 0) {
      throw UserError.usage(
          "Cannot write a sample log to "
              + target
              + ": it exists and is not empty; give --out a new or empty directory");
    }
  }

  private static void refuseBelowFile(FileSystem files, Path target) throws IOException {
    Path above = target.getParent();
    while (above != null && !files.exists(above)) {
      above = above.getParent();
    }
    if (above != null && files.getFileStatus(above).isFile()) {
      throw UserError.usage(
          "Cannot write a sample log to %s: %s is a file; give --out a new or empty directory"
              .formatted(target, above));
    }
  }

  private static Dataset<Row> generate(SparkSession spark, SampleOptions options) {
    MapPartitionsFunction<Long, Row> live = numbers -> rows(options, numbers);
    return spark
        .range(options.users())
        .mapPartitions(live, Encoders.row(GENERATED))
        .select(
            col("event_id"),
            col("user_id"),
            timestamp_micros(col("time_micros")).as("event_time"),
            col("event_name"),
            col("country"),
            col("platform"),
            col("plan"),
            col("amount"),
            date_from_unix_date(col("day")).as("dt"),
            col("late"));
  }

  private static Iterator<Row> rows(SampleOptions options, Iterator<Long> numbers) {
    Iterable<Long> users = () -> numbers;
    Stream<SampleEvent> events =
        StreamSupport.stream(users.spliterator(), false)
            .flatMap(number -> SampleUser.events(options, number).stream());
    return events.map(SampleLog::row).iterator();
  }

  private static Row row(SampleEvent event) {
    return RowFactory.create(
        event.eventId(),
        event.userId(),
        event.time() == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, event.time()),
        event.name(),
        event.country(),
        event.platform(),
        event.plan(),
        event.amount(),
        (int) event.day().toEpochDay(),
        event.late());
  }

  private static Written writeAside(Dataset<Row> events, Path aside) {
    Observation counted = new Observation("sample log");
    events
        .repartition(col("dt"))
        .observe(counted, count(lit(1)).as("rows"), count_if(col("late")).as("late_rows"))
        .sortWithinPartitions(col("late"), col("dt"), col("event_time"), col("event_id"))
        .write()
        .partitionBy("late", "dt")
        .parquet(aside.toString());
    try {
      Map<String, Object> counts = counted.getAsJava();
      return new Written((Long) counts.get("rows"), (Long) counts.get("late_rows"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted before the rows were counted", e);
    }
  }

  /** Moves the one file of every day to its partition of the log. */
  private static void publish(FileSystem files, Path from, String name, Path target)
      throws IOException {
    if (!files.exists(from)) {
      return;
    }
    for (FileStatus day : files.listStatus(from)) {
      Path partition = new Path(target, day.getPath().getName());
      files.mkdirs(partition);
      FileStatus[] written = files.listStatus(day.getPath());
      if (written.length != 1) {
        throw new IllegalStateException(day.getPath() + " holds " + written.length + " files");
      }
      if (!files.rename(written[0].getPath(), new Path(partition, name))) {
        throw new IOException("cannot move " + written[0].getPath() + " to " + partition);
      }
    }
  }
}
