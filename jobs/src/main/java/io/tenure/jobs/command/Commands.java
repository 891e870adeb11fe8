package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;

/** All commands under one name, and what becomes of their errors. */
@Command(
    name = "tenure",
    description = "Cohort analysis: who stays, who leaves, when, and in which segment.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    footer = {
      "",
      "Exit codes: 0 done, 1 a bug, 2 usage or config, 3 input, 4 a quality gate failed and nothing",
      "was published, 5 storage, lock or publishing failed and it is safe to retry."
    })
public final class Commands implements Runnable {
  private static final int BUG = 1;

  private final Console console;
  private final Instant start;

  @Option(
      names = "--outcome",
      paramLabel = "FILE",
      description =
          "Before the command: writes to this file, any local or Hadoop path, how it ended, for"
              + " callers whom the exit code does not reach. `outcome FILE` reads it.")
  private String outcome;

  /** The error, if there was one. */
  private String message;

  /** Whether the process was told to end. */
  private final BooleanSupplier ending;

  private Commands(Console console, BooleanSupplier ending) {
    this.console = console;
    this.ending = ending;
    this.start = console.clock().instant();
  }

  /** Runs a command line in a process that nobody ends. */
  public static int execute(Console console, String... arguments) {
    return execute(console, () -> false, arguments);
  }

  /**
   * Runs a command line.
   *
   * @param ending whether the process was told to end meanwhile
   * @return the exit code
   */
  public static int execute(Console console, BooleanSupplier ending, String... arguments) {
    Commands commands = new Commands(console, ending);
    CommandLine line = line(console, commands);
    line.setOut(new java.io.PrintWriter(console.out(), true));
    line.setErr(new java.io.PrintWriter(console.err(), true));
    line.setExecutionStrategy(parsed -> commands.begin(line, parsed));
    line.setExecutionExceptionHandler((thrown, failed, parsed) -> commands.explain(thrown));
    line.setParameterExceptionHandler((thrown, given) -> commands.misused(thrown));
    return commands.end(commands.told(commands.run(line, arguments)));
  }

  private int run(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (Error e) {
      return explain(e); // Picocli hands on exceptions only
    }
  }

  /** All commands and their options. */
  static CommandLine line(Console console) {
    return line(console, new Commands(console, () -> false));
  }

  private static CommandLine line(Console console, Commands commands) {
    return new CommandLine(commands)
        .addSubcommand(new RunCommand(console))
        .addSubcommand(new IngestCommand(console))
        .addSubcommand(new ComputeCommand(console))
        .addSubcommand(new PublishCommand(console))
        .addSubcommand(new ValidateCommand(console))
        .addSubcommand(new PlanCommand(console))
        .addSubcommand(new ShowCommand(console))
        .addSubcommand(new ReportCommand(console))
        .addSubcommand(new RunsCommand(console))
        .addSubcommand(new RollbackCommand(console))
        .addSubcommand(new ForgetCommand(console))
        .addSubcommand(new OutcomeCommand(console))
        .addSubcommand(new SampleCommand(console))
        .addSubcommand(new DemoCommand(console))
        .registerConverter(LocalDate.class, new DateConverter());
  }

  @Override
  public void run() {
    throw UserError.usage("Say a command; `--help` lists them.");
  }

  private int begin(CommandLine line, ParseResult parsed) {
    try {
      clearOutcome();
      requireScratch(System.getProperty("spark.local.dir"));
      if (System.getProperty("spark.master", "").startsWith("local")) {
        requireTemporary(System.getProperty("java.io.tmpdir"));
      }
    } catch (UserError e) {
      throw new ExecutionException(line, e.getMessage(), e);
    }
    return new RunLast().execute(parsed);
  }

  private void clearOutcome() {
    if (outcome != null) {
      String file = outcome;
      outcome = null; // if this fails, there is nowhere to tell it
      Outcome.clear(file, SparkHadoopUtil.get().conf());
      outcome = file;
    }
  }

  /** Spark ends the process, without a word to us, if it cannot make any of these folders. */
  private static void requireScratch(String folders) {
    if (folders != null && Stream.of(folders.split(",")).noneMatch(Commands::canBeMade)) {
      throw UserError.storage(
          "Cannot make spark.local.dir '%s': this user may not write there, or something on the way is no folder. Name another place."
              .formatted(folders),
          null);
    }
  }

  /** How temporary files are put somewhere else. */
  static final String TEMPORARY = "TMPDIR for scripts/tenure, -Djava.io.tmpdir for Java";

  /** Where Java unpacks libraries, and embedded Spark keeps what it was told no place for. */
  private static void requireTemporary(String folder) {
    Path there = Path.of(folder);
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      throw UserError.storage(
          "Cannot make temporary files in '%s': this user may not write there, or it is no folder. Name another place: %s."
              .formatted(folder, TEMPORARY),
          null);
    }
  }

  private static boolean canBeMade(String folder) {
    Path there = Path.of(folder.strip()).toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there != null && Files.isDirectory(there) && Files.isWritable(there);
  }

  /** What a command said and nobody got is no success; its own error comes first. */
  private int told(int exitCode) {
    boolean isLost = console.out().checkError();
    if (!isLost || exitCode != 0) {
      return exitCode;
    }
    message =
        "Cannot write to the standard output: see that there is room where it goes, and run the command again.";
    console.err().println("error: " + message);
    return UserError.Kind.STORAGE.exitCode();
  }

  /** Writes the outcome, if somebody wants it: that it cannot be written is an error of its own. */
  private int end(int exitCode) {
    if (outcome == null) {
      return exitCode;
    }
    try {
      new Outcome(exitCode, message, start.toString(), console.clock().instant().toString())
          .write(outcome, SparkHadoopUtil.get().conf());
      return exitCode;
    } catch (UserError e) {
      console.err().println("error: " + e.getMessage());
      return exitCode == 0 ? e.kind().exitCode() : exitCode;
    }
  }

  private int explain(Throwable thrown) {
    Optional<UserError> error = Failures.userError(thrown);
    if (ending.getAsBoolean() && error.filter(known -> known.getCause() == null).isEmpty()) {
      message =
          "The process was told to end before the command was done: by a signal, or by Spark, which says so above. It is safe to run again.";
      console.err().println("error: " + message);
      return UserError.Kind.STORAGE.exitCode();
    }
    if (error.isPresent()) {
      message = error.get().getMessage();
      console.err().println("error: " + message);
      return error.get().kind().exitCode();
    }
    message = "this is a bug of Tenure, please report it: " + thrown;
    console.err().println("error: this is a bug of Tenure, please report it:");
    thrown.printStackTrace(console.err());
    return BUG;
  }

  private int misused(ParameterException e) {
    message = e.getMessage();
    console.err().println("error: " + message);
    try {
      clearOutcome();
    } catch (UserError unusable) {
      console.err().println("error: " + unusable.getMessage());
    }
    console
        .err()
        .println("`" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help` says more.");
    return UserError.Kind.USAGE.exitCode();
  }
}
