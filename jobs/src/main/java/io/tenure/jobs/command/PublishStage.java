package io.tenure.jobs.command;

import io.tenure.common.config.Scope;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.common.table.Contract;
import io.tenure.jobs.check.Identity;
import io.tenure.jobs.check.IdentityCheck;
import io.tenure.jobs.check.Judgement;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.publish.Publication;
import io.tenure.jobs.publish.Publication.Rows;
import io.tenure.jobs.publish.Publication.Written;
import io.tenure.jobs.publish.Restatements;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The last stage: the identities against the tables as written, the final numbers against those of
 * the run before, the page, then the pointer to the new run.
 */
final class PublishStage {
  private final Work work;
  private final Function<Scope, List<Identity>> identities;

  /**
   * @param identities what must hold between the tables before they are published
   */
  PublishStage(Work work, Function<Scope, List<Identity>> identities) {
    this.work = work;
    this.identities = identities;
  }

  /** Checks, compares and commits; if an erasure was cut short, it is finished. */
  Pointer run(HeldOutput held, RunRecord computed) {
    Output output = work.output();
    if (!output.owesErasure()) {
      return run(held, computed, Set.of());
    }
    Set<String> holders =
        StoredRun.holders(
            work.spark(),
            output,
            output.current().orElseThrow().runs(),
            output.erasures().erased());
    work.progress()
        .say(
            "            users were erased: removes the runs that hold them, "
                + String.join(", ", holders));
    return run(held, computed, holders);
  }

  /**
   * Checks, compares and commits.
   *
   * @param dropped published runs that are removed in the same moment
   */
  Pointer run(HeldOutput held, RunRecord computed, Set<String> dropped) {
    Output output = work.output();
    Set<String> leaving = new HashSet<>(dropped);
    leaving.addAll(lost());
    List<String> kept = output.keptBeside(computed, work.config().keepRuns(), leaving);
    String runId = computed.runId();
    Scope scope = ComputeStage.scope(work, computed);
    List<Contract> contracts = ComputeStage.contracts(work, Metrics.of(scope));
    List<Judgement.Outcome> outcomes =
        work.progress()
            .stage(
                "check",
                "Check the identities of run " + runId,
                () -> check(identities.apply(scope), computed, contracts),
                List::size);
    RunTables described = new RunTables(work, computed, kept, contracts, outcomes);
    RunRecord checked = describe(held, computed, described, contracts);
    held.dropProtected(runId);
    if (work.config().privacy().protects()) {
      protect(held, checked, contracts, described.contracts());
    }
    held.requireInMaking(runId);
    work.progress()
        .stage(
            "report",
            "Write the page of run " + runId,
            () ->
                ReportCommand.write(
                    work.spark().sparkContext().hadoopConfiguration(),
                    work.config(),
                    output,
                    checked),
            bytes -> checked.tables().values().stream().mapToLong(Long::longValue).sum());
    return held.publish(
        checked.reached(
            RunRecord.COMPLETE,
            work.clock().instant(),
            Map.of(),
            work.progress().takeStages(),
            List.of()),
        kept);
  }

  /** Writes the tables that speak of the run, and what it says otherwise than the one before. */
  private RunRecord describe(
      HeldOutput held, RunRecord computed, RunTables described, List<Contract> contracts) {
    String runId = computed.runId();
    List<Contract> last = new ArrayList<>(described.contracts());
    last.add(Restatements.CONTRACT);
    last.forEach(contract -> held.dropTable(runId, contract.name()));
    Publication publication = new Publication(work.spark(), work.output(), runId);
    Written restated =
        work.progress()
            .stage(
                "restate",
                "Describe run " + runId + " and compare it with the run before",
                () ->
                    publication.write(
                        last,
                        contract ->
                            contract.equals(Restatements.CONTRACT)
                                ? new Rows.AtHand(List.of(restated(computed, contracts)))
                                : Rows.of(described.rows(contract))),
                written -> written.rows().get(Restatements.CONTRACT.name()));
    return computed.reached(
        RunRecord.COMPLETE,
        work.clock().instant(),
        restated.rows(),
        work.progress().takeStages(),
        List.of());
  }

  private void protect(
      HeldOutput held, RunRecord run, List<Contract> results, List<Contract> described) {
    work.progress()
        .stage(
            "protect",
            "Hide small numbers of run " + run.runId() + " outside",
            () ->
                new ProtectStage(work, run)
                    .run(held, LocalDate.parse(run.asOf()), results, described),
            protection -> protection.tables().values().stream().mapToLong(Long::longValue).sum());
  }

  /** Runs that nobody can go back to, and that would stop all others if they stayed. */
  private List<String> lost() {
    List<String> lost = work.output().lostRuns();
    for (String run : lost) {
      work.progress()
          .say(
              "  warning: run %s is lost, %s has no record any more: it leaves the list of runs"
                  .formatted(run, work.output().run(run)));
    }
    return lost;
  }

  private List<Judgement.Outcome> check(
      List<Identity> expected, RunRecord computed, List<Contract> contracts) {
    Map<Contract, String> tables = new LinkedHashMap<>();
    contracts.forEach(
        contract -> tables.put(contract, work.output().table(computed.runId(), contract.name())));
    List<Judgement.Outcome> outcomes =
        IdentityCheck.run(work.spark(), expected, tables, computed.tables());
    Judgement.require(outcomes);
    return outcomes;
  }

  private Iterator<Object[]> restated(RunRecord run, List<Contract> contracts) {
    Output output = work.output();
    Optional<Pointer> previous = output.current();
    if (previous.isEmpty()) {
      return Collections.emptyIterator();
    }
    String beforeId = previous.get().runId();
    Optional<RunRecord> before = output.usableRecord(beforeId);
    Optional<StateManifest> files = output.usableManifest(beforeId);
    if (before.isEmpty() || files.isEmpty()) {
      work.progress()
          .say(
              "  warning: no restatements: what is known of run %s, the one before, is lost or damaged"
                  .formatted(beforeId));
      return Collections.emptyIterator();
    }
    String cause =
        Cause.of(before.get(), files.get(), run, output.manifest(run.runId()).orElseThrow());
    return new Restatements(work.spark().sparkContext().hadoopConfiguration(), output, run.runId())
        .since(previous.get(), LocalDate.parse(run.asOf()), contracts, cause);
  }
}
