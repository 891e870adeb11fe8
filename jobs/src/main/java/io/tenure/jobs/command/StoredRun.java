package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.udf;

import io.tenure.common.store.Erased;
import io.tenure.common.store.ErasureList;
import io.tenure.common.store.Output;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.StateManifest;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.fold.StateFiles;
import io.tenure.jobs.read.RejectedEvents;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * All that a published run keeps of single people, and what the next run may start from.
 *
 * @param state rows of {@link Fold#STATE}
 * @param files where that state is; empty if it is not just what some files hold
 * @param manifest what the histories were made of
 * @param rejected rows of {@link RejectedEvents#CONTRACT}, without the run
 */
record StoredRun(
    RunRecord record,
    Dataset<Row> state,
    Optional<StateFiles> files,
    StateManifest manifest,
    Dataset<Row> rejected) {

  /** A published run that keeps histories. */
  static StoredRun of(SparkSession spark, Output output, String runId) {
    return new StoredRun(
        output.record(runId),
        spark.read().schema(Fold.STATE).parquet(output.state(runId)),
        StateFiles.of(spark.sparkContext().hadoopConfiguration(), output.state(runId)),
        output.manifest(runId).orElseThrow(),
        spark
            .read()
            .schema(SparkSchema.of(RejectedEvents.CONTRACT))
            .parquet(output.table(runId, RejectedEvents.CONTRACT.name()))
            .drop("run_id")
            // Files forget NOT NULL; the contract does not.
            .na()
            .fill("", new String[] {"reason", "meaning", "file"}));
  }

  /** Those of some runs that hold anything of the users. */
  static Set<String> holders(
      SparkSession spark, Output output, Collection<String> runs, Erased users) {
    Set<String> holders = new HashSet<>();
    for (String run : runs) {
      if (!canBeSearched(output, run) || of(spark, output, run).holds(users)) {
        holders.add(run);
      }
    }
    return holders;
  }

  /** What a version before this one kept cannot, nor what has lost a part. */
  private static boolean canBeSearched(Output output, String run) {
    return output
            .usableManifest(run)
            .filter(manifest -> manifest.format() == StateManifest.FORMAT)
            .isPresent()
        && output.usableRecord(run).isPresent()
        && output.lostState(run).isEmpty();
  }

  private boolean holds(Erased users) {
    return !historiesOf(users).isEmpty() || !rejectedOf(users).isEmpty();
  }

  /** The same without the users of a list, unless the run has left them out itself. */
  StoredRun without(ErasureList list) {
    if (Objects.equals(record.erased(), RunRecord.Erasures.of(list))) {
      return this;
    }
    Erased erased = list.erased();
    Map<String, Map<String, Long>> gone = new HashMap<>();
    rejectedOf(erased)
        .groupBy("file", "reason")
        .count()
        .collectAsList()
        .forEach(
            row ->
                gone.computeIfAbsent(row.getString(0), file -> new HashMap<>())
                    .put(row.getString(1), row.getLong(2)));
    return new StoredRun(
        record,
        state.where(not(isIn(erased, col("user")))),
        Optional.empty(),
        without(gone),
        rejected.where(not(isIn(erased, rejectedUser()))));
  }

  /** The histories of the users of a list. */
  Dataset<Row> historiesOf(Erased users) {
    return state.where(isIn(users, col("user")));
  }

  /** The rejected rows of the users of a list, with a column {@code user}. */
  Dataset<Row> rejectedOf(Erased users) {
    return rejected.withColumn("user", rejectedUser()).where(isIn(users, col("user")));
  }

  private static Column rejectedUser() {
    return get_json_object(col("row"), "$.user");
  }

  private static Column isIn(Erased users, Column user) {
    return coalesce(
        udf((UDF1<String, Boolean>) users::contains, DataTypes.BooleanType).apply(user),
        lit(false));
  }

  private StateManifest without(Map<String, Map<String, Long>> gone) {
    List<StateManifest.File> files = new ArrayList<>();
    for (StateManifest.File file : manifest.files()) {
      Map<String, Long> left = new TreeMap<>(file.rejected());
      gone.getOrDefault(file.path(), Map.of())
          .forEach((reason, rows) -> left.computeIfPresent(reason, (r, all) -> less(all, rows)));
      files.add(
          new StateManifest.File(
              file.path(),
              file.size(),
              file.modified(),
              file.rows(),
              left,
              file.days(),
              file.schema()));
    }
    return new StateManifest(
        manifest.format(),
        manifest.configHash(),
        manifest.identities(),
        manifest.zone(),
        manifest.asOf(),
        files,
        manifest.schemas(),
        manifest.types());
  }

  private static Long less(long all, long gone) {
    return all > gone ? all - gone : null;
  }
}
