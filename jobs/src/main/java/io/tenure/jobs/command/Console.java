package io.tenure.jobs.command;

import io.tenure.jobs.report.Palette;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.InstantSource;
import java.util.Map;

/**
 * Where a command speaks, and what it may know of the world around it: the clock and the
 * environment are looked at here alone.
 *
 * @param out results
 * @param err progress, warnings and errors
 * @param width columns of the terminal
 * @param environment variables by name
 */
public record Console(
    PrintStream out,
    PrintStream err,
    int width,
    Palette palette,
    InstantSource clock,
    Map<String, String> environment) {
  private static final int DEFAULT_WIDTH = 100;

  /** The process's own streams, its terminal and the system's clock. */
  public static Console ofProcess() {
    Map<String, String> environment = System.getenv();
    boolean terminal = "true".equals(System.getProperty("tenure.terminal"));
    return new Console(
        new PrintStream(
            new ReaderMayLeave(new FileOutputStream(FileDescriptor.out)), true, encoding()),
        System.err,
        width(environment.get("COLUMNS")),
        palette(environment, terminal),
        InstantSource.system(),
        environment);
  }

  /** How Java writes to the standard output; its own stream keeps to itself why it failed. */
  private static Charset encoding() {
    String known = System.getProperty("stdout.encoding", System.getProperty("sun.stdout.encoding"));
    return known == null ? Charset.defaultCharset() : Charset.forName(known);
  }

  /** Colour only where a person looks, and only if they did not say no (no-color.org). */
  static Palette palette(Map<String, String> environment, boolean terminal) {
    if (!terminal || !environment.getOrDefault("NO_COLOR", "").isEmpty()) {
      return Palette.NONE;
    }
    String depth = environment.getOrDefault("COLORTERM", "");
    return depth.equals("truecolor") || depth.equals("24bit") ? Palette.TRUECOLOR : Palette.ANSI256;
  }

  private static int width(String columns) {
    return columns != null && columns.matches("[1-9][0-9]{1,3}")
        ? Integer.parseInt(columns)
        : DEFAULT_WIDTH;
  }
}
