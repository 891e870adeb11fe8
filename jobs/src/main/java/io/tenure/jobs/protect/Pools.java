package io.tenure.jobs.protect;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/**
 * Which rows of pooled retention are hidden with the cohorts in them. A row less the cohorts that
 * are shown is the sum of those that are hidden: it may be known if these are several with enough
 * users, one of them late, whose other numbers are in no other sum.
 */
final class Pools {
  private final Hiding hiding;
  private final Fields fields;
  private final ProtectedRows cohorts;
  private final Map<Slice, Map<Question, Map<String, Pool>>> pools = new HashMap<>();

  /** The hidden cohorts of a row. */
  private static final class Pool {
    private int cohorts;
    private long users;
    private boolean late;
  }

  Pools(Hiding hiding, Fields fields) {
    this.hiding = hiding;
    this.fields = fields;
    this.cohorts = new ProtectedRows(hiding, fields);
  }

  void hide(TableRows exact) {
    exact.each(fields.contract(), this::add);
    pools.forEach(
        (slice, questions) ->
            questions.forEach(
                (question, rows) ->
                    rows.forEach(
                        (row, pool) -> {
                          if (pool.cohorts < 2 || !pool.late || pool.users < hiding.minUsers()) {
                            hiding.of(slice).pooled(question).add(row);
                          }
                        })));
    hiding.spread();
  }

  private void add(Object[] row) {
    Slice slice = fields.slice(row);
    if (hiding.isDropped(slice) || !fields.flag(row, "is_mature") || !cohorts.hidesReturn(row)) {
      return;
    }
    Question question = fields.question(row);
    LocalDate start = fields.day(row, "cohort_start");
    Pool pool =
        pools
            .computeIfAbsent(slice, unseen -> new HashMap<>())
            .computeIfAbsent(question, unseen -> new HashMap<>())
            .computeIfAbsent(key(fields, row), unseen -> new Pool());
    pool.cohorts++;
    pool.users += fields.count(row, "cohort_users");
    LocalDate first = hiding.factsOf(slice).cohorts.get(question).firstKey();
    pool.late |= !start.isBefore(hiding.reach().firstLate(question, first));
  }

  /** A row of pooled retention within its question and slice. */
  static String key(Fields fields, Object[] row) {
    return key(fields.text(row, "bracket"), fields.whole(row, "period"));
  }

  /**
   * The same, by its columns.
   *
   * @param bracket null: the row of a single period
   */
  static String key(String bracket, int period) {
    return bracket + " " + period;
  }
}
