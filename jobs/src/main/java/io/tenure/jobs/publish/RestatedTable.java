package io.tenure.jobs.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** How two runs are compared in one table: which of its rows and numbers, and under which key. */
final class RestatedTable implements Serializable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Contract contract;
  private final LocalDate known;
  private final boolean sameDay;
  private final List<String> measures;

  /**
   * @param known the day on which the knowledge of the run that knows less ends
   * @param sameDay whether both runs have the same as-of day
   */
  RestatedTable(Contract contract, LocalDate known, boolean sameDay) {
    this.contract = contract;
    this.known = known;
    this.sameDay = sameDay;
    this.measures =
        contract.measures().stream()
            .filter(measure -> sameDay || !contract.finality().growing().contains(measure))
            .toList();
  }

  String name() {
    return contract.name();
  }

  /** Whether the runs speak of the same things at all. */
  boolean isComparable() {
    return !measures.isEmpty() && (sameDay || contract.finality().column() != null);
  }

  /** The columns that a comparison reads. */
  List<StructField> columns() {
    StructType schema = SparkSchema.of(contract);
    List<String> names = new ArrayList<>(contract.grain());
    names.addAll(measures);
    if (contract.finality().column() != null) {
      names.add(contract.finality().column());
    }
    return names.stream().distinct().map(schema::apply).toList();
  }

  /** A row's numbers, if they are final in both runs. */
  List<Tuple2<Key, Sides>> cell(Row row, boolean old) {
    if (!isFinal(row)) {
      return List.of();
    }
    String[] numbers =
        measures.stream()
            .map(measure -> row.<Object>getAs(measure))
            .map(number -> number == null ? null : number.toString())
            .toArray(String[]::new);
    return List.of(
        new Tuple2<>(
            new Key(contract.name(), key(row)),
            old ? new Sides(numbers, null) : new Sides(null, numbers)));
  }

  /** Rows of {@link Restatements#CONTRACT}, one for each number that differs. */
  List<Row> differences(Key key, Sides sides, String cause, String previousRun, String runId) {
    List<Row> rows = new ArrayList<>();
    for (int measure = 0; measure < measures.size(); measure++) {
      BigDecimal old = number(sides.old(), measure);
      BigDecimal now = number(sides.now(), measure);
      if (!said(sides.old(), old, now).equals(said(sides.now(), now, old))) {
        rows.add(
            RowFactory.create(
                key.table(),
                key.row(),
                measures.get(measure),
                old,
                now,
                cause,
                previousRun,
                runId));
      }
    }
    return rows;
  }

  private static BigDecimal number(String[] side, int measure) {
    return side == null || side[measure] == null ? null : new BigDecimal(side[measure]).setScale(4);
  }

  /** What a side says: where it has no row, nobody, which is as good as a zero or nothing known. */
  private static Optional<BigDecimal> said(String[] side, BigDecimal number, BigDecimal other) {
    if (side == null) {
      return other == null ? Optional.empty() : Optional.of(BigDecimal.ZERO.setScale(4));
    }
    return Optional.ofNullable(number);
  }

  private boolean isFinal(Row row) {
    Contract.Finality finality = contract.finality();
    return finality.column() == null
        || Optional.ofNullable(row.<LocalDate>getAs(finality.column()))
            .filter(day -> !day.plusDays(finality.daysAfter()).isAfter(known))
            .isPresent();
  }

  private String key(Row row) {
    Map<String, Object> key = new LinkedHashMap<>();
    for (String column : contract.grain()) {
      Object value = row.getAs(column);
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

  /** The address of a row. */
  record Key(String table, String row) implements Serializable {}

  /**
   * The numbers of a row in both runs, as decimal text, which is cheap to send and exact.
   *
   * @param old null if the run before has no such row
   * @param now null if this run has none
   */
  record Sides(String[] old, String[] now) implements Serializable {
    static Sides merge(Sides left, Sides right) {
      return new Sides(
          left.old == null ? right.old : left.old, left.now == null ? right.now : left.now);
    }
  }
}
