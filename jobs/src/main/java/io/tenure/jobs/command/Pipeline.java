package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.check.Identity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * One run, from events to published tables: {@link IngestStage}, {@link ComputeStage}, {@link
 * PublishStage}; all at once, or each as a task of its own. Between tasks the output remembers the
 * run and how far it is, so each task may be repeated, and one out of turn says what comes first.
 */
final class Pipeline {
  private final Work work;
  private final PublishStage publishing;

  /**
   * @param identities what must hold between the tables before they are published
   */
  Pipeline(
      SparkSession spark,
      TenureConfig config,
      Output output,
      Function<Scope, List<Identity>> identities,
      InstantSource clock,
      Progress progress) {
    this.work = new Work(spark, config, output, clock, progress);
    this.publishing = new PublishStage(work, identities);
  }

  /**
   * All stages.
   *
   * @param wanted the as-of day; null: the last day that the input covers completely
   * @param full whether to rebuild, even where the current run could be added to
   * @return the pointer to the new run
   */
  Pointer run(LocalDate wanted, boolean full) {
    IngestStage ingesting = IngestStage.open(work, wanted, full);
    return locked(
        held -> {
          held.discardPending();
          return publishing.run(held, new ComputeStage(work).run(held, ingesting.run(full)));
        });
  }

  /**
   * The first stage alone; arguments as for a run. A run that was pending is given up.
   *
   * @return the record of the run that is pending now
   */
  RunRecord ingest(LocalDate wanted, boolean full) {
    IngestStage ingesting = IngestStage.open(work, wanted, full);
    return locked(
        held -> {
          held.discardPending();
          return held.pend(ingesting.run(full));
        });
  }

  /**
   * The second stage alone; nothing if it was done.
   *
   * @param expected the as-of day that the pending run must have; null: any
   * @throws UserError of usage, if it is not its turn
   */
  RunRecord compute(LocalDate expected) {
    return locked(
        held -> {
          RunRecord pending = pending(expected, "compute", "`ingest`");
          return pending.status().equals(RunRecord.INGESTED) && !isPublished(pending)
              ? held.pend(new ComputeStage(work).run(held, pending))
              : pending;
        });
  }

  /**
   * The last stage alone; nothing if it was done.
   *
   * @param expected the as-of day that the pending run must have; null: any
   * @throws UserError of usage, if it is not its turn
   */
  Pointer publish(LocalDate expected) {
    return locked(
        held -> {
          RunRecord pending = pending(expected, "publish", "`ingest`, then `compute`");
          if (isPublished(pending)) {
            return requireDay(work.output().current().orElseThrow(), expected);
          }
          if (pending.status().equals(RunRecord.INGESTED)) {
            throw UserError.usage(
                "Cannot publish run %s as of %s: its tables are not computed. Run `compute` first."
                    .formatted(pending.runId(), pending.asOf()));
          }
          return publishing.run(held, pending);
        });
  }

  /**
   * Erases users: see {@link ForgetStage}. A run that was pending is given up.
   *
   * @param ids as the events have them
   */
  Forgotten forget(Set<String> ids) {
    return locked(held -> new ForgetStage(work, publishing).run(held, ids));
  }

  /** See {@link Output#requireSwept}. */
  void requireSwept() {
    work.output().requireSwept();
  }

  private static Pointer requireDay(Pointer current, LocalDate expected) {
    if (expected != null && !current.asOf().equals(expected.toString())) {
      throw UserError.usage(
          "Cannot publish as of %s: nothing is pending, and run %s, which is current, is as of %s. Run `ingest --as-of %s` first."
              .formatted(expected, current.runId(), current.asOf(), expected));
    }
    return current;
  }

  private boolean isPublished(RunRecord run) {
    return work.output().isPublished(run.runId());
  }

  private RunRecord pending(LocalDate expected, String task, String first) {
    RunRecord pending =
        work.output()
            .pending()
            .orElseThrow(
                () ->
                    UserError.usage(
                        "Nothing to %s in %s: run %s first."
                            .formatted(task, work.output().path(), first)));
    if (expected != null && !pending.asOf().equals(expected.toString())) {
      throw UserError.usage(
          "Cannot %s as of %s: run %s, which was ingested last, is as of %s. Run `ingest --as-of %s` first."
              .formatted(task, expected, pending.runId(), pending.asOf(), expected));
    }
    if (!pending.configHash().equals(ConfigHash.of(work.config()))) {
      throw UserError.usage(
          "Cannot %s run %s: the definition changed since it was ingested, or Tenure did. Run `ingest` first."
              .formatted(task, pending.runId()));
    }
    if (!Objects.equals(pending.erased(), RunRecord.Erasures.of(work.output().erasures()))) {
      throw UserError.usage(
          "Cannot %s run %s: users were erased since it was ingested. Run `ingest` first."
              .formatted(task, pending.runId()));
    }
    return pending;
  }

  private <T> T locked(Function<HeldOutput, T> stages) {
    Instant now = work.clock().instant();
    HeldOutput held = work.output().lock(owner(now), work.clock());
    try (held) { // so that what fails first is told, where the lock cannot be released either
      T result = stages.apply(held);
      work.output().warnings().forEach(warning -> work.progress().say("  warning: " + warning));
      return result;
    }
  }

  /** Who takes the output, for whoever finds it taken. */
  static String owner(Instant start) {
    String host;
    try {
      host = InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      host = "a host without a name";
    }
    return "process %d on %s, since %s".formatted(ProcessHandle.current().pid(), host, start);
  }
}
