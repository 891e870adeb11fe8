package io.tenure.jobs.read;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import io.tenure.common.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.SqlBaseLexer;
import org.apache.spark.sql.catalyst.parser.UpperCaseCharStream;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.trees.TreePattern;
import org.apache.spark.sql.catalyst.util.SparkParserUtils$;
import scala.Enumeration;

/**
 * What a row says must follow from the row alone. The days of a log are read once and kept; an
 * expression that looks at the clock, at other rows or at chance would say something else of them
 * in the next full run than it did in this one.
 */
final class OfOneRow {
  private static final Map<Enumeration.Value, String> BEYOND = new LinkedHashMap<>();
  private static final Set<Integer> MOMENT_TYPES =
      Set.of(
          SqlBaseLexer.DATE,
          SqlBaseLexer.TIMESTAMP,
          SqlBaseLexer.TIMESTAMP_LTZ,
          SqlBaseLexer.TIMESTAMP_NTZ);
  private static final Set<Integer> LITERALS =
      Set.of(SqlBaseLexer.STRING_LITERAL, SqlBaseLexer.DOUBLEQUOTED_STRING);

  /** How a text begins that Spark dates by the clock: a word, or an hour of no day. */
  private static final Pattern MOMENT =
      Pattern.compile(
          "[\\s\\p{Cntrl}]*(now|today|tomorrow|yesterday|t?\\d{1,2}:)", Pattern.CASE_INSENSITIVE);

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

  /**
   * Refuses literals that are a moment of the run, such as {@code date'today'} and {@code
   * timestamp'10:00'}. Spark puts the moment in their place as it parses, so no plan tells of them.
   *
   * @param key the config key, for the error
   * @throws UserError of usage
   */
  static void requireNoMoment(String key, String text) {
    SqlBaseLexer lexer = new SqlBaseLexer(new UpperCaseCharStream(CharStreams.fromString(text)));
    lexer.removeErrorListeners();
    int before = Token.EOF;
    for (Token token : lexer.getAllTokens()) {
      if (token.getChannel() != Token.DEFAULT_CHANNEL) {
        continue;
      }
      if (MOMENT_TYPES.contains(before)
          && LITERALS.contains(token.getType())
          && MOMENT.matcher(SparkParserUtils$.MODULE$.string(token)).lookingAt()) {
        throw refused(key, text, BEYOND.get(TreePattern.CURRENT_LIKE()));
      }
      before = token.getType();
    }
  }

  private static UserError refused(String key, String text, String why) {
    return UserError.usage(
        ("Invalid %s: '%s' %s. Days are read once and kept, so write an expression of the values of"
                + " one row.")
            .formatted(key, text, why));
  }
}
