package io.tenure.jobs.command;

import io.tenure.common.UserError;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.SparkThrowable;

/** Tells the errors of data and of storage, which reach us through Spark, from bugs. */
final class Failures {
  private Failures() {}

  /** The user's error behind what was thrown; empty if it is a bug. */
  static Optional<UserError> userError(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError known) {
        return Optional.of(known);
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      Optional<UserError> error = ofSpark(cause);
      if (error.isPresent()) {
        return error;
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return Optional.of(
            UserError.storage(
                "Storage failed: %s. Nothing was published; it is safe to run again."
                    .formatted(firstLine(cause)),
                thrown));
      }
    }
    // Spark tells the driver of a failed task in text only.
    return String.valueOf(thrown.getMessage()).contains("No space left on device")
        ? Optional.of(
            UserError.storage(
                "Storage failed: no space left on device. Nothing was published; make room and run"
                    + " again.",
                thrown))
        : Optional.empty();
  }

  private static Optional<UserError> ofSpark(Throwable cause) {
    if (!(cause instanceof SparkThrowable spark) || spark.getCondition() == null) {
      return Optional.empty();
    }
    if (spark.getCondition().startsWith("FAILED_READ_FILE")) {
      return Optional.of(
          UserError.input(
              "Cannot read the input: %s. Repair or remove the file.".formatted(firstLine(cause)),
              cause));
    }
    // SQL states of class 22 are about values: an expression of the config met one it cannot take.
    if (spark.getSqlState() != null && spark.getSqlState().startsWith("22")) {
      return Optional.of(
          UserError.input(
              "An expression of the config failed on a row: %s".formatted(firstLine(cause)),
              cause));
    }
    return Optional.empty();
  }

  private static String firstLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("").strip();
  }
}
