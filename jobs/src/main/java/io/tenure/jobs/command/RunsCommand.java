package io.tenure.jobs.command;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.report.TextTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Lists the published runs.
 *
 * <p>Input: the config's output. Output: text, a line a run in the order they were published.
 * Example: {@code tenure runs -c conf/tenure.yaml}
 */
@Command(
    name = "runs",
    description = "Lists the published runs that are kept, and which one readers see.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class RunsCommand implements Runnable {
  private static final List<String> HEADERS =
      List.of("run", "readers", "as of", "started", "mode", "rows read", "rows published");

  private final Console console;

  @Mixin private CommonOptions common;

  RunsCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    Output output = common.output();
    Optional<Pointer> current = output.current();
    output.requirePointer();
    if (current.isEmpty()) {
      console
          .out()
          .println("nothing was published in " + output.path() + " yet; `run` is what does");
      return;
    }
    List<List<Object>> rows = new ArrayList<>();
    for (String run : current.get().runs()) {
      Optional<RunRecord> record = output.usableRecord(run);
      if (record.isPresent()) {
        rows.add(row(record.get(), current.get()));
      } else {
        console
            .err()
            .printf(
                "warning: run %s is lost, %s has no record any more; the next run takes it off the list%n",
                run, output.run(run));
      }
    }
    console.out().print(new TextTable(HEADERS, Set.of(), rows).draw(console.width()));
  }

  private static List<Object> row(RunRecord record, Pointer current) {
    return Arrays.asList(
        record.runId(),
        record.runId().equals(current.runId()) ? "current" : "",
        record.asOf(),
        // To the second: an instant's own text is longer by digits nobody needs.
        record.startedAt().replaceAll("\\.\\d+Z$", "Z"),
        record.reading().mode(),
        record.rows().read(),
        record.tables().values().stream().mapToLong(Long::longValue).sum());
  }
}
