package io.tenure.jobs;

import io.tenure.jobs.command.Commands;
import io.tenure.jobs.command.Console;
import io.tenure.jobs.report.Palette;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Command lines as a person would give them in a folder that holds a config, an input and an
 * output, run in this process with a clock that stands still.
 */
public final class Cli {
  private final Path folder;
  private final InstantSource clock;

  private Cli(Path folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** What a command left behind. */
  public record Result(int code, String out, String err) {
    @Override
    public String toString() {
      return "exit " + code + "\n--- out\n" + out + "--- err\n" + err;
    }
  }

  public static Cli in(Path folder) {
    return new Cli(folder, InstantSource.fixed(Instant.parse("2024-06-15T12:00:00Z")));
  }

  /** The same folder at another time. */
  public Cli at(String instant) {
    return new Cli(folder, InstantSource.fixed(Instant.parse(instant)));
  }

  /** Where the input is: the path of the config as {@link #config} writes it. */
  public Path events() {
    return folder.resolve("events");
  }

  public Path output() {
    return folder.resolve("out");
  }

  /** Writes the config; {@code <in>} and {@code <out>} stand for the paths. */
  public Cli config(String yaml) {
    String text = yaml.replace("<in>", events().toString()).replace("<out>", output().toString());
    try {
      Files.writeString(configFile(), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return this;
  }

  public Path configFile() {
    return folder.resolve("tenure.yaml");
  }

  /** Runs a command with this folder's config. */
  public Result withConfig(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "-c";
    all[arguments.length + 1] = configFile().toString();
    return execute(all);
  }

  /** Runs everything as of a day, with this folder's config. */
  public Result run(String asOf, String... options) {
    List<String> command = new ArrayList<>(List.of("run", "--as-of", asOf));
    command.addAll(List.of(options));
    return withConfig(command.toArray(String[]::new));
  }

  /** Runs a command line. */
  public Result execute(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Commands.execute(
            new Console(print(out), print(err), 100, Palette.NONE, clock, Map.of()), arguments);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** A published table, found as a reader without JSON finds it. */
  public Dataset<Row> table(SparkSession spark, String name) {
    return spark.read().parquet(output().resolve("current").resolve(name).toString());
  }
}
