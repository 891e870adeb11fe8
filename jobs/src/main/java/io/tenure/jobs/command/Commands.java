package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.Outcome;
import java.time.Instant;
import java.util.Optional;
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

  private Commands(Console console) {
    this.console = console;
    this.start = console.clock().instant();
  }

  /**
   * Runs a command line.
   *
   * @return the exit code
   */
  public static int execute(Console console, String... arguments) {
    Commands commands = new Commands(console);
    CommandLine line = line(console, commands);
    line.setOut(new java.io.PrintWriter(console.out(), true));
    line.setErr(new java.io.PrintWriter(console.err(), true));
    line.setExecutionStrategy(parsed -> commands.begin(line, parsed));
    line.setExecutionExceptionHandler((thrown, failed, parsed) -> commands.explain(thrown));
    line.setParameterExceptionHandler((thrown, given) -> commands.misused(thrown));
    return commands.end(commands.told(line.execute(arguments)));
  }

  /** All commands and their options. */
  static CommandLine line(Console console) {
    return line(console, new Commands(console));
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
        .addSubcommand(new DemoCommand(console));
  }

  @Override
  public void run() {
    throw UserError.usage("Say a command; `--help` lists them.");
  }

  private int begin(CommandLine line, ParseResult parsed) {
    if (outcome != null) {
      try {
        Outcome.clear(outcome, SparkHadoopUtil.get().conf());
      } catch (UserError e) {
        outcome = null; // there is nowhere to tell this
        throw new ExecutionException(line, e.getMessage(), e);
      }
    }
    return new RunLast().execute(parsed);
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

  private int explain(Exception thrown) {
    Optional<UserError> error = Failures.userError(thrown);
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
    console
        .err()
        .println("`" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help` says more.");
    return UserError.Kind.USAGE.exitCode();
  }
}
