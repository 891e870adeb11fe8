package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.read.AsOf;
import io.tenure.jobs.read.InputFiles;
import java.time.LocalDate;
import java.util.Optional;

/**
 * What stops a run that would publish something other than what its people believe: of another log,
 * or without its last days.
 *
 * @param current the run that readers see
 */
record Misgivings(Output output, TenureConfig config, Optional<String> current) {
  /** Nobody asked for an earlier day than readers have now. */
  UserError endsEarlier(AsOf asOf, Pointer later) {
    return UserError.quality(
        ("The input covers days up to %1$s (%2$s), and run %3$s is as of a later one, %4$s: the last"
                + " days are gone from %5$s, or that run was told a day beyond them.%nNothing was"
                + " published. If days are gone, restore the files or correct input.path. To have"
                + " the tables of %1$s all the same, add --as-of %1$s.")
            .formatted(asOf.day(), asOf.why(), later.runId(), later.asOf(), config.input().path()));
  }

  /**
   * Stops a config that was copied for another log and still names the output of the first: it
   * reads elsewhere, under another name or without a single file that was known.
   *
   * @throws UserError of usage
   */
  void requireSameLog(InputFiles files) {
    current
        .flatMap(output::usableRecord)
        .filter(run -> !run.input().path().equals(config.input().path()))
        .filter(
            run ->
                !run.name().equals(config.name())
                    || output
                        .usableManifest(run.runId())
                        .map(StateManifest::byPath)
                        .filter(
                            known ->
                                files.files().stream()
                                    .noneMatch(file -> known.containsKey(file.uri())))
                        .isPresent())
        .ifPresent(
            run -> {
              throw UserError.usage(
                  "Output %s holds runs of '%s', which reads %s, and this is '%s', which reads %s. Name another output; or say --full, if this log takes the place of that one."
                      .formatted(
                          output.path(),
                          run.name(),
                          run.input().path(),
                          config.name(),
                          config.input().path()));
            });
  }

  /**
   * Stops a run whose last days have not arrived.
   *
   * @throws UserError of quality
   */
  static void requireArrived(TenureConfig config, StateManifest manifest, LocalDate asOf) {
    Optional<Integer> limit = config.quality().maxMissingDays();
    Optional<LocalDate> last = manifest.lastDayUpTo(asOf);
    if (limit.isPresent() && last.isPresent() && last.get().isBefore(asOf.minusDays(limit.get()))) {
      throw UserError.quality(
          "No row of %s that counts or is rejected is of a day from %s to %s; quality.max-missing-days is %d.%nNothing was published. Run again when they have arrived; or say --as-of %s."
              .formatted(
                  config.input().path(), last.get().plusDays(1), asOf, limit.get(), last.get()));
    }
  }
}
