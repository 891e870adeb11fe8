package io.tenure.jobs.bench;

import java.nio.file.Path;
import java.time.LocalDate;

/** How contenders are run: in processes of their own, or all in this one. */
interface Launcher {
  /**
   * Runs Tenure.
   *
   * @param eventLog an empty folder for what Spark records; null: it records nothing
   */
  Measured tenure(TenureRun run, LocalDate asOf, boolean full, Task.Limits limits, Path eventLog)
      throws Exception;

  /** Runs a peer. */
  Measured peer(Contender contender, Task task, Path eventLog) throws Exception;
}
