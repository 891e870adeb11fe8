package io.tenure.common.store;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * {@code _current.json}: which run readers see, and which runs there are. Replacing this file is
 * the commit of a run.
 *
 * @param runId the run readers see
 * @param asOf ISO day
 * @param tables rows by table
 * @param runs the committed runs that are kept, in the order they were published; the one that
 *     readers see is the last, unless it was rolled back to
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Pointer(
    String runId, String asOf, String configHash, Map<String, Long> tables, List<String> runs) {

  public Pointer {
    Objects.requireNonNull(runId, "no run_id");
    Objects.requireNonNull(runs, "no runs");
  }

  /** The pointer to a run. */
  static Pointer to(RunRecord record, List<String> runs) {
    return new Pointer(record.runId(), record.asOf(), record.configHash(), record.tables(), runs);
  }
}
