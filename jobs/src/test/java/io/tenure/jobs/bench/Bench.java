package io.tenure.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.spark.network.util.JavaUtils;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * Tenure against what a user could write instead: the tables of {@link Tables}, whole processes
 * with start-up, same files, same cores, same memory, in turn over several rounds. It fails if two
 * of them disagree on a cell.
 *
 * <p>Started by {@code scripts/bench}.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Tenure beside DuckDB and Spark SQL on the same log.",
    subcommands = MetricBench.class,
    showDefaultValues = true)
public final class Bench implements Callable<Integer> {
  private static final String DAILY = "daily";
  private static final String SHAPES = "shapes";

  @Option(names = "--scale", description = "Multiplies the 500,000 users and their events.")
  private double scale = 1;

  @Option(names = "--days", description = "Days of the log.")
  private int days = 365;

  @Option(names = "--seed", description = "Another seed is another log.")
  private long seed = 1;

  @Option(names = "--rounds", description = "Rounds of which medians are taken.")
  private int rounds = 3;

  @Option(
      names = "--memory",
      description = "What each process may use, such as 4g or 1500m.",
      defaultValue = "4g",
      converter = Size.class)
  private long memory;

  @Option(names = "--cores", description = "Cores of each process.")
  private int cores = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--dir",
      description = "Where logs are kept, and work is done: gigabytes at scale 1.")
  private Path folder = Path.of(System.getProperty("java.io.tmpdir"), "tenure-bench");

  @Option(
      names = "--only",
      split = ",",
      description =
          "Parts to run: tenure, duckdb-tuned, duckdb-plain, spark-plain, scan, daily, shapes."
              + " Without it: all but shapes.")
  private Set<String> only = new LinkedHashSet<>();

  @Option(names = "--skip-daily", description = "Leaves out the daily runs.")
  private boolean skipDaily;

  @Option(names = "--shapes", description = "Adds logs of other shapes.")
  private boolean shapes;

  @Option(names = "--json", description = "Writes every figure to this file.")
  private Path json;

  /** Bytes, as Spark writes them. */
  static final class Size implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return JavaUtils.byteStringAsBytes(text);
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is no size such as 4g or 1500m");
      }
    }
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Settings settings = settings();
    Path home = Path.of(System.getProperty("tenure.home"));
    Launcher launcher = new Processes(home, Files.createDirectories(settings.work("logs")));
    ObjectNode figures = run(settings, launcher, System.err);
    new Summary(figures, System.out).print();
    if (json != null) {
      Files.writeString(json, pretty(figures));
    }
    return 0;
  }

  private static String pretty(ObjectNode figures) throws java.io.IOException {
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(figures) + "\n";
  }

  private Settings settings() {
    Set<String> parts = new LinkedHashSet<>(only);
    if (parts.isEmpty()) {
      parts.addAll(Contender.keys());
      parts.add(DAILY);
    }
    if (skipDaily) {
      parts.remove(DAILY);
    }
    if (shapes) {
      parts.add(SHAPES);
    }
    List<Contender> contenders =
        parts.stream()
            .filter(part -> !part.equals(DAILY) && !part.equals(SHAPES))
            .map(Contender::of)
            .sorted()
            .toList();
    return new Settings(
        folder.toAbsolutePath(),
        seed,
        Math.round(LogSpec.USERS * scale),
        days,
        rounds,
        new Task.Limits(cores, memory),
        contenders,
        parts.contains(DAILY) ? List.of(1, 2, 4) : List.of(),
        parts.contains(SHAPES),
        parts);
  }

  /** Measures what the settings say. */
  static ObjectNode run(Settings settings, Launcher launcher, PrintStream progress)
      throws Exception {
    Figures figures = new Figures(settings);
    Files.createDirectories(settings.logs());
    if (!settings.contenders().isEmpty()) {
      progress.println("log: written, or found, in " + settings.logs());
      BenchLog log = BenchLog.of(settings.logs(), settings.log());
      log.warm();
      figures.add(log);
      FullRuns full = new FullRuns(settings, launcher, progress);
      full.run(log);
      figures.add(full, log);
    }
    if (!settings.histories().isEmpty()) {
      DailyRuns daily = new DailyRuns(settings, launcher, progress);
      daily.run();
      figures.add(daily);
    }
    if (settings.shapes()) {
      Shapes shapes = new Shapes(settings, launcher, progress);
      shapes.run();
      figures.add(shapes);
    }
    return figures.json();
  }
}
