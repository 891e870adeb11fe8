package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Erases people.
 *
 * <p>Input: a file of user ids, and the current run of the config's output. Output: a new run
 * without these users, and the list {@code _erased.json}, by which all later runs leave them out.
 * Runs that held them are removed. The events in the input are not touched. Example: {@code tenure
 * forget -c conf/tenure.yaml --users left.txt}
 */
@Command(
    name = "forget",
    description =
        "Erases people: from what is published, and from all runs to come; says what it changed.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class ForgetCommand implements Runnable {
  private static final int SHOWN = 20;

  private final Console console;

  @Mixin private CommonOptions common;

  @Option(
      names = "--users",
      paramLabel = "FILE",
      required = true,
      description =
          "The users, an id a line, as the events have them: any local or Hadoop path, in UTF-8."
              + " Blank lines do not count.")
  private String file;

  ForgetCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    Set<String> ids = ids();
    Targets.require(session(config), config);
    Pipeline pipeline = RunCommand.pipeline(console, config);
    Forgotten forgotten = pipeline.forget(ids);
    tell(forgotten, RunCommand.output(session(config), config).path());
    forgotten.pointer().ifPresent(pointer -> RunCommand.tell(console, config, pointer));
    pipeline.requireSwept();
  }

  private static SparkSession session(TenureConfig config) {
    return Session.open(config.name(), config.timezone());
  }

  private Set<String> ids() {
    String text = CommonOptions.read("users", file);
    Set<String> ids =
        text.replaceFirst("^\uFEFF", "")
            .lines()
            .filter(line -> !line.isBlank())
            .collect(Collectors.toCollection(TreeSet::new));
    if (ids.isEmpty()) {
      throw UserError.usage(
          "Nobody to erase: the users '%s' are an empty file. Write an id a line.".formatted(file));
    }
    return ids;
  }

  private void tell(Forgotten forgotten, String output) {
    PrintStream out = console.out();
    out.printf(
        Locale.ROOT,
        "erased   %,d of %,d users: %,d active days, %,d rejected rows%n",
        forgotten.found(),
        forgotten.asked(),
        forgotten.days(),
        forgotten.rejectedRows());
    if (!forgotten.unknown().isEmpty()) {
      out.printf(
          Locale.ROOT,
          "unknown  %,d users, left out should they come: %s%n",
          forgotten.unknown().size(),
          shown(forgotten.unknown()));
    }
    forgotten
        .restated()
        .forEach((table, rows) -> out.printf(Locale.ROOT, "restated %s: %,d rows%n", table, rows));
    if (!forgotten.removedRuns().isEmpty()) {
      out.printf("removed  what held them: runs %s%n", String.join(", ", forgotten.removedRuns()));
    }
    if (forgotten.pointer().isEmpty()) {
      out.printf("nothing was published in %s yet; no run to come will count them%n", output);
    }
  }

  private static String shown(Set<String> ids) {
    String first =
        ids.stream().limit(SHOWN).map(id -> "'" + id + "'").collect(Collectors.joining(", "));
    return ids.size() > SHOWN ? first + " and " + (ids.size() - SHOWN) + " more" : first;
  }
}
