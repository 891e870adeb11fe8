package io.tenure.common.table;

import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * The order of rows in a published table: by the columns of its grain, ascending, NULL first, text
 * by its UTF-8 bytes, as Spark sorts.
 */
public final class RowOrder implements Comparator<Object[]>, Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] positions;

  private RowOrder(int[] positions) {
    this.positions = positions;
  }

  /** The order of rows with all columns of a contract. */
  public static RowOrder of(Contract contract) {
    return new RowOrder(contract.grain().stream().mapToInt(contract::index).toArray());
  }

  /** The order of rows with some columns of a contract, those of its grain among them. */
  public static RowOrder of(Contract contract, List<String> columns) {
    return new RowOrder(contract.grain().stream().mapToInt(columns::indexOf).toArray());
  }

  @Override
  public int compare(Object[] left, Object[] right) {
    for (int at : positions) {
      int order = compareValues(left[at], right[at]);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compareValues(Object left, Object right) {
    if (left == right) {
      return 0;
    }
    if (left == null || right == null) {
      return left == null ? -1 : 1;
    }
    if (left instanceof String text) {
      return compareTexts(text, (String) right);
    }
    @SuppressWarnings("unchecked")
    Comparable<Object> comparable = (Comparable<Object>) left;
    return comparable.compareTo(right);
  }

  /** By code points, whose order is that of UTF-8 but not that of Java's UTF-16. */
  private static int compareTexts(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int at = 0; at < shorter; at++) {
      char one = left.charAt(at);
      char other = right.charAt(at);
      if (one != other) {
        boolean surrogate = Character.isSurrogate(one);
        return surrogate == Character.isSurrogate(other)
            ? Character.compare(one, other)
            : surrogate ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
