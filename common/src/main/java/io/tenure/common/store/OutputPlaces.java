package io.tenure.common.store;

import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/** Where everything is in an {@link Output}. */
record OutputPlaces(Path root) {
  /** The id of a run: when it began, in UTC, and a number if several did in one second. */
  private static final Pattern RUN_ID = Pattern.compile("\\d{8}T\\d{6}Z(-\\d+)?");

  /** Whether a name below {@link #runs} is that of a run: anything else is not Tenure's. */
  static boolean isRun(String name) {
    return RUN_ID.matcher(name).matches();
  }

  Path runs() {
    return new Path(root, "runs");
  }

  Path run(String runId) {
    return new Path(runs(), runId);
  }

  Path table(String runId, String table) {
    return new Path(run(runId), table);
  }

  Path protectedTable(String runId, String table) {
    return new Path(run(runId), "protected/" + table);
  }

  Path protection(String runId) {
    return new Path(run(runId), "protected/_protection.json");
  }

  Path state(String runId) {
    return new Path(run(runId), "_state/histories");
  }

  Path cells(String runId) {
    return new Path(run(runId), "_state/cells.bin");
  }

  Path manifest(String runId) {
    return new Path(run(runId), "_state/files.json");
  }

  Path record(String runId) {
    return new Path(run(runId), "run.json");
  }

  Path page(String runId) {
    return new Path(run(runId), "report.html");
  }

  Path pointer() {
    return new Path(root, "_current.json");
  }

  Path pending() {
    return new Path(root, "_pending.json");
  }

  Path erasures() {
    return new Path(root, "_erased.json");
  }

  Path lock() {
    return new Path(root, "_lock");
  }
}
