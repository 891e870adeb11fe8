package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.StorageFailure;
import java.io.IOException;
import java.io.ObjectStreamException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/** Tells the errors of data and of storage, which reach us through Spark, from bugs. */
final class Failures {
  /** How Spark says where a task wrote. */
  private static final Pattern WRITTEN =
      Pattern.compile("Task failed while writing rows to (\\S+?)\\.?(?:\\s|$)");

  /** How a path goes on below an output. */
  private static final Pattern OF_RUN = Pattern.compile("/runs/\\d{8}T\\d{6}Z[^/]*/");

  /** What a cause may tell, the surer first. */
  private static final List<Function<Throwable, Optional<UserError>>> KINDS =
      List.of(
          Failures::ofMemory,
          Failures::ofLibrary,
          Failures::ofSpark,
          Failures::ofExpression,
          Failures::ofSum,
          Failures::ofCluster);

  /** How Java and the libraries say that one is not there, the first time and later. */
  private static final Pattern LIBRARY =
      Pattern.compile(
          "UnsatisfiedLinkError|Cannot unpack lib|Could not initialize class (org\\.xerial\\.snappy|com\\.github\\.luben\\.zstd)");

  private static final String MULTIPLY = "Math.multiplyExact";

  /** SQL states of what a row made an expression do; what is of Spark itself has others. */
  private static final List<String> OF_VALUES = List.of("22", "23", "38", "39", "42", "P0");

  /** How Spark says that machines went away, or that the cluster did not answer. */
  private static final List<String> CLUSTER =
      List.of(
          "ExecutorLostFailure",
          "FetchFailed",
          "failed the maximum allowable number of times",
          "SparkContext was shut down",
          "stopped SparkContext",
          "masters are unresponsive",
          "The YARN application has already ended",
          "Yarn application has already exited",
          "due to AM Container",
          "External scheduler cannot be instantiated");

  private Failures() {}

  /** The user's error behind what was thrown; empty if it is a bug. */
  static Optional<UserError> userError(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError known) {
        return Optional.of(known);
      }
    }
    for (Function<Throwable, Optional<UserError>> kind : KINDS) {
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        Optional<UserError> error = kind.apply(cause);
        if (error.isPresent()) {
          return error;
        }
      }
    }
    return ofStorage(thrown);
  }

  /**
   * Of Tenure's own sums, only money comes near what a long can hold, which is in ten-thousandths;
   * what runs over in an expression of the config, Spark tells.
   */
  private static Optional<UserError> ofSum(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    boolean overflow = cause instanceof ArithmeticException || text.contains("ArithmeticException");
    // What Spark works out of an expression overflows by multiplying, as seconds to microseconds.
    boolean isSum = !text.contains(MULTIPLY) && !isThrownBy(cause, MULTIPLY);
    return overflow && isSum && text.contains("long overflow")
        ? Optional.of(
            UserError.input(
                "Amounts add up to more than 922,337,203,685,477.5807, which is the most that Tenure"
                    + " can add up. Look for amounts that cannot be and leave them out with"
                    + " input.where, or count in a larger unit, as in input.amount: \"amount / 1000\".",
                cause))
        : Optional.empty();
  }

  private static boolean isThrownBy(Throwable cause, String method) {
    return Stream.of(cause.getStackTrace())
        .limit(1)
        .anyMatch(
            at -> (at.getClassName() + "." + at.getMethodName()).equals("java.lang." + method));
  }

  /** Java or Spark ran out of memory; Spark tells it of tasks in the text of its own exception. */
  private static Optional<UserError> ofMemory(Throwable cause) {
    boolean isTooLittle =
        cause instanceof SparkThrowable spark
            && "INVALID_DRIVER_MEMORY".equals(spark.getCondition());
    return isTooLittle
            || cause instanceof OutOfMemoryError
            || String.valueOf(cause.getMessage()).contains("java.lang.OutOfMemoryError")
            || String.valueOf(cause.getMessage()).contains("exceeding physical memory")
        ? Optional.of(
            UserError.usage(
                "Too little memory: %s. Give Java more, with TENURE_JAVA_OPTS=-Xmx4g, or with --driver-memory and --executor-memory of spark-submit; if a segment may have very many values, `plan` says so."
                    .formatted(withoutFullStop(UserError.firstLine(cause)))))
        : Optional.empty();
  }

  /** Parquet's compression is a library of the machine's own code, which Java has to unpack. */
  private static Optional<UserError> ofLibrary(Throwable cause) {
    boolean isUnloaded = LIBRARY.matcher(cause.toString()).find();
    return isUnloaded
        ? Optional.of(
            UserError.storage(
                "Cannot load a library that Java unpacks into its temporary folder, %s: %s. Make room there, or have it mounted without noexec; or name another place: %s."
                    .formatted(
                        System.getProperty("java.io.tmpdir"),
                        withoutFullStop(UserError.firstLine(cause)),
                        Commands.TEMPORARY),
                cause))
        : Optional.empty();
  }

  /** A machine that is taken away is nobody's mistake, and another run may do. */
  private static Optional<UserError> ofCluster(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    return CLUSTER.stream().anyMatch(text::contains)
        ? Optional.of(
            UserError.storage(
                "The cluster failed: %s. It is safe to run again. If it fails again, look whether the master can be reached, and whether executors are ended for taking too much memory."
                    .formatted(withoutFullStop(UserError.firstLine(cause))),
                cause))
        : Optional.empty();
  }

  private static String withoutFullStop(String line) {
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }

  /** Spark names the place it wrote to in one cause, and what befell it there in another. */
  private static Optional<UserError> ofStorage(Throwable thrown) {
    String place = null;
    boolean failed = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      Matcher written = WRITTEN.matcher(text);
      place = written.find() ? written.group(1) : place;
      // An object that cannot be sent is no matter of storage, and would not be next time.
      boolean isIo = cause instanceof IOException && !(cause instanceof ObjectStreamException);
      failed |= isIo || StorageFailure.isToldBy(text);
    }
    if (!failed) {
      return Optional.empty();
    }
    return Optional.of(
        place == null
            ? StorageFailure.of(
                "use", "storage (the output, spark.local.dir, or the temporary folder)", thrown)
            : StorageFailure.of("write", place, thrown));
  }

  /**
   * The sentence in which Spark says that an expression met a value that it cannot take; empty if
   * something else went wrong.
   */
  static Optional<String> ofValue(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (isOfValue(cause)) {
        return Optional.of(UserError.firstLine(cause));
      }
    }
    return Optional.empty();
  }

  /** What is wrong with an expression by itself is found when it is resolved, before any row. */
  private static boolean isOfValue(Throwable cause) {
    if (cause instanceof PatternSyntaxException) {
      return true;
    }
    boolean isOverflow = cause instanceof ArithmeticException && isThrownBy(cause, MULTIPLY);
    return isOverflow
        || cause instanceof SparkThrowable spark
            && !(cause instanceof AnalysisException)
            && spark.getSqlState() != null
            && OF_VALUES.contains(spark.getSqlState().substring(0, 2));
  }

  private static Optional<UserError> ofSpark(Throwable cause) {
    if (!(cause instanceof SparkThrowable spark) || spark.getCondition() == null) {
      return Optional.empty();
    }
    String gone = UserError.firstLine(cause);
    if (spark.getCondition().equals("PATH_NOT_FOUND") && OF_RUN.matcher(gone + "/").find()) {
      return Optional.of(
          UserError.storage(
              "Cannot read what a run has written: %s. Restore it; or go back to another run with `rollback`, or `run --full`."
                  .formatted(withoutFullStop(gone)),
              cause));
    }
    if (spark.getCondition().startsWith("FAILED_READ_FILE")) {
      String line = UserError.firstLine(cause);
      if (OF_RUN.matcher(line).find()) {
        return Optional.of(
            UserError.storage(
                "Cannot read what a run has written: %s. If it fails again, the file is damaged: go back to another run with `rollback`, or `run --full`."
                    .formatted(withoutFullStop(line)),
                cause));
      }
      if (StorageFailure.mayPass(cause)) {
        return Optional.of(StorageFailure.passing("the input", line, cause));
      }
      return OtherHeader.error(cause)
          .or(
              () ->
                  Optional.of(
                      UserError.input(
                          "Cannot read the input: %s%s. %s"
                              .formatted(
                                  withoutFullStop(line), deepest(cause), remedy(deepest(cause))),
                          cause)));
    }
    return Optional.empty();
  }

  /** A file is not damaged that is compressed as nobody here can read it. */
  private static String remedy(String deepest) {
    return deepest.contains("Codec")
        ? "Write the file with zstd or snappy, or put a library for its compression on the class path."
        : "Repair or remove the file.";
  }

  /** What the last of the causes says, where Spark says only in which file. */
  private static String deepest(Throwable thrown) {
    Throwable last = thrown;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return last == thrown || last.getMessage() == null
        ? ""
        : " (%s)".formatted(withoutFullStop(UserError.firstLine(last)));
  }

  private static Optional<UserError> ofExpression(Throwable cause) {
    return isOfValue(cause)
        ? Optional.of(
            UserError.input(
                "An expression failed on a row: %s. Make it give NULL there, as try_cast and nullif do, or leave such rows out with input.where."
                    .formatted(withoutFullStop(UserError.firstLine(cause))),
                cause))
        : Optional.empty();
  }
}
