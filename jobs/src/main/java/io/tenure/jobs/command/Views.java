package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_position;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.tenure.common.UserError;
import io.tenure.common.table.Contract;
import io.tenure.jobs.report.ActiveUsersChart;
import io.tenure.jobs.report.Canvas;
import io.tenure.jobs.report.ChurnChart;
import io.tenure.jobs.report.DriversChart;
import io.tenure.jobs.report.FunnelChart;
import io.tenure.jobs.report.GrowthChart;
import io.tenure.jobs.report.RevenueChart;
import io.tenure.jobs.report.TextTable;
import io.tenure.jobs.report.UsageHabitChart;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The tables that are shown as a chart, and how. */
final class Views {
  /** Draws rows, each as its values by column. */
  private interface Drawing {
    /**
     * @param chosen whether the rows are those that --where leaves
     */
    String draw(List<Map<String, Object>> rows, boolean chosen, Canvas canvas);
  }

  /**
   * One view.
   *
   * @param choice the columns of which a drawing takes one value: with several, the first one
   * @param ofWhole whether it draws the whole, unless told otherwise
   */
  private record View(List<String> choice, boolean ofWhole, Drawing drawing) {
    View(List<String> choice, Drawing drawing) {
      this(choice, true, drawing);
    }
  }

  private static final Map<String, View> VIEWS =
      Map.of(
          "active_users",
          new View(List.of(), (rows, chosen, canvas) -> new ActiveUsersChart(rows).draw(canvas)),
          "growth",
          new View(
              List.of("grain", "segment", "segment_value"),
              (rows, chosen, canvas) -> new GrowthChart(rows).draw(canvas)),
          "usage_habit",
          new View(List.of(), (rows, chosen, canvas) -> new UsageHabitChart(rows).draw(canvas)),
          "churn_by_stage",
          new View(
              List.of("segment", "segment_value"),
              (rows, chosen, canvas) -> new ChurnChart(rows, chosen).draw(canvas)),
          "revenue_retention",
          new View(
              List.of("segment", "segment_value"),
              (rows, chosen, canvas) -> new RevenueChart(rows).draw(canvas)),
          "funnel",
          new View(List.of(), (rows, chosen, canvas) -> new FunnelChart(rows).draw(canvas)),
          "drivers",
          new View(
              List.of(), false, (rows, chosen, canvas) -> new DriversChart(rows).draw(canvas)));

  private static final Column COARSE_FIRST = array(lit("month"), lit("week"), lit("day"));

  private Views() {}

  static boolean have(String table) {
    return VIEWS.containsKey(table);
  }

  /**
   * The chart of a table.
   *
   * @param where what the rows were chosen by; null: nothing, and the whole is drawn, if there is
   */
  static String draw(String table, Dataset<Row> rows, String where, Canvas canvas) {
    View view = VIEWS.get(table);
    Dataset<Row> chosen =
        where == null && view.ofWhole() ? rows.where(col("segment").equalTo(Contract.WHOLE)) : rows;
    String title = table;
    String more = "";
    if (table.equals("active_users")) {
      Drawn drawn = latestOfLargest(chosen, canvas);
      chosen = drawn.rows();
      more = drawn.leftOut();
    }
    if (!view.choice().isEmpty()) {
      Column[] choice = columns(view.choice());
      // The whole sorts first.
      List<Row> choices =
          chosen.select(choice).distinct().orderBy(coarseFirst(view.choice())).collectAsList();
      if (choices.isEmpty()) {
        throw UserError.usage("No rows of %s to show: --where leaves none.".formatted(table));
      }
      Row first = choices.get(0);
      if (choices.size() > 1) {
        more =
            "\n1 of %,d of this table; --where chooses another by %s.\n"
                .formatted(choices.size(), String.join(", ", view.choice()));
      }
      for (String column : view.choice()) {
        chosen = chosen.where(col(column).equalTo(first.<String>getAs(column)));
      }
      title += ", " + String.join(", ", described(view, first));
    }
    return title + "\n\n" + view.drawing().draw(byColumn(chosen), where != null, canvas) + more;
  }

  /**
   * Rows that a chart draws.
   *
   * @param leftOut how many others there are, as a line; empty if none
   */
  private record Drawn(Dataset<Row> rows, String leftOut) {}

  /**
   * The days of active users that a line has room for, of the values with most users: a dimension
   * may have more values than fit in memory here, for each day of years.
   */
  private static Drawn latestOfLargest(Dataset<Row> rows, Canvas canvas) {
    Dataset<Row> values = rows.groupBy("segment", "segment_value").agg(max("mau"), max("day"));
    Dataset<Row> largest =
        values
            .toDF("segment", "segment_value", "most", "last")
            .orderBy(
                col("segment").equalTo(Contract.WHOLE).desc(),
                col("most").desc_nulls_last(),
                col("segment"),
                col("segment_value"))
            .limit(canvas.cohorts());
    Dataset<Row> drawn =
        rows.join(largest, new String[] {"segment", "segment_value"})
            .where(col("day").gt(date_sub(col("last"), ActiveUsersChart.days(canvas))))
            .select(columns(List.of(rows.columns())));
    long leftOut = rows.count() - drawn.count();
    if (leftOut == 0) {
      return new Drawn(drawn, "");
    }
    boolean all = values.count() <= canvas.cohorts();
    return new Drawn(
        drawn,
        String.format(
            Locale.ROOT,
            "\n%,d rows are left out: earlier days (a wider terminal shows more)%s.\n",
            leftOut,
            all ? "" : ", and values with fewer users (--limit shows more)"));
  }

  private static Column[] coarseFirst(List<String> choice) {
    return choice.stream()
        .map(name -> name.equals("grain") ? array_position(COARSE_FIRST, col(name)) : col(name))
        .toArray(Column[]::new);
  }

  private static Column[] columns(List<String> names) {
    return names.stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
  }

  private static List<String> described(View view, Row first) {
    String segment =
        first.<String>getAs("segment").equals(Contract.WHOLE)
            ? "all users"
            : TextTable.printable(first.getAs("segment") + " = " + first.getAs("segment_value"));
    return view.choice().contains("grain")
        ? List.of("by " + first.getAs("grain"), segment)
        : List.of(segment);
  }

  private static List<Map<String, Object>> byColumn(Dataset<Row> rows) {
    String[] columns = rows.columns();
    return rows.collectAsList().stream()
        .map(
            row -> {
              Map<String, Object> values = new HashMap<>();
              Arrays.stream(columns).forEach(column -> values.put(column, row.getAs(column)));
              return values;
            })
        .toList();
  }
}
