package io.tenure.jobs.command;

import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.ProtectionRecord;
import io.tenure.common.store.RunRecord;
import io.tenure.common.store.TableReader;
import io.tenure.common.store.TableWriter;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Dictionary;
import io.tenure.common.table.Protection.Rule;
import io.tenure.common.table.RowOrder;
import io.tenure.jobs.protect.Hiding;
import io.tenure.jobs.protect.ProtectedRows;
import io.tenure.jobs.protect.Rounding;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * The copies of a run's tables that may go outside, beside the exact ones: written while nobody
 * sees the run, and immutable like it.
 */
final class ProtectStage {
  private final Work work;
  private final String runId;
  private final Configuration hadoop;
  private final int minUsers;
  private final int roundTo;
  private long numbers;
  private long hidden;

  ProtectStage(Work work, RunRecord run) {
    this.work = work;
    this.runId = run.runId();
    this.hadoop = work.spark().sparkContext().hadoopConfiguration();
    this.minUsers = work.config().privacy().minUsers();
    this.roundTo = work.config().privacy().roundTo();
  }

  /**
   * Writes the copies; what a run that was cut short left of them is replaced.
   *
   * @param asOf the last day that counts
   * @param results the tables that are computed from users
   * @param others the tables about the run
   */
  ProtectionRecord run(
      HeldOutput held, LocalDate asOf, List<Contract> results, List<Contract> others) {
    Output output = work.output();
    held.dropProtected(runId);
    Hiding hiding = Hiding.of(work.config(), asOf, minUsers, results, this::each);
    Map<String, Long> rows = new TreeMap<>();
    List<Contract> outside = new ArrayList<>();
    for (Contract table : results) {
      if (!table.protection().staysInside()) {
        outside.add(table.protectedCopy(minUsers, roundTo));
        rows.put(table.name(), copy(table, hiding.rows(table)));
      }
    }
    List<Contract> ofNobody =
        others.stream().filter(table -> table.protection().rule() == Rule.NOBODY).toList();
    outside.addAll(ofNobody);
    for (Contract table : ofNobody) {
      rows.put(
          table.name(),
          table.name().equals(Dictionary.CONTRACT.name())
              ? write(table, Dictionary.rows(outside, runId).iterator())
              : copy(table));
    }
    ProtectionRecord record =
        new ProtectionRecord(minUsers, roundTo, numbers, hidden, hiding.dropped(), rows);
    output.writeProtection(runId, record);
    return record;
  }

  private static List<String> columns(Contract table) {
    return table.columns().stream().map(Column::name).toList();
  }

  private TableReader.Rows exact(Contract table) {
    List<String> columns = columns(table);
    return TableReader.open(hadoop, work.output().table(runId, table.name()))
        .sorted(columns, RowOrder.of(table, columns));
  }

  private void each(Contract table, Consumer<Object[]> rows) {
    try (TableReader.Rows exact = exact(table)) {
      exact.forEachRemaining(rows);
    }
  }

  private long copy(Contract table) {
    try (TableReader.Rows exact = exact(table)) {
      return write(table, exact);
    }
  }

  private long copy(Contract table, ProtectedRows protection) {
    int[] places = table.hideable().stream().mapToInt(table::index).toArray();
    try (TableReader.Rows exact = exact(table)) {
      return write(
          table.protectedCopy(minUsers, roundTo),
          new Copied(exact, protection, new Rounding(table, roundTo), places));
    }
  }

  private long write(Contract table, Iterator<Object[]> rows) {
    return TableWriter.write(
        hadoop, work.output().protectedTable(runId, table.name()), table, rows);
  }

  /** The rows of a copy, counted while they are taken. */
  private final class Copied implements Iterator<Object[]> {
    private final Iterator<Object[]> exact;
    private final ProtectedRows protection;
    private final Rounding rounding;
    private final int[] places;
    private Object[] next;

    Copied(Iterator<Object[]> exact, ProtectedRows protection, Rounding rounding, int[] places) {
      this.exact = exact;
      this.rounding = rounding;
      this.protection = protection;
      this.places = places;
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && exact.hasNext()) {
        Object[] row = exact.next();
        boolean dropped = protection.drops(row);
        next = dropped ? null : protection.protect(row);
        for (int place : places) {
          if (row[place] != null) {
            numbers++;
            hidden += dropped || isHidden(row, place) ? 1 : 0;
          }
        }
        if (!dropped) {
          rounding.round(next);
        }
      }
    }

    private boolean isHidden(Object[] row, int place) {
      // The copy has one column more, but behind all that can be hidden.
      return row[place] != null && next[place] == null;
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Object[] next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Object[] row = next;
      advance();
      return row;
    }
  }
}
