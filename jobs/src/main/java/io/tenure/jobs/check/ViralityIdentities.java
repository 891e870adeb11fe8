package io.tenure.jobs.check;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.Map;

/** What must hold of those who bring others, against who is active. */
final class ViralityIdentities {
  private static final String VIRALITY = "virality";

  private ViralityIdentities() {}

  static List<Identity> of(TenureConfig config) {
    return config.virality().isEmpty() ? List.of() : List.of(ACTIVE, INVITING);
  }

  private static final Identity ACTIVE =
      new Identity(
          "virality_is_of_active_users",
          "active_users are those of growth",
          Relation.EACH_EQUAL,
          Map.of(
              "growth",
              (line, ledger) -> ledger.expected(line.number("active_users"), key(line)),
              VIRALITY,
              (line, ledger) -> ledger.actual(line.number("active_users"), key(line))));

  private static final Identity INVITING =
      new Identity(
          "inviting_users_have_invitations",
          "there are at least as many invitations as inviting_users",
          Relation.AT_LEAST,
          Map.of(
              VIRALITY,
              (line, ledger) ->
                  ledger.atLeast(
                      line.number("inviting_users"), line.number("invitations"), key(line))));

  private static Object[] key(Line line) {
    return new Object[] {
      line.text("grain"), line.day("period_start"), line.text("segment"), line.text("segment_value")
    };
  }
}
