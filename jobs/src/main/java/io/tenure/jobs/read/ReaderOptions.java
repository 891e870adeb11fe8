package io.tenure.jobs.read;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.InputConfig.Format;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.catalyst.csv.CSVOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.execution.datasources.FileIndexOptions;
import org.apache.spark.sql.execution.datasources.orc.OrcOptions;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's reader is told, by {@code input.options} and besides, and how it answers. */
final class ReaderOptions {
  private static final List<String> MODES = List.of("PERMISSIVE", "DROPMALFORMED", "FAILFAST");

  /** Where Spark is told to put lines that are broken. */
  private static final String BROKEN = "_tenure_broken_line";

  private static final String BROKEN_OPTION = "columnNameOfCorruptRecord";

  private ReaderOptions() {}

  /**
   * What holds unless {@code input.options} says otherwise: a CSV file with a header is read by its
   * own one. Spark would take that of one file for that of all, and read columns by their position.
   */
  static Map<String, String> defaults(InputConfig input) {
    Map<String, String> defaults = new TreeMap<>();
    boolean header = option(input, "header").filter("true"::equalsIgnoreCase).isPresent();
    if (input.format() == Format.CSV && header) {
      defaults.put("enforceSchema", "false");
    }
    brokenLine(input)
        .ifPresent(
            column -> {
              defaults.put(BROKEN_OPTION, column);
              // Of a line whose columns are not all looked at, nobody sees how many it has.
              defaults.put("columnPruning", "false");
            });
    return defaults;
  }

  /**
   * The column in which a line stands that is broken, where all others have NULL; empty for formats
   * without lines, and where {@code mode} says what becomes of such a line.
   */
  static Optional<String> brokenLine(InputConfig input) {
    return isText(input) && option(input, "mode").isEmpty()
        ? Optional.of(option(input, BROKEN_OPTION).orElse(BROKEN))
        : Optional.empty();
  }

  /** Whether a column is in no file. */
  static boolean isOwn(String column) {
    return column.equals(BROKEN);
  }

  private static boolean isText(InputConfig input) {
    return input.format() == Format.CSV || input.format() == Format.JSON;
  }

  /**
   * Refuses what Spark would read past as if nothing had been said: a mode that is none, and a name
   * that is nearly that of an option. Another name that Spark does not list is let through: not all
   * that a reader heeds is listed.
   *
   * @throws UserError of usage
   */
  static void require(InputConfig input) {
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    known.addAll(listed(input.format()));
    for (String name : input.options().keySet()) {
      if (!known.contains(name) && !name.contains(".")) {
        Nearest.of(name, known)
            .ifPresent(
                near -> {
                  throw UserError.usage(
                      "Invalid input.options: '%s' is no option of Spark's %s reader; did you mean '%s'?"
                          .formatted(name, input.format().label(), near));
                });
      }
    }
    option(input, "mode")
        .filter(mode -> isText(input) && !MODES.contains(mode.toUpperCase(Locale.ROOT)))
        .ifPresent(
            mode -> {
              throw UserError.usage(
                  "Invalid input.options: mode '%s' must be one of %s."
                      .formatted(mode, String.join(", ", MODES)));
            });
  }

  /** The options that Spark lists for a format, and for files of any. */
  private static Set<String> listed(Format format) {
    scala.collection.Set<String> own =
        switch (format) {
          case PARQUET -> ParquetOptions.getAllOptions();
          case CSV -> CSVOptions.getAllOptions();
          case JSON -> JSONOptions.getAllOptions();
          case ORC -> OrcOptions.getAllOptions();
        };
    Set<String> all = new TreeSet<>(CollectionConverters.asJava(own));
    all.addAll(CollectionConverters.asJava(FileIndexOptions.getAllOptions()));
    return all;
  }

  /** Spark does not look at the case of options. */
  static Optional<String> option(InputConfig input, String name) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(input.options());
    return Optional.ofNullable(options.get(name));
  }

  /** The user's error behind a failure to open the input; what else it is. */
  static RuntimeException explained(InputConfig input, Exception e) {
    if (e instanceof AnalysisException) {
      return UserError.input(
          "Cannot read input.path '%s' as %s: %s. Check input.format and input.options."
              .formatted(input.path(), input.format().label(), e.getMessage()),
          e);
    }
    if (e instanceof SparkThrowable spark
        && String.valueOf(spark.getCondition()).startsWith("CONFLICTING_PARTITION_COLUMN_NAMES")) {
      return UserError.input(
          "Cannot read input.path '%s': %s are not in folders of the same columns. Move files so that all are below the same ones, or name fewer folders in input.path."
              .formatted(input.path(), folders(spark)),
          e);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      // Named by its text: Spark brings the class in a package of its own choice.
      if (cause.getClass().getSimpleName().equals("TextParsingException")) {
        return UserError.input(
            "Cannot read input.path '%s' as %s: the first line of a file has more columns, or more letters in one, than the reader takes (%s). Check input.format, and sep, maxColumns and maxCharsPerColumn of input.options."
                .formatted(
                    input.path(), input.format().label(), sentence(UserError.firstLine(cause))),
            e);
      }
    }
    // A failed job has a cause; what is said of an option has none.
    boolean ofOptions = e instanceof IllegalArgumentException || e instanceof SparkThrowable;
    if (ofOptions && e.getCause() == null && !input.options().isEmpty()) {
      return UserError.usage(
          "Invalid input.options (%s): %s Correct or remove the option."
              .formatted(
                  String.join(", ", input.options().keySet()), sentence(UserError.firstLine(e))));
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  private static String folders(SparkThrowable conflict) {
    return conflict
        .getMessageParameters()
        .getOrDefault("suspiciousPaths", "its files")
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .limit(2)
        .collect(Collectors.joining(" and "));
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}
