package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.STRING;

import io.tenure.common.history.History;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import java.util.List;

/** How tables speak of segments. */
public final class Segments {
  /** The dimension, and the value, of the whole. */
  public static final String ALL = Contract.WHOLE;

  /** A user counts under the values of the birth day. */
  public static final String BIRTH = "birth";

  /** A user counts under the values of the day, week or month itself. */
  public static final String AS_OF = "as_of";

  static final Column SEGMENT =
      required("segment", STRING, "Segment dimension ({segments}); (all) for the whole");
  static final Column SEGMENT_VALUE =
      required(
          "segment_value",
          STRING,
          "Value of the dimension; (unknown) where none is known. The values of a dimension sum to"
              + " the whole, and have rows from the first period in which the table counts anybody of"
              + " them");

  /** Of cohorts and lives. */
  static final Column BIRTH_BASIS = basis("on the day of birth");

  /** Of what a period says when it is over. */
  static final Column PERIOD_BASIS = basis("on the last day of the period, or on the as-of day");

  /** Of what a period begins with. */
  static final Column START_BASIS =
      basis("on the day before the period; of a spell begun in it, on its first day");

  private Segments() {}

  /**
   * @param day the day of which a user's value counts
   */
  static Column basis(String day) {
    return required(
        "segment_basis",
        STRING,
        "Which value of a user counts: birth (on the day of birth) or as_of (on another day); here "
            + day);
  }

  /** The cells that a user belongs to by the values of a day: the whole, then each dimension. */
  static Cells.Segment[] of(History history, int day, List<String> dimensions, Cells cells) {
    Cells.Segment[] segments = new Cells.Segment[dimensions.size() + 1];
    segments[0] = cells.all();
    for (int dimension = 0; dimension < dimensions.size(); dimension++) {
      segments[dimension + 1] =
          cells.segment(dimensions.get(dimension), history.segment(dimension, day));
    }
    return segments;
  }
}
