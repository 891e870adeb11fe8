package io.tenure.common.store;

import io.tenure.common.UserError;
import java.io.FileNotFoundException;
import java.io.InterruptedIOException;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a failure of storage means, and what to do about it. */
public final class StorageFailure {
  /** What systems say, as they say it everywhere, and the remedy. */
  private static final Map<String, String> REMEDIES = new LinkedHashMap<>();

  /** What needs no more than to read. */
  private static final Set<String> READING = Set.of("read", "list", "look for");

  /** How Java says why a local file cannot be opened: the path once more, and the reason. */
  private static final Pattern OF_LOCAL_FILE = Pattern.compile("/.* \\((.+)\\)");

  /** A file of a published run. */
  private static final Pattern OF_TABLE = Pattern.compile("/runs/[^/]+/.*\\.parquet");

  static {
    String room = "Make room there, and run again.";
    REMEDIES.put("No space left on device", room);
    REMEDIES.put("Disk quota exceeded", room);
    REMEDIES.put("quota of", room); // HDFS: "The DiskSpace quota of /x is exceeded"
    REMEDIES.put("File too large", room);
    REMEDIES.put(
        "Too many open files", "Allow the process more of them (`ulimit -n`), and run again.");
    String rights = "Let the user that Tenure runs as %s there, and run again.";
    REMEDIES.put("Permission denied", rights);
    REMEDIES.put("Access Denied", rights); // S3
    REMEDIES.put("Operation not permitted", rights);
    REMEDIES.put("Read-only file system", rights);
    REMEDIES.put(
        "Service: S3, Status Code: 403",
        "Give Tenure credentials that the store accepts and that may %s there, and run again.");
    REMEDIES.put(
        "The specified bucket does not exist",
        "Make the bucket or correct its name, and run again.");
  }

  /** Where the exceptions are of connections that break and of servers that fail. */
  private static final List<String> OF_CONNECTIONS =
      List.of(
          "java.net.",
          "org.apache.hadoop.net.",
          "org.apache.hadoop.ipc.",
          "org.apache.hadoop.hdfs.",
          "org.apache.hadoop.fs.s3a.");

  private StorageFailure() {}

  /**
   * The error to show.
   *
   * @param doing such as {@code write}
   * @param where the path
   */
  public static UserError of(String doing, String where, Throwable cause) {
    String reason = reason(cause);
    return UserError.storage(
        "Cannot %s %s: %s. %s"
            .formatted(doing, where, withoutFullStop(reason), remedy(reason, doing, where)),
        cause);
  }

  /** Whether a text tells of storage that is full or closed to us. */
  public static boolean isToldBy(String text) {
    return REMEDIES.keySet().stream().anyMatch(text::contains);
  }

  /**
   * Whether a read failed for what may be otherwise next time: the file was replaced since it was
   * listed, or its store did not answer. What a file holds, and who may read it, stays.
   */
  public static boolean mayPass(Throwable thrown) {
    return causes(thrown).noneMatch(StorageFailure::isDenied)
        && causes(thrown).anyMatch(cause -> isAbsent(cause) || isOfConnection(cause));
  }

  /**
   * Whether something failed because a store or a server did not answer, or broke off; not where it
   * says that there is no such file, or that it is not for us.
   */
  public static boolean isUnreached(Throwable thrown) {
    return causes(thrown).noneMatch(cause -> isDenied(cause) || isAbsent(cause))
        && causes(thrown).anyMatch(StorageFailure::isOfConnection);
  }

  private static Stream<Throwable> causes(Throwable thrown) {
    return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
  }

  private static boolean isDenied(Throwable cause) {
    return cause instanceof AccessDeniedException
        || String.valueOf(cause.getMessage()).contains("Permission denied");
  }

  private static boolean isAbsent(Throwable cause) {
    return cause instanceof FileNotFoundException || cause instanceof NoSuchFileException;
  }

  private static boolean isOfConnection(Throwable cause) {
    return cause instanceof InterruptedIOException
        || !(cause instanceof URISyntaxException) // of a name, which stays as it is
            && OF_CONNECTIONS.stream().anyMatch(cause.getClass().getName()::startsWith);
  }

  /** The error to show where a read of the input {@link #mayPass}. */
  public static UserError passing(String where, String reason, Throwable cause) {
    return UserError.storage(
        "Cannot read %s: %s. It was replaced since it was listed, or its store did not answer: run again."
            .formatted(where, withoutFullStop(reason)),
        cause);
  }

  private static String remedy(String reason, String doing, String where) {
    boolean isPublished = doing.equals("read") && OF_TABLE.matcher(where).find();
    return REMEDIES.entrySet().stream()
        .filter(remedy -> reason.contains(remedy.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(
            isPublished
                ? "It is safe to run again. If it fails again, the file is damaged: `rollback` to a run that is whole."
                : "It is safe to run again.")
        .formatted(READING.contains(doing) ? "read" : "write");
  }

  /** The line that says most: that of the deepest cause that has a known remedy. */
  private static String reason(Throwable thrown) {
    String reason = line(thrown, thrown.getMessage());
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof AccessDeniedException denied && denied.getReason() == null) {
        return "Permission denied"; // of a local disk, it says no more than the path
      }
      for (String line : String.valueOf(cause.getMessage()).split("\n")) {
        if (isToldBy(line)) {
          reason = line.strip();
        }
      }
    }
    Matcher local = OF_LOCAL_FILE.matcher(reason);
    return local.matches() ? local.group(1) : reason;
  }

  private static String line(Throwable thrown, String message) {
    if (thrown instanceof FileSystemException local && local.getReason() != null) {
      return local.getReason(); // its message begins with the path
    }
    return message == null
        ? thrown.getClass().getSimpleName()
        : message.lines().findFirst().orElse("").strip();
  }

  private static String withoutFullStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
