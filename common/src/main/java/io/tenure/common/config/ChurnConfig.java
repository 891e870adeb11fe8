package io.tenure.common.config;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When a user has left, and how a life is cut into stages.
 *
 * @param inactiveDays a user churns when this many full days pass without activity
 * @param stages first month of tenure of each stage, ascending, the first one 0
 * @param survivalInterval how the interval of a survival is built
 */
public record ChurnConfig(
    int inactiveDays,
    Map<String, Integer> stages,
    Bands bands,
    SurvivalInterval survivalInterval,
    ProjectionConfig projection) {

  /**
   * What a monthly churn rate is called: below {@code watch} healthy, up to and including {@code
   * alert} watch, above it alert.
   *
   * @param watch 0 to 1
   * @param alert {@code watch} to 1
   */
  public record Bands(double watch, double alert) implements Serializable {
    /** The band of a monthly rate. */
    public String of(double rate) {
      if (rate < watch) {
        return "healthy";
      }
      return rate <= alert ? "watch" : "alert";
    }
  }

  /** The scale on which the interval of a survival is symmetric. */
  public enum SurvivalInterval {
    LOG,
    LOG_LOG
  }

  /**
   * What the future is computed with.
   *
   * @param months how many months ahead
   * @param monthlyAdds customers won in each month; without it the observed mean
   * @param rates monthly churn rates, 0 to 1, beside the observed one
   */
  public record ProjectionConfig(int months, Optional<Integer> monthlyAdds, List<Double> rates) {}
}
