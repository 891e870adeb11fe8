package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.store.Outcome;
import java.util.concurrent.Callable;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Ends as another command did, of whose exit code the caller was not told.
 *
 * <p>Input: the file that the other command was given with {@code --outcome}. Output: its error, if
 * there was one, and its exit code. Example: {@code tenure outcome hdfs:///run/tenure.json}
 */
@Command(
    name = "outcome",
    description = "Says how a command with --outcome FILE ended, and ends with its exit code.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class OutcomeCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "Any local or Hadoop path.")
  private String file;

  OutcomeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Outcome outcome =
        Outcome.read(file, SparkHadoopUtil.get().conf())
            .orElseThrow(
                () ->
                    UserError.storage(
                        "No outcome in '%s': the command has not ended, or died before it could say how. Look for its process, then run it again."
                            .formatted(file),
                        null));
    if (outcome.message() != null) {
      console.err().println("error: " + outcome.message());
    }
    console
        .out()
        .printf(
            "exit code %d, from %s to %s%n",
            outcome.exitCode(), outcome.startedAt(), outcome.finishedAt());
    return outcome.exitCode();
  }
}
