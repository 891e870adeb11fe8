package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.StorageFailure;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/** Tells the errors of data and of storage, which reach us through Spark, from bugs. */
final class Failures {
  /** How Spark says where a task wrote. */
  private static final Pattern WRITTEN =
      Pattern.compile("Task failed while writing rows to (\\S+?)\\.?(?:\\s|$)");

  private Failures() {}

  /** The user's error behind what was thrown; empty if it is a bug. */
  static Optional<UserError> userError(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UserError known) {
        return Optional.of(known);
      }
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (isOfSum(cause)) {
        return Optional.of(
            UserError.input(
                "Amounts add up to more than 922,337,203,685,477.5807, which is the most that Tenure"
                    + " can add up. Look for amounts that cannot be and leave them out with"
                    + " input.where, or count in a larger unit, as in input.amount: \"amount / 1000\".",
                thrown));
      }
      Optional<UserError> error = ofSpark(cause);
      if (error.isPresent()) {
        return error;
      }
    }
    return ofStorage(thrown);
  }

  /** Only money comes near what a long can hold, which is in ten-thousandths. */
  private static boolean isOfSum(Throwable cause) {
    return String.valueOf(cause.getMessage()).contains("long overflow")
        && (cause instanceof ArithmeticException
            || cause.getMessage().contains("ArithmeticException"));
  }

  /** Spark names the place it wrote to in one cause, and what befell it there in another. */
  private static Optional<UserError> ofStorage(Throwable thrown) {
    String place = null;
    boolean failed = false;
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      Matcher written = WRITTEN.matcher(text);
      place = written.find() ? written.group(1) : place;
      failed |= cause instanceof IOException || StorageFailure.isToldBy(text);
    }
    if (!failed) {
      return Optional.empty();
    }
    return Optional.of(
        place == null
            ? StorageFailure.of("use", "storage (the output, or spark.local.dir)", thrown)
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

  /** SQL states of class 22 are about values. */
  private static boolean isOfValue(Throwable cause) {
    return cause instanceof SparkThrowable spark
        && spark.getSqlState() != null
        && spark.getSqlState().startsWith("22");
  }

  private static Optional<UserError> ofSpark(Throwable cause) {
    if (!(cause instanceof SparkThrowable spark) || spark.getCondition() == null) {
      return Optional.empty();
    }
    if (spark.getCondition().startsWith("FAILED_READ_FILE")) {
      return Optional.of(
          UserError.input(
              "Cannot read the input: %s. Repair or remove the file."
                  .formatted(UserError.firstLine(cause)),
              cause));
    }
    if (isOfValue(cause)) {
      return Optional.of(
          UserError.input(
              "An expression failed on a row: %s. Make it give NULL there, as try_cast and nullif do, or leave such rows out with input.where."
                  .formatted(UserError.firstLine(cause)),
              cause));
    }
    return Optional.empty();
  }
}
