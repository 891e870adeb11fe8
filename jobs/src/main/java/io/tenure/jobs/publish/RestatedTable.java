package io.tenure.jobs.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.RowOrder;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** How two runs are compared in one table: which of its rows and numbers, and under which key. */
final class RestatedTable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Contract contract;

  /** The last day of finality of rows that are final in both runs. */
  private final LocalDate finalUntil;

  private final boolean sameDay;
  private final List<String> measures;
  private final List<String> columns;

  /** Where the measures stand in a row. */
  private final int[] positions;

  /** Where the day of finality stands; -1 if there is none. */
  private final int finalOn;

  private final Comparator<Object[]> order;

  /**
   * A number that differs.
   *
   * @param key the row: its grain as a JSON object, without NULLs
   * @param old null: not known, or no row
   * @param now null: not known, or no row
   */
  record Difference(String key, String measure, BigDecimal old, BigDecimal now) {}

  /**
   * @param known the day on which the knowledge of the run that knows less ends
   * @param sameDay whether both runs have the same as-of day
   */
  RestatedTable(Contract contract, LocalDate known, boolean sameDay) {
    this.contract = contract;
    this.finalUntil = known.minusDays(contract.finality().daysAfter());
    this.sameDay = sameDay;
    this.measures =
        contract.measures().stream()
            .filter(measure -> sameDay || !contract.finality().growing().contains(measure))
            .toList();
    this.columns =
        Stream.of(contract.grain(), measures, finality()).flatMap(List::stream).distinct().toList();
    this.positions = measures.stream().mapToInt(columns::indexOf).toArray();
    this.finalOn = columns.indexOf(contract.finality().column());
    this.order = RowOrder.of(contract, columns);
  }

  private List<String> finality() {
    return Optional.ofNullable(contract.finality().column()).stream().toList();
  }

  String name() {
    return contract.name();
  }

  /** Whether the runs speak of the same things at all, and of none that must not be repeated. */
  boolean isComparable() {
    return !measures.isEmpty()
        && contract.protection().rule() != Protection.Rule.PERSONS
        && (sameDay || contract.finality().column() != null);
  }

  /** The columns that a comparison reads. */
  List<String> columns() {
    return columns;
  }

  /** The order of rows of these columns. */
  Comparator<Object[]> order() {
    return order;
  }

  /**
   * The numbers in which two rows of the same key differ.
   *
   * @param before null if the run before has no such row
   * @param after null if this run has none
   */
  List<Difference> differences(Object[] before, Object[] after) {
    Object[] old = before != null && isFinal(before) ? before : null;
    Object[] now = after != null && isFinal(after) ? after : null;
    if (old == null && now == null) {
      return List.of();
    }
    List<Difference> differences = new ArrayList<>();
    for (int measure = 0; measure < measures.size(); measure++) {
      int at = positions[measure];
      if (old != null && now != null && Objects.equals(old[at], now[at])) {
        continue;
      }
      BigDecimal was = number(old, at);
      BigDecimal is = number(now, at);
      if (!said(old, was, is).equals(said(now, is, was))) {
        differences.add(
            new Difference(key(old == null ? now : old), measures.get(measure), was, is));
      }
    }
    return differences;
  }

  private static BigDecimal number(Object[] row, int at) {
    return row == null || row[at] == null ? null : new BigDecimal(row[at].toString()).setScale(4);
  }

  /** What a side says: where it has no row, nobody, which is as good as a zero or nothing known. */
  private static Optional<BigDecimal> said(Object[] row, BigDecimal number, BigDecimal other) {
    if (row == null) {
      return other == null ? Optional.empty() : Optional.of(BigDecimal.ZERO.setScale(4));
    }
    return Optional.ofNullable(number);
  }

  private boolean isFinal(Object[] row) {
    Contract.Finality finality = contract.finality();
    if (finality.column() == null) {
      return true;
    }
    LocalDate day = (LocalDate) row[finalOn];
    return day != null && !day.isAfter(finalUntil);
  }

  private String key(Object[] row) {
    Map<String, Object> key = new LinkedHashMap<>();
    for (String column : contract.grain()) {
      Object value = row[columns.indexOf(column)];
      if (value != null) {
        key.put(column, value instanceof LocalDate day ? day.toString() : value);
      }
    }
    try {
      return JSON.writeValueAsString(key);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and numbers can be written as JSON", e);
    }
  }
}
