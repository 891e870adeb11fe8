package io.tenure.common.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a published table promises.
 *
 * @param name the table's name and directory
 * @param comment what one row is
 * @param grain the columns that identify a row, in the order rows are sorted by; none where rows
 *     have no identity, as broken rows of an input have not
 * @param columns all columns, in order
 * @param finality when the numbers of a row are final
 * @param protection what of a row is hidden if it speaks of too few users; every published table
 *     must say
 */
public record Contract(
    String name,
    String comment,
    List<String> grain,
    List<Column> columns,
    Finality finality,
    Protection protection)
    implements Serializable {

  /** In a column that splits a table: the whole, beside its parts. */
  public static final String WHOLE = "(all)";

  /**
   * When only news about the past can change the numbers of a row.
   *
   * @param column a DATE: final is a row of a run whose knowledge ends on that day or later; null:
   *     rows speak as of the run's day, so runs of different days say different things
   * @param daysAfter days to add to it
   * @param growing measures that keep growing with the run's day
   */
  public record Finality(String column, int daysAfter, List<String> growing)
      implements Serializable {
    static final Finality AS_OF_THE_RUN = new Finality(null, 0, List.of());
  }

  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z.-]+)\\}");

  public Contract {
    grain = List.copyOf(grain);
    columns = List.copyOf(columns);
    List<String> names = columns.stream().map(Column::name).toList();
    if (names.stream().distinct().count() != names.size()) {
      throw new IllegalArgumentException("Two columns of " + name + " share a name: " + names);
    }
    for (String key : grain) {
      if (!names.contains(key)) {
        throw new IllegalArgumentException("Grain of " + name + " names no column: " + key);
      }
    }
    for (Column column : columns) {
      if (column.type().isNumber() && column.unit() == null) {
        throw new IllegalArgumentException(
            "%s.%s is a number without a unit: say .in(Unit)".formatted(name, column.name()));
      }
      if (!names.containsAll(column.sumsOver())) {
        throw new IllegalArgumentException(
            "%s.%s sums over no column: %s".formatted(name, column.name(), column.sumsOver()));
      }
    }
  }

  /** The contract of a result table: the columns given, and the run that wrote the row. */
  public static Contract result(
      String name, String comment, List<String> grain, List<Column> columns) {
    List<Column> all = new ArrayList<>(columns);
    all.add(Column.required("run_id", ColumnType.STRING, "The run that computed the row"));
    return table(name, comment, grain, all);
  }

  /** The contract of a table that has these columns and no others. */
  public static Contract table(
      String name, String comment, List<String> grain, List<Column> columns) {
    return new Contract(name, comment, grain, columns, Finality.AS_OF_THE_RUN, Protection.UNSAID);
  }

  /**
   * The contract of rows that are final once knowledge reaches a day.
   *
   * @param column the day, or the first one after all that a row counts
   * @param growing measures that keep growing all the same
   */
  public Contract finalFrom(String column, String... growing) {
    return with(new Finality(column, 0, List.of(growing)));
  }

  /** The contract of rows that are final once a day is over. */
  public Contract finalAfter(String day) {
    return with(new Finality(day, 1, List.of()));
  }

  /** The contract of rows whose small numbers are hidden in this way. */
  public Contract hiding(Protection other) {
    other.population().ifPresent(this::index);
    other.alsoHidden().forEach(this::index);
    other.kept().forEach(this::index);
    for (Protection.Share share : other.shares()) {
      List.of(share.rate(), share.low(), share.high(), share.part(), share.whole())
          .forEach(this::index);
    }
    return new Contract(name, comment, grain, columns, finality, other);
  }

  /** The columns that say something of users, so that a protected copy may hide them. */
  public List<String> hideable() {
    return columns.stream()
        .filter(
            column -> column.type().isNumber() || protection.alsoHidden().contains(column.name()))
        .map(Column::name)
        .filter(column -> !grain.contains(column) && !protection.kept().contains(column))
        .toList();
  }

  /**
   * The contract of the protected copy of this table: what it hides is NULL, and a column before
   * the last says in which rows that is so.
   *
   * @param minUsers rows that speak of fewer users are hidden
   * @param roundTo counts are rounded to multiples of this; 1: they are not
   */
  public Contract protectedCopy(int minUsers, int roundTo) {
    if (!protection.hidesAny()) {
      return this;
    }
    List<String> hideable = hideable();
    List<Column> all = new ArrayList<>();
    for (Column column : columns) {
      Column shown = hideable.contains(column.name()) ? column.hideable() : column;
      boolean counts = column.type() == ColumnType.BIGINT && !grain.contains(column.name());
      boolean rounded = roundTo > 1 && (counts || hideable.contains(column.name()));
      all.add(rounded ? rounded(shown, roundTo) : shown);
    }
    all.add(
        all.size() - 1,
        Column.required(
            "is_hidden",
            ColumnType.BOOLEAN,
            minUsers == 0
                ? "Whether numbers of the row are hidden; none are, because privacy.min-users is 0"
                : "Whether numbers of the row are hidden, because it speaks of fewer than %d users or would give away one that does"
                    .formatted(minUsers)));
    return new Contract(name, comment, grain, all, finality, protection);
  }

  private Column rounded(Column column, int roundTo) {
    boolean share =
        protection.shares().stream()
            .anyMatch(its -> List.of(its.rate(), its.low(), its.high()).contains(column.name()));
    return column.mapTexts(
        text ->
            text
                + (column.type() == ColumnType.BIGINT
                    ? "; rounded to a multiple of " + roundTo
                    : share
                        ? "; from counts rounded to multiples of " + roundTo
                        : "; NULL, because it would give away what was rounded"));
  }

  private Contract with(Finality other) {
    index(other.column());
    other.growing().forEach(this::index);
    return new Contract(name, comment, grain, columns, other, protection);
  }

  /** The columns of counts and money, which all others but the key follow from. */
  public List<String> measures() {
    return columns.stream()
        .filter(column -> column.type() == ColumnType.BIGINT || column.type() == ColumnType.MONEY)
        .map(Column::name)
        .filter(column -> !grain.contains(column))
        .toList();
  }

  /** The position of a column. */
  public int index(String column) {
    for (int index = 0; index < columns.size(); index++) {
      if (columns.get(index).name().equals(column)) {
        return index;
      }
    }
    throw new IllegalArgumentException("No column " + column + " in " + name);
  }

  /**
   * This contract as it reads under one config: {@code {churn.inactive-days}} becomes 28.
   *
   * @param parameters words by key
   * @throws IllegalArgumentException if a sentence names a parameter that there is not
   */
  public Contract filledIn(Map<String, String> parameters) {
    return new Contract(
        name,
        fill(comment, parameters),
        grain,
        columns.stream().map(column -> column.mapTexts(text -> fill(text, parameters))).toList(),
        finality,
        protection);
  }

  private static String fill(String text, Map<String, String> parameters) {
    return PARAMETER
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found, parameters)));
  }

  private static String value(MatchResult found, Map<String, String> parameters) {
    String words = parameters.get(found.group(1));
    if (words == null) {
      throw new IllegalArgumentException("No parameter " + found.group());
    }
    return words;
  }
}
