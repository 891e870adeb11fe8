package io.tenure.jobs.publish;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.MONEY;
import static io.tenure.common.table.ColumnType.STRING;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.TableReader;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.Unit;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;

/**
 * What a run says otherwise than the one before it, of what both could know: counts and money of
 * rows that are final in both.
 *
 * <p>A row that is missing in one of the runs says that there is nobody: a zero is no news then.
 * Both runs have their rows in the same order, so they are read side by side and nothing is kept.
 */
public final class Restatements {
  public static final Contract CONTRACT =
      Contract.result(
              "restatements",
              "A final number that differs from the one in the run before",
              List.of("table", "key", "measure"),
              List.of(
                  required("table", STRING, "The table"),
                  required(
                      "key", STRING, "The row: the table's grain as a JSON object, without NULLs"),
                  required(
                      "measure", STRING, "The column: a count or money; rates follow from these"),
                  optional("old", MONEY, "The number in the run before; NULL: no row, or not known")
                      .in(Unit.NUMBER),
                  optional("new", MONEY, "The number in this run; NULL: no row, or not known")
                      .in(Unit.NUMBER),
                  required(
                      "cause",
                      STRING,
                      "What changed between the runs: changed_definition; or changed_identities,"
                          + " erased_users (by `forget`) and, of days that both runs cover, late_data (new files) and"
                          + " rewritten_input (changed or deleted files), in this order with _and_"
                          + " between them if more than one did; or changed_version (of Tenure, Spark or"
                          + " Java); or other_as_of (with input.partition, folders of other days were"
                          + " opened, in which events may have come late); unknown if none of these"
                          + " did"),
                  required(
                      "previous_run_id", STRING, "The run before, which readers saw until now")))
          .hiding(Protection.of(Protection.Rule.INSIDE));

  /** The cause of what differs because people were erased. */
  public static final String ERASED_USERS = "erased_users";

  private final Configuration hadoop;
  private final Output output;
  private final String runId;

  public Restatements(Configuration hadoop, Output output, String runId) {
    this.hadoop = hadoop;
    this.output = output;
    this.runId = runId;
  }

  /**
   * Compares tables as they were written, while the rows are taken.
   *
   * @param contracts the tables of this run; one that the run before does not have is left out
   * @param asOf the as-of day of this run
   * @param previous the run before
   * @param cause what changed, in the words of the contract
   * @return rows of {@link #CONTRACT}, by table, in the order of its rows and columns
   */
  public Iterator<Object[]> since(
      Pointer previous, LocalDate asOf, List<Contract> contracts, String cause) {
    LocalDate before = LocalDate.parse(previous.asOf());
    LocalDate known = (before.isBefore(asOf) ? before : asOf).plusDays(1);
    List<RestatedTable> tables =
        contracts.stream()
            .filter(contract -> previous.tables().containsKey(contract.name()))
            .map(contract -> new RestatedTable(contract, known, before.equals(asOf)))
            .filter(RestatedTable::isComparable)
            .sorted(Comparator.comparing(RestatedTable::name))
            .toList();
    return new Comparison(tables.iterator(), previous.runId(), cause);
  }

  /** Reads no further than is asked for: a changed definition restates every row there is. */
  private final class Comparison implements Iterator<Object[]> {
    private final Iterator<RestatedTable> tables;
    private final String previousRun;
    private final String cause;
    private final Deque<Object[]> found = new ArrayDeque<>();
    private RestatedTable table;
    private Iterator<SideBySide.Pair> pairs = Collections.emptyIterator();

    Comparison(Iterator<RestatedTable> tables, String previousRun, String cause) {
      this.tables = tables;
      this.previousRun = previousRun;
      this.cause = cause;
    }

    @Override
    public boolean hasNext() {
      while (found.isEmpty() && (pairs.hasNext() || tables.hasNext())) {
        if (pairs.hasNext()) {
          SideBySide.Pair pair = pairs.next();
          table
              .differences(pair.old(), pair.now())
              .forEach(difference -> found.add(row(table, difference, cause, previousRun)));
        } else {
          table = tables.next();
          pairs = new SideBySide(rows(previousRun, table), rows(runId, table), table.order());
        }
      }
      return !found.isEmpty();
    }

    @Override
    public Object[] next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return found.remove();
    }
  }

  private TableReader.Rows rows(String run, RestatedTable table) {
    return TableReader.open(hadoop, output.table(run, table.name()))
        .sortedAhead(table.columns(), table.order());
  }

  private Object[] row(
      RestatedTable table, RestatedTable.Difference difference, String cause, String previousRun) {
    return new Object[] {
      table.name(),
      difference.key(),
      difference.measure(),
      difference.old(),
      difference.now(),
      cause,
      previousRun,
      runId
    };
  }
}
