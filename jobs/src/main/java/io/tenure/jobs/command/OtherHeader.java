package io.tenure.jobs.command;

import io.tenure.common.UserError;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How Spark says that the header of a CSV file is not that of the file whose columns it took. */
final class OtherHeader {
  private static final Pattern NAMES =
      Pattern.compile(
          "CSV header does not conform to the schema.*?Header: ([^\\n]*)\\n\\s*Schema: ([^\\n]*)\\n.*?CSV file: (\\S+)",
          Pattern.DOTALL);

  /** It has not even as many columns. */
  private static final Pattern LENGTHS =
      Pattern.compile(
          "Number of column in CSV header is not equal.*?length: (\\d+), schema size: (\\d+)\\s*CSV file: (\\S+)",
          Pattern.DOTALL);

  private OtherHeader() {}

  /** The error of the input behind a failure to read a file; empty if it is another one. */
  static Optional<UserError> error(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage());
      Matcher names = NAMES.matcher(text);
      if (names.find()) {
        int unnamed = unnamed(names.group(1), names.group(2));
        if (unnamed >= 0) {
          return Optional.of(
              UserError.input(
                  "Cannot read %s: column %d has no name in the header. Name it; or read by position with input.options {enforceSchema: true}, where it is _c%d."
                      .formatted(names.group(3), unnamed + 1, unnamed),
                  failure));
        }
        return Optional.of(
            error(
                names.group(3),
                "its header has the columns " + names.group(1),
                names.group(2),
                failure));
      }
      Matcher lengths = LENGTHS.matcher(text);
      if (lengths.find()) {
        return Optional.of(
            error(
                lengths.group(3),
                "its header has %s columns".formatted(lengths.group(1)),
                lengths.group(2),
                failure));
      }
    }
    return Optional.empty();
  }

  /**
   * The first column, from 0, that has no name, if the header has the columns of the schema: Spark
   * calls it by its number there, and then does not find that in the file. Else -1.
   */
  private static int unnamed(String header, String schema) {
    String[] had = header.split(", ", -1);
    String[] wanted = schema.split(", ", -1);
    int first = -1;
    for (int at = 0; at < had.length && had.length == wanted.length; at++) {
      boolean isUnnamed = had[at].isBlank() && wanted[at].equals("_c" + at);
      if (!isUnnamed && !had[at].equals(wanted[at])) {
        return -1;
      }
      first = first < 0 && isUnnamed ? at : first;
    }
    return first;
  }

  private static UserError error(String file, String has, String other, Throwable cause) {
    return UserError.input(
        "Cannot read %s: %s where that of another file has %s. Give all files the same columns in the same order; or read them by position with input.options {enforceSchema: true}. Where some only have more at the end, {mode: PERMISSIVE} takes what all have."
            .formatted(file, has, other),
        cause);
  }
}
