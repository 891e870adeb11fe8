package io.tenure.common;

/**
 * An error of the user's making, or of the place Tenure runs in: one or two lines that say what,
 * where, the value and the remedy. Everything else that is thrown is a bug and keeps its stack
 * trace.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, as the caller of a scheduled run needs to know it. */
  public enum Kind {
    /** The command line or the configuration. */
    USAGE(2),
    /** The input: missing, unreadable, or of another schema. */
    INPUT(3),
    /** A quality gate failed; nothing was published. */
    QUALITY(4),
    /** Storage, the lock or publishing failed; safe to retry. */
    STORAGE(5);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** The exit code of the process. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;

  private UserError(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public static UserError usage(String message) {
    return new UserError(Kind.USAGE, message, null);
  }

  public static UserError input(String message) {
    return new UserError(Kind.INPUT, message, null);
  }

  public static UserError input(String message, Throwable cause) {
    return new UserError(Kind.INPUT, message, cause);
  }

  public static UserError quality(String message) {
    return new UserError(Kind.QUALITY, message, null);
  }

  public static UserError storage(String message, Throwable cause) {
    return new UserError(Kind.STORAGE, message, cause);
  }

  /**
   * The first line of what a failure says, blank ones before it apart; where it says nothing, what
   * kind it is.
   */
  public static String firstLine(Throwable failure) {
    return String.valueOf(failure.getMessage())
        .lines()
        .filter(line -> !line.isBlank())
        .findFirst()
        .filter(line -> failure.getMessage() != null)
        .orElse(failure.toString())
        .strip();
  }

  public Kind kind() {
    return kind;
  }
}
