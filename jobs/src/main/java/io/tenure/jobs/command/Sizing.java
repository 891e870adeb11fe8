package io.tenure.jobs.command;

import io.tenure.jobs.read.InputFiles.InputFile;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * How the work is cut, from the size of the input.
 *
 * @param bytesPerTask what one task reads: the more, the more of a user's days meet before the
 *     shuffle
 * @param shufflePartitions tasks after the shuffle
 */
record Sizing(long bytesPerTask, int shufflePartitions) {
  private static final long LARGEST_TASK = 1L << 30;
  private static final long SMALLEST_TASK = 16L << 20;
  private static final long BYTES_PER_SHUFFLE_TASK = 256L << 20;

  /** Spark counts this for opening a file, so that many small files spread over tasks. */
  private static final long OPEN_COST = 4L << 20;

  private static final String MAX_PARTITION_BYTES = "spark.sql.files.maxPartitionBytes";

  static Sizing of(SparkSession spark, List<InputFile> files) {
    int cores = spark.sparkContext().defaultParallelism();
    long bytes = files.stream().mapToLong(InputFile::size).sum();
    long cost = bytes + files.size() * OPEN_COST;
    long perTask = Math.max(SMALLEST_TASK, Math.min(LARGEST_TASK, cost / (2L * cores) + 1));
    return new Sizing(perTask, (int) Math.max(cores, 1 + bytes / BYTES_PER_SHUFFLE_TASK));
  }

  /** Sets what Spark reads per task, unless whoever started it has set that. */
  void applyTo(SparkSession spark) {
    if (!spark.sparkContext().getConf().contains(MAX_PARTITION_BYTES)) {
      spark.conf().set(MAX_PARTITION_BYTES, Long.toString(bytesPerTask));
    }
  }
}
