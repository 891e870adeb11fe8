package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Globs;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.sample.SampleOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The newcomer's one command: a sample log, a run over it, and where to look.
 *
 * <p>Output: a folder with the log, its config and the published tables. Example: {@code tenure
 * demo}
 */
@Command(
    name = "demo",
    description = "Writes a sample log, runs on it, shows retention and says where to look.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class DemoCommand implements Runnable {
  private final Console console;

  @Option(names = "--dir", paramLabel = "DIR", description = "Where to. Default: demo.")
  private String directory = "demo";

  @Option(names = "--users", paramLabel = "N", description = "Of the sample log. Default: 2000.")
  private long users = SampleOptions.DEFAULTS.users();

  @Option(names = "--days", paramLabel = "N", description = "Of the sample log. Default: 365.")
  private int days = SampleOptions.DEFAULTS.days();

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    requireNoGlob(directory);
    Path root = Path.of(directory);
    Path configFile = root.resolve("tenure.yaml");
    String yaml = yaml(root);
    TenureConfig config = ConfigLoader.load(yaml, configFile.toString(), List.of());
    Path events = root.resolve("events");
    requireOwn(configFile, yaml);
    boolean written = Files.exists(events.resolve("_SUCCESS"));
    if (written && !Files.exists(configFile)) {
      throw UserError.usage(
          "The events in %s are not the demo's, which has a tenure.yaml beside them: choose another --dir."
              .formatted(events));
    }
    if (!written && Files.exists(events)) {
      throw UserError.usage(
          "The sample log in %s is not whole: remove that folder, or choose another --dir."
              .formatted(events));
    }
    SparkSession spark = Session.open("demo", config.timezone());
    write(configFile, yaml);
    if (written) {
      console.out().printf("keeps the sample log in %s; remove it for another one%n", events);
    } else {
      SampleCommand.write(
          console,
          spark,
          new SampleOptions(
              users, days, SampleOptions.DEFAULTS.seed(), SampleOptions.DEFAULTS.start()),
          events.toString());
    }
    Output output = Output.open(config.output(), spark.sparkContext().hadoopConfiguration());
    Pointer pointer = RunCommand.pipeline(console, config).run(null, false);
    RunCommand.tell(console, config, pointer);
    console.out().println();
    ShowCommand.show(console, spark, output, "retention", null, null);
    whereToLook(output.readersPath(pointer), configFile);
  }

  /** A config of the name that every command looks for may be somebody's work. */
  private static void requireOwn(Path configFile, String yaml) {
    try {
      if (Files.exists(configFile) && !Files.readString(configFile).equals(yaml)) {
        throw UserError.usage(
            "%s is there, and it is not the demo's: nothing was changed. Choose another --dir, or remove the file."
                .formatted(configFile));
      }
    } catch (IOException e) {
      throw UserError.storage("Cannot read %s: %s".formatted(configFile, e), e);
    }
  }

  /** The demo's own folder would not be what its config matches. */
  private static void requireNoGlob(String directory) {
    if (Globs.isGlob(directory)) {
      throw UserError.usage(
          "Cannot use --dir '%s': with [ ] { } * ? or \\ a path is a pattern of paths. Choose another."
              .formatted(directory));
    }
  }

  private static String yaml(Path root) {
    return """
        name: demo
        input:
          path: "%s"
          user: user_id
          time: event_time
          event: event_name
          event-id: event_id
          amount: amount
          partition: dt
        output: "%s"
        activities:
          signup: "event_name = 'signup'"
          search: "event_name = 'search'"
          purchase: "event_name = 'purchase'"
        segments: [country, platform, plan]
        funnels:
          - {name: first_purchase, steps: [signup, search, purchase], window: 28 days}
          - {name: second_purchase, steps: [purchase, purchase], window: 28 days}
        """
        .formatted(quoted(root.resolve("events")), quoted(root.resolve("out")));
  }

  /** A path between double quotes of YAML. */
  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw UserError.storage("Cannot write %s: %s".formatted(file, e), e);
    }
  }

  private void whereToLook(String tables, Path configFile) {
    PrintStream out = console.out();
    out.println();
    out.println("The page is " + tables + "/report.html: open it in a browser.");
    out.println("The tables are in " + tables + ". Open one:");
    out.println("  DuckDB   SELECT * FROM '" + tables + "/retention/*.parquet';");
    out.println("  Spark    spark.read.parquet(\"" + tables + "/retention\")");
    out.println("  pandas   pandas.read_parquet(\"" + tables + "/retention\")");
    String config = configFile.toString();
    if (!config.matches("[\\w./-]+")) {
      config = "'" + config.replace("'", "'\\''") + "'";
    }
    out.println("Next: scripts/tenure show retention_curve -c " + config);
    out.println(
        "      scripts/tenure show retention -c "
            + config
            + " --where \"segment_value = 'pro' AND grain = 'week'\"");
  }
}
