package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;

import io.tenure.common.UserError;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.store.Erased;
import io.tenure.common.store.ErasureList;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.fold.ReadFacts;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Restatements;
import io.tenure.jobs.read.Aliases;
import io.tenure.jobs.read.IdentitiesTable;
import io.tenure.jobs.read.RejectedEvents;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Takes people out of the output, for good.
 *
 * <ol>
 *   <li>Finds them: their histories and rejected rows in the current run, and which runs that are
 *       kept hold any.
 *   <li>Writes the histories of all others into a run of their own, which nobody sees yet.
 *   <li>Puts the people on the list of whom all runs leave out. From here on no run counts them,
 *       whatever its config: should this one be cut short, the next one finishes it.
 *   <li>Computes the tables, checks them and compares them as in any run, then publishes them. In
 *       the same moment every run that holds one of them, the one before included, is gone: going
 *       back to it would bring the person back.
 * </ol>
 *
 * <p>With {@code identities}, an id stands for a person: all of their ids go on the list, so that
 * no later table of aliases brings back a part of them.
 *
 * <p>No event is read, and the as-of day stays what it was. The input still has their events; they
 * count as left out wherever a run reads them.
 */
final class ForgetStage {
  private static final int SALT_BYTES = 16;

  private final Work work;
  private final PublishStage publishing;

  ForgetStage(Work work, PublishStage publishing) {
    this.work = work;
    this.publishing = publishing;
  }

  /** What a run holds of people. */
  private record Found(Set<String> users, long days, long rejectedRows) {}

  /**
   * Erases.
   *
   * @param ids users or aliases, as the events have them; each stands for the whole person
   * @throws UserError of usage, if the current run cannot be had without them; of storage, if it is
   *     lost who was erased before
   */
  Forgotten run(HeldOutput held, Set<String> ids) {
    Output output = work.output();
    output.requireAllErased(); // a list begun anew would pass for the one that was lost
    Aliases aliases = IdentitiesTable.read(work.spark(), work.config());
    ErasureList list = output.erasures().with(aliases.allIds(ids), salt());
    Optional<Pointer> current = output.current();
    if (current.isEmpty()) {
      held.discardPending();
      held.writeErasures(list);
      return new Forgotten(
          ids.size(), new TreeSet<>(ids), 0, 0, List.of(), Map.of(), Optional.empty());
    }
    requireSameDefinition(current.get(), aliases);
    StoredRun stored = StoredRun.of(work.spark(), output, current.get().runId());
    Erased erased = list.erased();
    Found found =
        work.progress()
            .stage(
                "find",
                "Find the users to erase in run " + current.get().runId(),
                () -> find(stored, erased, aliases),
                result -> result.users().size());
    held.discardPending();
    RunRecord folded = fold(stored.without(list), list);
    Set<String> holders = StoredRun.holders(work.spark(), output, current.get().runs(), erased);
    held.writeErasures(list);
    RunRecord computed = new ComputeStage(work).run(held, folded);
    Pointer pointer = publishing.run(held, computed, holders);
    TreeSet<String> unknown = new TreeSet<>(ids);
    unknown.removeIf(id -> found.users().contains(aliases.user(id)));
    return new Forgotten(
        ids.size(),
        unknown,
        found.days(),
        found.rejectedRows(),
        current.get().runs().stream()
            .filter(run -> holders.contains(run) && !output.isLeft(run))
            .toList(),
        restated(pointer.runId()),
        Optional.of(pointer));
  }

  private static byte[] salt() {
    byte[] salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return salt;
  }

  private void requireSameDefinition(Pointer current, Aliases aliases) {
    WhyFull.of(
            false,
            work.output(),
            work.config(),
            aliases,
            Map.of(),
            Ingest.currentManifest(work.output()))
        .ifPresent(
            why -> {
              throw UserError.usage(
                  "Cannot take anybody out of run %s: %s. `run` with this config first, or give the run's own."
                      .formatted(current.runId(), why));
            });
  }

  private static Found find(StoredRun run, Erased erased, Aliases aliases) {
    Set<String> users = new HashSet<>();
    long days = 0;
    List<Tuple2<String, Integer>> found =
        run.historiesOf(erased)
            .toJavaRDD()
            .map(row -> new Tuple2<>(row.getString(0), History.decode(row.getAs(1)).size()))
            .collect();
    for (Tuple2<String, Integer> user : found) {
      users.add(user._1());
      days += user._2();
    }
    long rejected = 0;
    for (Row row : run.rejectedOf(erased).groupBy("user").count().collectAsList()) {
      users.add(aliases.user(row.getString(0)));
      rejected += row.getLong(1);
    }
    return new Found(users, days, rejected);
  }

  private RunRecord fold(StoredRun left, ErasureList list) {
    Output output = work.output();
    RunRecord before = left.record();
    Instant start = work.clock().instant();
    String runId = output.freeRunId(IngestStage.RUN_ID.format(start));
    ReadFacts facts =
        work.progress()
            .stage(
                "fold",
                "Write the histories of all others",
                () -> Ingest.write(work.spark(), output, fold(left.state()), runId),
                ReadFacts::rows);
    if (facts.isEmpty() || facts.firstDay() > LocalDate.parse(before.asOf()).toEpochDay()) {
      throw UserError.usage(
          "Cannot erase all users of run %s: nobody would be left to publish. Remove %s instead."
              .formatted(before.runId(), output.path()));
    }
    output.writeManifest(runId, left.manifest());
    long rejected =
        new Publication(work.spark(), output, runId)
            .write(
                List.of(RejectedEvents.CONTRACT),
                contract ->
                    new Publication.Rows.Distributed(
                        RejectedEvents.table(left.rejected(), runId).coalesce(1)))
            .totalRows();
    return new RunRecord(
        runId,
        work.config().name(),
        RunRecord.INGESTED,
        before.asOf(),
        LocalDate.ofEpochDay(facts.firstDay()).toString(),
        before.birthObserved(),
        start.toString(),
        work.clock().instant().toString(),
        before.configHash(),
        before.input(),
        new RunRecord.Reading(
            RunRecord.ERASURE, "users were erased from run " + before.runId(), 0, List.of(), null),
        new RunRecord.Rows(0, 0, 0, 0, Map.of(), Map.of()),
        RunRecord.Erasures.of(list),
        before.identities(),
        Map.of(RejectedEvents.CONTRACT.name(), rejected),
        work.progress().takeStages(),
        Version.all(work.spark()),
        before.warnings());
  }

  private Dataset<Row> fold(Dataset<Row> state) {
    return new Fold(
            HistoryShape.of(work.config()),
            work.config().timezone(),
            state.toJavaRDD().getNumPartitions(),
            Session.taskMemory(work.spark()))
        .state(state);
  }

  private Map<String, Long> restated(String runId) {
    Map<String, Long> rows = new TreeMap<>();
    work.spark()
        .read()
        .parquet(work.output().table(runId, Restatements.CONTRACT.name()))
        .groupBy("table")
        .agg(countDistinct(col("key")))
        .collectAsList()
        .forEach(row -> rows.put(row.getString(0), row.getLong(1)));
    return rows;
  }
}
