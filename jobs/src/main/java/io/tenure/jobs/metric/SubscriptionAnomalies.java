package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.STRING;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.EVENTS;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.jobs.metric.SubscriptionRule.Anomaly;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Subscription events where they cannot be, such as a cancel without a start: how many, and how
 * they are read. A log without any has no rows.
 */
public final class SubscriptionAnomalies implements Metric {
  private static final long serialVersionUID = 1L;

  private static final Contract CONTRACT =
      result(
              "subscription_anomalies",
              "Events of subscriptions that are impossible where they stand",
              List.of("segment", "segment_value", "anomaly"),
              List.of(
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.basis("on the day of the event"),
                  required(
                      "anomaly",
                      STRING,
                      "What was found: "
                          + String.join(
                              ", ",
                              List.of(Anomaly.values()).stream()
                                  .map(SubscriptionAnomalies::label)
                                  .toList())),
                  required("reading", STRING, "What is made of it"),
                  required(
                          "users",
                          BIGINT,
                          "Users with such an event, each under the values of the first day with one")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  required(
                          "events",
                          BIGINT,
                          "Such events; on one day of a user each kind counts once")
                      .in(EVENTS)
                      .sumsOver("segment_value", "anomaly")))
          .hiding(Protection.of(Protection.Rule.SEGMENT).counting("users"));

  private final SubscriptionRule rule;
  private final List<String> dimensions;

  public SubscriptionAnomalies(Scope scope) {
    this.rule = SubscriptionRule.of(scope.config());
    this.dimensions = scope.config().dimensions();
  }

  @Override
  public List<Contract> tables() {
    return List.of(CONTRACT);
  }

  @Override
  public void add(History history, Cells cells) {
    boolean[] seen = new boolean[Anomaly.values().length];
    rule.spells(
        history,
        (anomaly, day) -> {
          for (Cells.Segment segment : Segments.of(history, day, dimensions, cells)) {
            long[] sums = segment.sums(CONTRACT.name(), 0, anomaly.ordinal(), 2);
            sums[0] += seen[anomaly.ordinal()] ? 0 : 1;
            sums[1]++;
          }
          seen[anomaly.ordinal()] = true;
        });
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    Anomaly anomaly = Anomaly.values()[cell.index()];
    rows.accept(
        new Object[] {
          cell.dimension(),
          cell.value(),
          Segments.AS_OF,
          label(anomaly),
          anomaly.reading(),
          cell.sums()[0],
          cell.sums()[1]
        });
  }

  private static String label(Anomaly anomaly) {
    return anomaly.name().toLowerCase(Locale.ROOT);
  }
}
