package io.tenure.common.table;

import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A published column: {@code required("dau", BIGINT, "Users active on the
 * day").in(USERS).sumsOver("segment_value")}.
 *
 * @param name snake_case
 * @param nullable whether NULL has a meaning here; the comment says which
 * @param unit what a number counts or measures; null for a column that is no number
 * @param sumsOver the columns that rows may differ in and still be added up: over {@code
 *     segment_value}, but not over {@code day}, a user counts once; empty if sums have no meaning
 * @param vendors the setting of another product that gives the same number
 * @param comment a sentence for whoever reads the table, carried into the file; a key of the config
 *     in braces stands for its value, see {@link Contract#filledIn}
 */
public record Column(
    String name,
    ColumnType type,
    boolean nullable,
    Unit unit,
    List<String> sumsOver,
    Map<Vendor, String> vendors,
    String comment)
    implements Serializable {

  public Column {
    sumsOver = List.copyOf(sumsOver);
    // Not Map.copyOf: contracts travel with metrics, and the order of vendors is that of the enum.
    EnumMap<Vendor, String> ordered = new EnumMap<>(Vendor.class);
    ordered.putAll(vendors);
    vendors = java.util.Collections.unmodifiableMap(ordered);
  }

  public static Column required(String name, ColumnType type, String comment) {
    return new Column(name, type, false, null, List.of(), Map.of(), comment);
  }

  public static Column optional(String name, ColumnType type, String comment) {
    return new Column(name, type, true, null, List.of(), Map.of(), comment);
  }

  /** This column with its unit: numbers have one. */
  public Column in(Unit unit) {
    return new Column(name, type, nullable, unit, sumsOver, vendors, comment);
  }

  /** This column, which may be summed over other columns. */
  public Column sumsOver(String... columns) {
    return new Column(name, type, nullable, unit, List.of(columns), vendors, comment);
  }

  /** This column with the setting of another product that gives the same number. */
  public Column like(Vendor vendor, String setting) {
    EnumMap<Vendor, String> more = new EnumMap<>(Vendor.class);
    more.putAll(vendors);
    more.put(vendor, setting);
    return new Column(name, type, nullable, unit, sumsOver, more, comment);
  }

  /** This column in a copy of its table where some values are hidden. */
  Column hideable() {
    return new Column(
        name,
        type,
        true,
        unit,
        sumsOver,
        vendors,
        comment + (nullable ? "; or hidden, see is_hidden" : "; NULL: hidden, see is_hidden"));
  }

  Column mapTexts(UnaryOperator<String> change) {
    EnumMap<Vendor, String> changed = new EnumMap<>(Vendor.class);
    vendors.forEach((vendor, setting) -> changed.put(vendor, change.apply(setting)));
    return new Column(name, type, nullable, unit, sumsOver, changed, change.apply(comment));
  }
}
