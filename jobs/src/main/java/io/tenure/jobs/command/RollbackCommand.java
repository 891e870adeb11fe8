package io.tenure.jobs.command;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.calendar.DayRanges;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.FileSystems;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.common.store.StorageFailure;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Makes readers see an earlier run again.
 *
 * <p>Input: the config's output. Output: its pointer. The next {@code run} adds to the run pointed
 * at. Example: {@code tenure rollback -c conf/tenure.yaml --to 20260630T040000Z}
 */
@Command(
    name = "rollback",
    description = "Points back at a published run; the next run adds to that one.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class RollbackCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  @Option(
      names = "--to",
      paramLabel = "RUN",
      required = true,
      description = "The run, as `runs` lists it.")
  private String to;

  RollbackCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    Output output = CommonOptions.output(config);
    String owner = Pipeline.owner(console.clock().instant());
    boolean isLost = !output.orphans().isEmpty();
    HeldOutput held =
        isLost ? output.lockToRestore(owner, console.clock()) : output.lock(owner, console.clock());
    try (held) {
      if (isLost) {
        restore(config, held);
        return;
      }
      Pointer current = output.current().orElseThrow(() -> unknown(output, List.of()));
      if (!current.runs().contains(to)) {
        throw unknown(output, current.runs());
      }
      if (!to.equals(current.runId())) {
        requireFit(config, output);
        giveUpPending(held);
      }
      Pointer pointer = held.rollBack(to);
      console
          .out()
          .printf(
              "run %s as of %s is current%s: %s%n",
              pointer.runId(),
              pointer.asOf(),
              to.equals(current.runId()) ? ", as it was" : " instead of " + current.runId(),
              output.readersPath(pointer));
      if (config.publish().isAnywhere() && !to.equals(current.runId())) {
        console
            .err()
            .println(
                "what `publish` fills besides the files still has the run that it had: `tenure publish` brings this one there");
      }
      output.warnings().forEach(warning -> console.err().println("warning: " + warning));
    }
  }

  /** The pointer is lost: it is made anew. */
  private void restore(TenureConfig config, HeldOutput held) {
    Output output = held.output();
    List<String> runs = output.orphans();
    if (!runs.contains(to)) {
      throw unknown(output, runs);
    }
    Outside.require(config, output, to);
    Pointer pointer = held.restore(to);
    console
        .out()
        .printf(
            "run %s as of %s is current; the pointer was lost, and is to %s now: %s%n",
            pointer.runId(),
            pointer.asOf(),
            String.join(", ", pointer.runs()),
            output.readersPath(pointer));
  }

  /** It was made to follow the run that is left now. */
  private void giveUpPending(HeldOutput held) {
    Output output = held.output();
    Optional<RunRecord> pending = output.pending().filter(run -> !output.isPublished(run.runId()));
    if (pending.isPresent()) {
      held.discardPending();
      console
          .err()
          .printf(
              "gives up run %s as of %s, which was pending; `ingest` begins another%n",
              pending.get().runId(), pending.get().asOf());
    }
  }

  /** What readers saw once may be more than they are to see now. */
  private void requireFit(TenureConfig config, Output output) {
    Outside.require(config, output, to);
    output.requireAllErased();
    requireDaysKept(config, output);
    if (output.owesErasure()) {
      throw UserError.usage(
          "Cannot go back to run %s: users were erased since, and it may hold them. `run` first, which removes the runs that do; then choose one of the rest."
              .formatted(to));
    }
  }

  /**
   * With {@code input.deleted-files: kept} histories hold days whose files are gone. Of those that
   * only the current run has read, the next run would not know.
   */
  private void requireDaysKept(TenureConfig config, Output output) {
    if (config.input().deletedFiles() != InputConfig.DeletedFiles.KEPT) {
      return;
    }
    Optional<StateManifest> manifest = output.usableManifest(to);
    if (manifest.isEmpty()) {
      throw UserError.usage(
          "Cannot go back to run %s: which files it was made of cannot be read, and input.deleted-files is kept: the next run would lose days whose files are gone. Choose another run."
              .formatted(to));
    }
    Map<String, StateManifest.File> known = manifest.get().byPath();
    String current = output.current().orElseThrow().runId();
    List<StateManifest.File> gone =
        output.usableManifest(current).map(StateManifest::files).orElse(List.of()).stream()
            .filter(file -> !file.holdsAsMuchAs(known.get(file.path())) && !isThere(file.path()))
            .toList();
    if (!gone.isEmpty()) {
      throw UserError.usage(
          "Cannot go back to run %s: it has not read %d files as run %s did, and they are gone, which held %s, and input.deleted-files is kept: the next run would lose these days. Restore the files; or, to lose them, add --set input.deleted-files=removed."
              .formatted(
                  to,
                  gone.size(),
                  current,
                  String.join(", ", DayRanges.format(StateManifest.days(gone)))));
    }
  }

  private static boolean isThere(String file) {
    Path path = new Path(URI.create(file));
    try {
      return FileSystems.of(path, SparkHadoopUtil.get().conf()).exists(path);
    } catch (IOException e) {
      throw StorageFailure.of("look for", file, e);
    }
  }

  private UserError unknown(Output output, List<String> runs) {
    return UserError.usage(
        "No run '%s' in %s%s"
            .formatted(
                to,
                output.path(),
                runs.isEmpty()
                    ? ": nothing was published there."
                    : Nearest.of(to, runs)
                            .map(near -> "; did you mean '" + near + "'? It keeps ")
                            .orElse(": it keeps ")
                        + String.join(", ", runs)
                        + "."));
  }
}
