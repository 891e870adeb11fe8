package io.tenure.jobs.command;

import io.tenure.common.Nearest;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkThrowable;

/** What the writer of an SQL condition on a published table most likely meant to write. */
final class Remedy {
  private static final String DAY = "Write a day as '2025-06-01', in quotes.";

  private Remedy() {}

  /** What Spark says of a condition, in a line, and what to write instead where that is clear. */
  static String after(String told, Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable spark && spark.getCondition() != null) {
        String remedy = of(spark.getCondition(), spark.getMessageParameters());
        if (!remedy.isEmpty()) {
          return told.replaceFirst("[;.\\s]+$", "") + ". " + remedy;
        }
      }
    }
    return told;
  }

  private static String of(String condition, Map<String, String> parameters) {
    if (condition.startsWith("UNRESOLVED_COLUMN")) {
      String name = parameters.getOrDefault("objectName", "month").replace("`", "");
      List<String> columns =
          List.of(parameters.getOrDefault("proposal", "").replace("`", "").split(", "));
      return Nearest.of(name, columns)
          .map("Did you mean the column '%s'?"::formatted)
          .orElse("Write a text in quotes, as '%s'.".formatted(name));
    }
    // 2025-06-01 without quotes is a subtraction.
    boolean isOfDay = parameters.values().stream().anyMatch(value -> value.contains("\"DATE\""));
    boolean isMismatch =
        condition.startsWith("DATATYPE_MISMATCH") || condition.startsWith("CAST_INVALID_INPUT");
    return isOfDay && isMismatch ? DAY : "";
  }
}
