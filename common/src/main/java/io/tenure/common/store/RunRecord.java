package io.tenure.common.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;

/**
 * What a run did: {@code run.json} in its directory.
 *
 * @param status {@code complete}: a record is only written once everything else of the run is
 * @param startedAt ISO instant
 * @param finishedAt ISO instant
 * @param asOf ISO day
 * @param logStart ISO day of the first accepted event
 * @param birthObserved ISO day from which births are certain; null: the log is taken to be complete
 * @param configHash fingerprint of what decides the numbers
 * @param tables rows by table
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunRecord(
    String runId,
    String name,
    String status,
    String asOf,
    String logStart,
    String birthObserved,
    String startedAt,
    String finishedAt,
    String configHash,
    Input input,
    Rows rows,
    Map<String, Long> tables,
    List<Stage> stages,
    Map<String, String> versions,
    List<String> warnings) {

  /** The status of a run whose directory is whole. */
  public static final String COMPLETE = "complete";

  /**
   * The files read.
   *
   * @param listingHash fingerprint of path, size and modification time of every file
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Input(String path, long files, long bytes, String listingHash) {}

  /**
   * The fate of every row read: {@code read = accepted + rejected + leftOut}.
   *
   * @param rejectedBy rows by reason
   * @param leftOutBy rows by reason
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Rows(
      long read,
      long accepted,
      long rejected,
      long leftOut,
      Map<String, Long> rejectedBy,
      Map<String, Long> leftOutBy) {}

  /** A stage and how long it took, in seconds. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Stage(String name, double seconds, long rows) {}
}
