package io.tenure.common.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tenure.common.UserError;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How a command ended, for a caller whom its exit code does not reach: in cluster mode Spark's
 * client on a standalone cluster ends with 0 whatever becomes of the driver, and so it may on
 * Kubernetes (SPARK-26365).
 *
 * @param exitCode of the command
 * @param message the error, in the words of the command; null if there was none
 * @param startedAt an instant, ISO 8601
 * @param finishedAt an instant, ISO 8601
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Outcome(int exitCode, String message, String startedAt, String finishedAt) {

  /**
   * Removes what an earlier command left in a file, so that nobody takes it for this one's.
   *
   * @throws UserError of usage, if something else is there: it is left alone
   */
  public static void clear(String file, Configuration hadoop) {
    Path path = path(file);
    Storage storage = storage(path, hadoop);
    if (!storage.exists(path)) {
      return;
    }
    try {
      if (!storage.isEmptyFile(path)) {
        storage.find(path, Outcome.class);
      }
    } catch (JsonProcessingException | UserError e) {
      throw UserError.usage(
          "Cannot use '%s' for the outcome of a command: it is there, and no outcome of a command. Name another file, or remove it."
              .formatted(file));
    }
    storage.delete(path);
  }

  /** Writes this to a file; a reader finds all of it, or none. */
  public void write(String file, Configuration hadoop) {
    Path path = path(file);
    Storage storage = storage(path, hadoop);
    storage.replace(storage.qualified(path), this);
  }

  /**
   * Reads a file.
   *
   * @return empty if there is no such file
   */
  public static Optional<Outcome> read(String file, Configuration hadoop) {
    Path path = path(file);
    try {
      return storage(path, hadoop).find(path, Outcome.class);
    } catch (JsonProcessingException e) {
      throw UserError.storage(
          "Cannot read %s: it is no outcome of a command (%s). Give the file that the command was given with --outcome."
              .formatted(path, e.getOriginalMessage()),
          e);
    }
  }

  private static Storage storage(Path path, Configuration hadoop) {
    try {
      return Storage.of(path, hadoop);
    } catch (IOException e) {
      throw unusable(path.toString(), e);
    }
  }

  private static Path path(String file) {
    try {
      return new Path(file);
    } catch (IllegalArgumentException e) {
      throw unusable(file, e);
    }
  }

  private static UserError unusable(String file, Exception e) {
    return UserError.usage(
        "Cannot use '%s' for the outcome of a command: %s. Give a local or Hadoop path."
            .formatted(file, UserError.firstLine(e)));
  }
}
