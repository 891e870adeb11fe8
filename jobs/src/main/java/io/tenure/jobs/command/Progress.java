package io.tenure.jobs.command;

import io.tenure.common.store.RunRecord;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.spark.SparkContext;

/** Tells how far a run is: a line a stage, and the description of its jobs in Spark's own page. */
final class Progress {
  private final SparkContext spark;
  private final PrintStream out;
  private final InstantSource clock;
  private final List<RunRecord.Stage> stages = new ArrayList<>();

  Progress(SparkContext spark, PrintStream out, InstantSource clock) {
    this.spark = spark;
    this.out = out;
    this.clock = clock;
  }

  /**
   * Runs a stage.
   *
   * @param description what its jobs do, for Spark's page
   * @param rows the rows that the result of the stage stands for
   */
  <T> T stage(String name, String description, Supplier<T> work, ToLongFunction<T> rows) {
    spark.setJobDescription(description);
    long start = clock.millis();
    try {
      T result = work.get();
      double seconds = (clock.millis() - start) / 1000.0;
      long count = rows.applyAsLong(result);
      stages.add(new RunRecord.Stage(name, seconds, count));
      out.println(line(name, count, seconds));
      return result;
    } finally {
      spark.setJobDescription(null);
    }
  }

  private static String line(String name, long rows, double seconds) {
    String rate = seconds > 0 ? String.format(Locale.ROOT, "%,14.0f rows/s", rows / seconds) : "";
    return String.format(Locale.ROOT, "  %-9s %,14d rows %8.1f s %s", name, rows, seconds, rate)
        .stripTrailing();
  }

  void say(String line) {
    out.println(line);
  }

  /** The stages since this was last asked. */
  List<RunRecord.Stage> takeStages() {
    List<RunRecord.Stage> taken = List.copyOf(stages);
    stages.clear();
    return taken;
  }
}
