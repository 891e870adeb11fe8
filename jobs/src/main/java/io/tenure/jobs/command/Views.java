package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;

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
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The tables that are shown as a chart, and how. */
final class Views {
  /** Draws rows, each as its values by column. */
  private interface Drawing {
    String draw(List<Map<String, Object>> rows, Canvas canvas);
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
          new View(List.of(), (rows, canvas) -> new ActiveUsersChart(rows).draw(canvas)),
          "growth",
          new View(
              List.of("grain", "segment", "segment_value"),
              (rows, canvas) -> new GrowthChart(rows).draw(canvas)),
          "usage_habit",
          new View(List.of(), (rows, canvas) -> new UsageHabitChart(rows).draw(canvas)),
          "churn_by_stage",
          new View(
              List.of("segment", "segment_value"),
              (rows, canvas) -> new ChurnChart(rows).draw(canvas)),
          "revenue_retention",
          new View(
              List.of("segment", "segment_value"),
              (rows, canvas) -> new RevenueChart(rows).draw(canvas)),
          "funnel",
          new View(List.of(), (rows, canvas) -> new FunnelChart(rows).draw(canvas)),
          "drivers",
          new View(List.of(), false, (rows, canvas) -> new DriversChart(rows).draw(canvas)));

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
    if (!view.choice().isEmpty()) {
      Column[] choice =
          view.choice().stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
      // The whole sorts first, and the months before the weeks.
      List<Row> choices = chosen.select(choice).distinct().orderBy(choice).collectAsList();
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
    return title + "\n\n" + view.drawing().draw(byColumn(chosen), canvas) + more;
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
