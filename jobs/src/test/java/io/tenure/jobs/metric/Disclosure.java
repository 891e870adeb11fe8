package io.tenure.jobs.metric;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a reader can compute of hidden numbers from those that are published, whatever the reader
 * knows of how the tables hang together.
 *
 * <p>Every count is a sum over users, so the counts of a log are the sum of what each user adds.
 * What users could add spans a space, and an equation holds between the counts of every log if and
 * only if it holds on that space. So a hidden count can be computed if and only if, as a function
 * on that space, it is a linear combination of published ones. No equation has to be thought of:
 * those of {@code tables.md} are among them, and so are those that nobody has written down.
 *
 * <p>The arithmetic is that of the integers modulo a prime near 2^61. A count that can be computed
 * with rational numbers is found unless the prime divides a denominator among them.
 */
final class Disclosure {
  private static final long PRIME = (1L << 61) - 1;

  /** A table whose numbers are no sums over users: they are computed from those that are. */
  private static final String DERIVED = "churn_projection";

  /** A table whose rows pool cells: its numbers are sums over users. */
  private static final String POOLED = "retention_curve";

  private final TenureConfig config;
  private final int end;
  private final List<Metric> metrics;

  /** What each user adds, by the name of the count. */
  private final List<Map<String, Long>> users = new ArrayList<>();

  /** The logs that begin and end on these days. */
  Disclosure(TenureConfig config, LocalDate first, LocalDate last) {
    this.config = config;
    this.end = (int) last.toEpochDay() + 1;
    this.metrics = Metrics.of(new Scope(config, (int) first.toEpochDay(), end - 1));
  }

  /** Adds to the space what one user could add. */
  void user(List<Map<String, String>> events) {
    users.add(counts(events));
  }

  /**
   * The counts of a log, by {@code table|key|column}; those that are 0 or not yet known are left
   * out.
   */
  Map<String, Long> counts(List<Map<String, String>> events) {
    Map<String, Long> counts = new TreeMap<>();
    Collection<History> histories = TestLog.of(events).histories(config).values();
    for (Metric metric : metrics) {
      Cells cells = new Cells();
      histories.forEach(history -> metric.add(history.before(end), cells));
      List<Cell> finished = new ArrayList<>();
      cells.iterator().forEachRemaining(finished::add);
      for (Contract table : metric.tables()) {
        boolean compares = metric.joinsCells(table.name()) && !table.name().equals(POOLED);
        if (!compares && !table.name().equals(DERIVED)) {
          rows(metric, table, finished).forEach(row -> add(table, row, counts));
        }
      }
    }
    return counts;
  }

  private static List<Object[]> rows(Metric metric, Contract table, List<Cell> finished) {
    List<Cell> cells =
        finished.stream()
            .filter(cell -> cell.key().table().equals(metric.cellsOf(table.name())))
            .map(cell -> cell.ofTable(table.name()))
            .toList();
    Collection<List<Cell>> together =
        metric.joinsCells(table.name())
            ? cells.stream()
                .collect(Collectors.groupingBy(cell -> metric.together(cell.key())))
                .values()
            : cells.stream().map(List::of).toList();
    List<Object[]> rows = new ArrayList<>();
    together.forEach(joined -> metric.rows(joined, rows::add));
    return rows;
  }

  private static void add(Contract table, Object[] row, Map<String, Long> counts) {
    String key =
        table.grain().stream()
            .map(column -> String.valueOf(row[table.index(column)]))
            .collect(Collectors.joining(" "));
    for (String measure : table.measures()) {
      Object value = row[table.index(measure)];
      if (table.columns().get(table.index(measure)).type() == ColumnType.BIGINT
          && value instanceof Long count
          && count != 0) {
        counts.merge(table.name() + "|" + key + "|" + measure, count, Long::sum);
      }
    }
  }

  /** The counts that a user of the space adds to, of those asked for. */
  Set<String> counts(Predicate<String> which) {
    return users.stream()
        .flatMap(user -> user.keySet().stream())
        .filter(which)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The hidden counts that can be computed.
   *
   * @param hidden which counts are not published, of all that a user of the space adds to
   */
  Set<String> computable(Predicate<String> hidden) {
    return computable(hidden, hidden);
  }

  /**
   * The hidden counts that can be computed.
   *
   * @param hidden which counts are not published, of all that a user of the space adds to
   * @param asked which of them to try
   */
  Set<String> computable(Predicate<String> hidden, Predicate<String> asked) {
    Map<Integer, long[]> basis = basis(hidden.negate());
    return alike(vectors(hidden.and(asked))).entrySet().parallelStream()
        .filter(function -> reduce(function.getKey().values().clone(), basis) < 0)
        .flatMap(function -> function.getValue().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Counts as functions on the space: their values for each user. */
  private Map<String, long[]> vectors(Predicate<String> which) {
    Map<String, long[]> vectors = new LinkedHashMap<>();
    for (int user = 0; user < users.size(); user++) {
      for (Map.Entry<String, Long> count : users.get(user).entrySet()) {
        if (which.test(count.getKey())) {
          vectors.computeIfAbsent(count.getKey(), unseen -> new long[users.size()])[user] =
              Math.floorMod(count.getValue(), PRIME);
        }
      }
    }
    return vectors;
  }

  /**
   * A function on the space, equal to another one by its values.
   *
   * @param users how many users add to it
   */
  private record Function(long[] values, int hash, long users) {
    static Function of(long[] values) {
      long users = Arrays.stream(values).filter(value -> value != 0).count();
      return new Function(values, Arrays.hashCode(values), users);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Function function && Arrays.equals(values, function.values);
    }
  }

  /** Counts by what they are as functions: many tables tell the same. */
  private static Map<Function, List<String>> alike(Map<String, long[]> vectors) {
    Map<Function, List<String>> alike = new LinkedHashMap<>();
    vectors.forEach(
        (count, values) ->
            alike.computeIfAbsent(Function.of(values), unseen -> new ArrayList<>()).add(count));
    return alike;
  }

  /** Independent vectors in echelon form, by the place of their first 1. */
  private Map<Integer, long[]> basis(Predicate<String> which) {
    Map<Integer, long[]> basis = new HashMap<>();
    // Those that few users add to come first: subtracting them fills little of the others.
    List<Function> functions = new ArrayList<>(alike(vectors(which)).keySet());
    functions.sort(Comparator.comparingLong(Function::users));
    for (Function function : functions) {
      long[] vector = function.values().clone();
      int pivot = reduce(vector, basis);
      if (pivot >= 0) {
        long inverse = power(vector[pivot], PRIME - 2);
        for (int at = pivot; at < vector.length; at++) {
          vector[at] = times(vector[at], inverse);
        }
        basis.put(pivot, vector);
      }
    }
    return basis;
  }

  /** Subtracts multiples of a basis; the place of what is left, or -1 if nothing is. */
  private static int reduce(long[] vector, Map<Integer, long[]> basis) {
    for (int place = 0; place < vector.length; place++) {
      if (vector[place] == 0) {
        continue;
      }
      long[] row = basis.get(place);
      if (row == null) {
        return place;
      }
      long factor = vector[place];
      for (int at = place; at < vector.length; at++) {
        if (row[at] != 0) {
          long difference = vector[at] - times(factor, row[at]);
          vector[at] = difference < 0 ? difference + PRIME : difference;
        }
      }
    }
    return -1;
  }

  private static long times(long left, long right) {
    long high = Math.multiplyHigh(left, right);
    long low = left * right;
    // 2^64 high + low, where 2^61 is 1.
    long sum = (low & PRIME) + ((low >>> 61) | (high << 3));
    sum = (sum & PRIME) + (sum >>> 61);
    return sum >= PRIME ? sum - PRIME : sum;
  }

  private static long power(long base, long exponent) {
    long result = 1;
    for (long bits = exponent, square = base;
        bits > 0;
        bits >>= 1, square = times(square, square)) {
      if ((bits & 1) == 1) {
        result = times(result, square);
      }
    }
    return result;
  }
}
