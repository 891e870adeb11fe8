package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.Outcome;
import io.tenure.jobs.Cli;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run in a process of its own that ends before its time. */
class EndedRunTest {
  @TempDir Path folder;

  /** A run of one event. */
  private Process started(String input) throws IOException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day%s}
                output: <out>
                """
                    .formatted(input));
    Files.createDirectories(tenure.events());
    Files.writeString(tenure.events().resolve("1.csv"), "user,day\nann,2024-03-01\n");
    List<String> command =
        OwnProcess.command(
            folder,
            List.of(),
            "--outcome",
            folder.resolve("outcome.json").toString(),
            "run",
            "-c",
            tenure.configFile().toString());
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private Outcome outcome() {
    return Outcome.read(folder.resolve("outcome.json").toString(), new Configuration())
        .orElseThrow();
  }

  /** What Spark would end the process for, by itself and with a code that nobody knows. */
  @Test
  void a_task_without_memory_ends_the_command_as_a_mistake_of_its_caller()
      throws IOException, InterruptedException {
    Process process = started(", where: \"length(repeat(user, 500000000)) > 0\"");
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(2);
    assertThat(said).contains("error: Too little memory: ").doesNotContain("told to end");
    assertThat(outcome().exitCode()).isEqualTo(2);
    assertThat(outcome().message()).startsWith("Too little memory: ");
  }

  @Test
  void a_run_that_a_signal_ends_is_no_bug_and_says_that_it_may_be_repeated()
      throws IOException, InterruptedException {
    Process process = started("");
    StringBuilder said = new StringBuilder();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.append(line).append('\n');
        if (line.startsWith("as of ")) {
          process.toHandle().destroy(); // the stream stays open
        }
      }
    }
    assertThat(process.waitFor()).as(said.toString()).isNotZero();
    assertThat(said.toString())
        .contains("error: The process was told to end before the command was done: ")
        .doesNotContain("this is a bug");
    assertThat(outcome().exitCode()).isEqualTo(5);
  }
}
