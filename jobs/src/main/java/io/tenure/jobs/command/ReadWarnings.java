package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.command.Ingest.Ingested;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.read.AsOf;
import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.Reason.Fate;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What was found by reading that whoever relies on the numbers should know. */
final class ReadWarnings {
  /** A greater share of duplicates than a log has that is delivered twice here and there. */
  private static final double MANY_DUPLICATES = 0.1;

  /** Days without any event that no business takes off. */
  private static final int LONG_GAP = 366;

  private ReadWarnings() {}

  /**
   * A sentence for each thing found.
   *
   * @param loss what has gone since the current run
   */
  static List<String> of(
      TenureConfig config, Ingested ingested, LocalDate asOf, Optional<Loss> loss) {
    StateManifest manifest = ingested.manifest();
    return Stream.of(
            manyDuplicates(ingested.facts()),
            ingested.warning(),
            loss.flatMap(Loss::warning),
            longGap(manifest, asOf),
            longSilence(manifest, asOf),
            noBirths(config, asOf))
        .flatMap(Optional::stream)
        .toList();
  }

  /** What a log with ids of something else than events looks like. */
  private static Optional<String> manyDuplicates(ReadFacts facts) {
    long duplicates = facts.reasons(Fate.LEFT_OUT).getOrDefault(Reason.DUPLICATE, 0L);
    return duplicates <= MANY_DUPLICATES * facts.rows()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "%,d of %,d rows were left out as duplicates, for a row of the same user and day has"
                    + " their input.event-id. Is it the id of an event? Lines of an order share the"
                    + " order's number: leave input.event-id out, or make it tell the lines apart.",
                duplicates,
                facts.rows()));
  }

  /** That a few events lie long before all others: each day since then has its rows. */
  private static Optional<String> longGap(StateManifest manifest, LocalDate asOf) {
    return manifest
        .longestGap(asOf)
        .filter(gap -> gap.days() > LONG_GAP)
        .map(
            gap ->
                String.format(
                    Locale.ROOT,
                    "there is no event from %s to %s, and events before it: tables have rows for"
                        + " these %,d days, and users of before are old. If the earlier events have"
                        + " a wrong date, say input.earliest: %s.",
                    gap.first(),
                    gap.last(),
                    gap.days(),
                    gap.last().plusDays(1)));
  }

  /** That the day from which births are certain has not come. */
  private static Optional<String> noBirths(TenureConfig config, LocalDate asOf) {
    return config
        .input()
        .historyStarts()
        .filter(day -> day.isAfter(asOf))
        .map(
            day ->
                "input.history-starts is %s, after the as-of day %s: no birth is certain, and birth_observed is false in every row. Is it the day from which the log has everybody?"
                    .formatted(day, asOf));
  }

  /** That the log ends long before the as-of day. */
  private static Optional<String> longSilence(StateManifest manifest, LocalDate asOf) {
    return manifest
        .lastDayUpTo(asOf)
        .filter(last -> last.isBefore(asOf.minusDays(AsOf.LONG_SILENCE)))
        .map(
            last ->
                String.format(
                    Locale.ROOT,
                    "there is no event from %s to %s: on these %,d days everybody counts as absent. If"
                        + " the log ends on %s, say --as-of %s.",
                    last.plusDays(1),
                    asOf,
                    ChronoUnit.DAYS.between(last, asOf),
                    last,
                    last));
  }
}
