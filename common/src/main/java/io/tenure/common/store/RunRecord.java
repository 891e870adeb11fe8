package io.tenure.common.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a run did: {@code run.json} in its directory, written once everything else of it is; until
 * then, if it is made in separate tasks, {@code _pending.json} of the output.
 *
 * @param status how far it is: {@code ingested}, {@code computed}, {@code complete}
 * @param startedAt ISO instant
 * @param finishedAt ISO instant
 * @param asOf ISO day
 * @param logStart ISO day of the first accepted event
 * @param birthObserved ISO day from which births are certain; null: the log is taken to be complete
 * @param configHash fingerprint of what decides the numbers
 * @param erased whom the run leaves out; null: nobody was ever erased
 * @param identities which table of aliases it went by; null: none
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
    Reading reading,
    Rows rows,
    Erasures erased,
    Identities identities,
    Map<String, Long> tables,
    List<Stage> stages,
    Map<String, String> versions,
    List<String> warnings) {

  /** The status of a run whose histories are written. */
  public static final String INGESTED = "ingested";

  /** The status of a run whose tables are written, too. */
  public static final String COMPUTED = "computed";

  /** The status of a run whose directory is whole. */
  public static final String COMPLETE = "complete";

  /** The mode of a run that adds to another one. */
  public static final String INCREMENTAL = "incremental";

  /** The mode of a run that takes people out of the one before it and reads nothing. */
  public static final String ERASURE = "erasure";

  /**
   * Whether this run only says again what an earlier one said: it was added to that one, by the
   * same program, and nothing had come or gone since.
   */
  boolean repeats(RunRecord earlier) {
    return reading != null
        && INCREMENTAL.equals(reading.mode())
        && earlier.runId().equals(reading.base())
        && reading.files() == 0
        && reading.days().isEmpty()
        && asOf.equals(earlier.asOf())
        && Objects.equals(input, earlier.input())
        && Objects.equals(erased, earlier.erased())
        && versions.equals(earlier.versions());
  }

  /**
   * The record of the same run, one stage further.
   *
   * @param more tables written since
   * @param took the stages since
   * @param found since, that whoever reads the numbers should know
   */
  public RunRecord reached(
      String next, Instant now, Map<String, Long> more, List<Stage> took, List<String> found) {
    List<String> allWarnings = new ArrayList<>(warnings);
    allWarnings.addAll(found);
    Map<String, Long> allTables = new TreeMap<>(tables);
    allTables.putAll(more);
    List<Stage> allStages = new ArrayList<>(stages);
    allStages.addAll(took);
    return new RunRecord(
        runId,
        name,
        next,
        asOf,
        logStart,
        birthObserved,
        startedAt,
        now.toString(),
        configHash,
        input,
        reading,
        rows,
        erased,
        identities,
        allTables,
        allStages,
        versions,
        allWarnings);
  }

  /**
   * The files read.
   *
   * @param listingHash fingerprint of path, size and modification time of every file
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Input(String path, long files, long bytes, String listingHash) {}

  /**
   * How the input was read.
   *
   * @param mode {@code full}, {@link #INCREMENTAL}, or {@link #ERASURE}
   * @param why what decided it, in words
   * @param files files opened
   * @param days local days recomputed, as ranges {@code first/last}, both included; empty: all, or
   *     none of an incremental run
   * @param base the run that an incremental one adds to; null for others
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Reading(String mode, String why, long files, List<String> days, String base) {}

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

  /**
   * Whom a run leaves out.
   *
   * @param users entries of the list, found in the log or not
   * @param listHash fingerprint of the list
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Erasures(int users, String listHash) {
    /** What a record says of a list; null if it is empty. */
    public static Erasures of(ErasureList list) {
      return list.users().isEmpty() ? null : new Erasures(list.users().size(), list.fingerprint());
    }
  }

  /**
   * The table of aliases that a run went by.
   *
   * @param aliases ids that stand for another
   * @param fingerprint of who stands for whom; the same whatever files and order say it
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Identities(String path, int aliases, String fingerprint) {}

  /** A stage and how long it took, in seconds. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Stage(String name, double seconds, long rows) {}
}
