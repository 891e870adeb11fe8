package io.tenure.jobs.protect;

import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;

/** The columns of a table by name: how its rows are read. */
final class Fields {
  private final Contract contract;
  private final Map<String, Integer> places = new HashMap<>();

  Fields(Contract contract) {
    this.contract = contract;
    for (int at = 0; at < contract.columns().size(); at++) {
      places.put(contract.columns().get(at).name(), at);
    }
  }

  Contract contract() {
    return contract;
  }

  /** The place of a column. */
  int place(String column) {
    Integer place = places.get(column);
    if (place == null) {
      throw new IllegalArgumentException("No column " + column + " in " + contract.name());
    }
    return place;
  }

  boolean has(String column) {
    return places.containsKey(column);
  }

  String text(Object[] row, String column) {
    return (String) row[place(column)];
  }

  LocalDate day(Object[] row, String column) {
    return (LocalDate) row[place(column)];
  }

  /** A count; null if it is not known. */
  Long count(Object[] row, String column) {
    return (Long) row[place(column)];
  }

  int whole(Object[] row, String column) {
    return (Integer) row[place(column)];
  }

  boolean flag(Object[] row, String column) {
    return (Boolean) row[place(column)];
  }

  Slice slice(Object[] row) {
    return new Slice(text(row, "segment"), text(row, "segment_value"));
  }

  Question question(Object[] row) {
    return new Question(text(row, "retention"), text(row, "grain"));
  }
}
