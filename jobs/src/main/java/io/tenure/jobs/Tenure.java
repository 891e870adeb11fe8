package io.tenure.jobs;

import io.tenure.jobs.command.Commands;
import io.tenure.jobs.command.Console;
import java.util.Locale;
import org.apache.spark.SparkUserAppException;

/**
 * The commands: {@code spark-submit --class io.tenure.jobs.Tenure tenure.jar COMMAND …}, or {@code
 * scripts/tenure COMMAND …} with Spark embedded.
 */
public final class Tenure {
  private Tenure() {}

  public static void main(String[] arguments) throws SparkUserAppException {
    // What is written is read by programs, and by people of one run in several places.
    Locale.setDefault(Locale.ROOT);
    Ending ending = Ending.ofProcess();
    int exitCode;
    try {
      exitCode = Commands.execute(Console.ofProcess(), ending::hasBegun, arguments);
    } finally {
      ending.said();
    }
    if (exitCode == 0) {
      return;
    }
    if (Boolean.getBoolean("tenure.embedded")) {
      System.exit(exitCode);
    }
    // Under spark-submit an exit would skip Spark's own ending; this carries the code instead.
    throw new SparkUserAppException(exitCode, null);
  }
}
