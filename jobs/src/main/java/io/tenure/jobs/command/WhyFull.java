package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.read.Aliases;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.RejectedEvents;
import java.time.LocalDate;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What keeps a run from adding to the stored histories. */
final class WhyFull {
  private WhyFull() {}

  /**
   * Why a run cannot add to the current one; empty if it can.
   *
   * @param full whether a rebuild is asked for
   * @param aliases those of this run
   * @param types see {@link EventLog#types}; empty: no event is read
   */
  static Optional<String> of(
      boolean full,
      Output output,
      TenureConfig config,
      Aliases aliases,
      Map<String, String> types,
      Optional<StateManifest> manifest) {
    if (full) {
      return Optional.of("--full");
    }
    if (output.current().isEmpty()) {
      return Optional.of("the first run in this output");
    }
    if (manifest.isEmpty() || manifest.get().format() != StateManifest.FORMAT) {
      return Optional.of("the current run keeps no histories of this version");
    }
    Optional<String> lost = output.lostState(output.current().orElseThrow().runId());
    if (lost.isPresent()) {
      return Optional.of("of the histories of the current run, " + lost.get() + " is gone");
    }
    if (!output.hasTable(output.current().orElseThrow().runId(), RejectedEvents.CONTRACT.name())) {
      return Optional.of("the rejected rows of the current run are gone");
    }
    if (!manifest.get().configHash().equals(ConfigHash.of(config))) {
      return Optional.of("the definition changed since the current run");
    }
    if (!manifest.get().zone().equals(clock(config, manifest.get()))) {
      return Optional.of(
          "the rules of timezone %s changed since the current run, with this Java's time zone data"
              .formatted(config.timezone()));
    }
    Map<String, String> before = manifest.get().types();
    if (!types.isEmpty() && !before.isEmpty() && !types.equals(before)) {
      return Optional.of(
          "columns have another type than in the current run, by which all rows are read: "
              + difference(before, types));
    }
    if (!Objects.equals(manifest.get().identities(), aliases.fingerprint())) {
      return Optional.of(
          "the identities changed since the current run; any day may hold events of their users");
    }
    return Optional.empty();
  }

  private static String clock(TenureConfig config, StateManifest manifest) {
    return StateManifest.clock(
        config.timezone().getRules(), manifest.files(), LocalDate.parse(manifest.asOf()));
  }

  private static String difference(Map<String, String> before, Map<String, String> types) {
    Set<String> columns = new TreeSet<>(before.keySet());
    columns.addAll(types.keySet());
    return columns.stream()
        .filter(column -> !Objects.equals(before.get(column), types.get(column)))
        .map(
            column ->
                "%s %s, was %s"
                    .formatted(
                        column,
                        types.getOrDefault(column, "not read"),
                        before.getOrDefault(column, "not read")))
        .collect(Collectors.joining("; "));
  }
}
