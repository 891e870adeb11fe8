package io.tenure.jobs.read;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import io.tenure.common.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import scala.Enumeration;

/**
 * What a row says must follow from the row alone. The days of a log are read once and kept; an
 * expression that looks at the clock, at other rows or at chance would say something else of them
 * in the next full run than it did in this one.
 */
final class OfOneRow {
  private static final Map<Enumeration.Value, String> BEYOND = new LinkedHashMap<>();

  static {
    BEYOND.put(TreePattern.CURRENT_LIKE(), "looks at the clock or the session of the run");
    BEYOND.put(TreePattern.PLAN_EXPRESSION(), "looks at other tables or rows");
    BEYOND.put(TreePattern.WINDOW_EXPRESSION(), "looks at other rows");
    BEYOND.put(TreePattern.AGGREGATE_EXPRESSION(), "looks at other rows");
    BEYOND.put(TreePattern.GENERATE(), "makes several rows of one");
  }

  private OfOneRow() {}

  /**
   * Refuses an expression.
   *
   * @param key the config key, for the error
   * @param plan the expression, selected from the rows and analyzed
   * @throws UserError of usage
   */
  static void require(String key, String text, LogicalPlan plan) {
    for (Map.Entry<Enumeration.Value, String> pattern : BEYOND.entrySet()) {
      if (plan.containsPattern(pattern.getKey())) {
        throw refused(key, text, pattern.getValue());
      }
    }
    if (!asJava(plan.expressions()).stream().allMatch(Expression::deterministic)) {
      throw refused(key, text, "gives another value each time");
    }
  }

  private static UserError refused(String key, String text, String why) {
    return UserError.usage(
        ("Invalid %s: '%s' %s. Days are read once and kept, so write an expression of the values of"
                + " one row.")
            .formatted(key, text, why));
  }
}
