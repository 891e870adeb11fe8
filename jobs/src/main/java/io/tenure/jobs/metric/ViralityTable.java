package io.tenure.jobs.metric;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.Contract.result;
import static io.tenure.common.table.Unit.EVENTS;
import static io.tenure.common.table.Unit.RATIO;
import static io.tenure.common.table.Unit.USERS;

import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import java.util.List;

/** The contract of {@link Virality}. */
final class ViralityTable {
  static final Contract VIRALITY =
      result(
              "virality",
              "How many users the users of a week or month bring",
              List.of("grain", "period_start", "segment", "segment_value"),
              List.of(
                  Columns.grain("week or month"),
                  Columns.WEEK_OR_OTHER_START,
                  Columns.PERIOD_END,
                  Segments.SEGMENT,
                  Segments.SEGMENT_VALUE,
                  Segments.PERIOD_BASIS,
                  count(
                          "active_users",
                          "Users active ({active}) in the period, so far if it is open")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  count(
                          "inviting_users",
                          "Users with an invitation (activity {virality.invitation}) in the period, so far")
                      .in(USERS)
                      .sumsOver("segment_value"),
                  count("invitations", "Events of the activity {virality.invitation} in it, so far")
                      .in(EVENTS)
                      .sumsOver("period_start", "segment_value"),
                  count(
                          "joined_users",
                          "Users who joined by an invitation in the period, so far: whose first event of the"
                              + " activity {virality.joined} lies in it, whenever they were invited")
                      .in(USERS)
                      .sumsOver("period_start", "segment_value"),
                  ratio("invitations_per_user", "invitations / active_users"),
                  ratio("conversion", "joined_users / invitations"),
                  bound("conversion_ci_low", "Lower", "conversion"),
                  bound("conversion_ci_high", "Upper", "conversion"),
                  ratio(
                      "k_factor",
                      "joined_users / active_users, which is invitations_per_user * conversion: how many users"
                          + " a user brings in the period"),
                  bound("k_factor_ci_low", "Lower", "k_factor"),
                  bound("k_factor_ci_high", "Upper", "k_factor"),
                  Columns.IS_COMPLETE,
                  Columns.BEGINS_IN_LOG))
          .finalFrom("period_end")
          .hiding(Protection.of(Protection.Rule.INSIDE));

  private ViralityTable() {}

  private static Column count(String name, String meaning) {
    return required(name, BIGINT, meaning);
  }

  private static Column ratio(String name, String meaning) {
    return optional(
            name, DOUBLE, meaning + "; NULL while the period is open, and if there are none")
        .in(RATIO);
  }

  private static Column bound(String name, String which, String ratio) {
    return optional(
            name,
            DOUBLE,
            which
                + " bound of the 95 % interval of "
                + ratio
                + " (joined_users as a Poisson count; score)")
        .in(RATIO);
  }
}
