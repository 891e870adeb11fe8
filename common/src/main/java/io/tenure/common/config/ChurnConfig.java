package io.tenure.common.config;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When a user has left, and how a life is cut into stages.
 *
 * @param mode whether silence or a cancellation ends a spell
 * @param inactiveDays a user churns when this many full days pass without activity
 * @param events SQL predicate of each subscription event; start and cancel are there under {@link
 *     Mode#CANCELLATION}
 * @param contract months of a term by the values of the dimension {@code contract}
 * @param stages first month of tenure of each stage, ascending, the first one 0
 * @param survivalInterval how the interval of a survival is built
 */
public record ChurnConfig(
    Mode mode,
    int inactiveDays,
    Map<SubscriptionEvent, String> events,
    Map<String, Integer> contract,
    Map<String, Integer> stages,
    Bands bands,
    SurvivalInterval survivalInterval,
    ProjectionConfig projection) {

  /** The dimension whose values are the contracts of users. */
  public static final String CONTRACT = "contract";

  /** The contracts of a config that says nothing of them. */
  static final Map<String, Integer> USUAL_CONTRACTS = Map.of("monthly", 1, "annual", 12);

  /** Terms have no order: two configs that list them differently are the same one. */
  public ChurnConfig {
    contract = Collections.unmodifiableSortedMap(new TreeMap<>(contract));
  }

  /** Whether the config has contracts of its own. */
  public boolean hasOwnContracts() {
    return !contract.equals(USUAL_CONTRACTS);
  }

  /**
   * How many days the risk of a user looks ahead: in so many days whoever is silent from now on has
   * churned by silence.
   */
  public int horizon() {
    return inactiveDays + 1;
  }

  /** What ends a spell. */
  public enum Mode {
    INACTIVITY,
    CANCELLATION
  }

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
