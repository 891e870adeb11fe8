package io.tenure.jobs.command;

import io.tenure.common.UserError;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

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

  private Commands() {}

  /**
   * Runs a command line.
   *
   * @return the exit code
   */
  public static int execute(Console console, String... arguments) {
    CommandLine line = line(console);
    line.setOut(new java.io.PrintWriter(console.out(), true));
    line.setErr(new java.io.PrintWriter(console.err(), true));
    line.setExecutionExceptionHandler(explain(console));
    line.setParameterExceptionHandler(misused(console));
    return line.execute(arguments);
  }

  /** All commands and their options. */
  static CommandLine line(Console console) {
    return new CommandLine(new Commands())
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
        .addSubcommand(new SampleCommand(console))
        .addSubcommand(new DemoCommand(console));
  }

  @Override
  public void run() {
    throw UserError.usage("Say a command; `--help` lists them.");
  }

  private static IExecutionExceptionHandler explain(Console console) {
    return (thrown, line, parsed) -> {
      Optional<UserError> error = Failures.userError(thrown);
      if (error.isPresent()) {
        console.err().println("error: " + error.get().getMessage());
        return error.get().kind().exitCode();
      }
      console.err().println("error: this is a bug of Tenure, please report it:");
      thrown.printStackTrace(console.err());
      return BUG;
    };
  }

  private static IParameterExceptionHandler misused(Console console) {
    return (ParameterException e, String[] arguments) -> {
      console.err().println("error: " + e.getMessage());
      console
          .err()
          .println(
              "`" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help` says more.");
      return UserError.Kind.USAGE.exitCode();
    };
  }
}
