package io.tenure.common.table;

import io.tenure.common.encoding.TextOrder;
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
      return TextOrder.compare(text, (String) right);
    }
    @SuppressWarnings("unchecked")
    Comparable<Object> comparable = (Comparable<Object>) left;
    return comparable.compareTo(right);
  }
}
