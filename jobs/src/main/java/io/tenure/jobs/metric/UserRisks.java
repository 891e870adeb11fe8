package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A row for every user there on the as-of day: how the user stands, and what that is worth.
 *
 * @param end the day that starts when knowledge ends
 * @param similar what became of others by then
 * @param expected the number of users
 */
record UserRisks(Outlook outlook, Facts facts, int end, SimilarUsers similar, long expected)
    implements Metric.UserRows {
  private static final int YEAR = 364;

  /**
   * What the log knows of users beside their days.
   *
   * @param dimensions the number of dimensions that tables show
   * @param amounts whether there is money
   */
  record Facts(int dimensions, boolean amounts) implements Serializable {
    static Facts of(TenureConfig config) {
      return new Facts(config.dimensions().size(), config.input().amount().isPresent());
    }
  }

  @Override
  public boolean mayList(int lastDay) {
    return outlook.rule().mayBeThere(lastDay, end);
  }

  @Override
  public Optional<Object[]> row(String user, History history) {
    Spells spells = outlook.rule().spells(history);
    int spell = outlook.spell(spells, end);
    if (spell < 0) {
      return Optional.empty();
    }
    LookBack back = new LookBack(history.days(outlook.active()));
    back.to(end);
    boolean wasActive = back.activeDays() > 0;
    int stage = outlook.stage(spells, end);
    int situation = outlook.situation(history, back, spells, spell, end);
    Optional<Terms.Term> term = outlook.subscription().term(history, spells, spell, end);
    List<Object> row = new ArrayList<>();
    row.add(user);
    row.add(KnownDates.of(end - 1));
    addRisk(similar.risk(stage, situation), row);
    row.add(Sign.codes(Outlook.signs(situation)));
    row.add(outlook.stages().names().get(stage));
    row.add(KnownDates.of(spells.birth()));
    row.add(KnownDates.of(spells.start(spell)));
    row.add(wasActive ? KnownDates.of(back.lastActive()) : null);
    row.add(wasActive ? back.silence() : null);
    row.add(back.medianGap());
    row.add(back.longGap());
    row.add(back.last28());
    row.add(back.prior28());
    row.add(back.last84());
    row.add(facts.amounts() ? Money.of(value(history)) : null);
    row.add(
        outlook.subscription().knowsPayments()
            ? outlook.subscription().paymentFailures(history, spells, spell, end)
            : null);
    row.add(term.map(present -> KnownDates.of(present.end())).orElse(null));
    row.add(outlook.subscription().isPaused(spells, end));
    for (int dimension = 0; dimension < facts.dimensions(); dimension++) {
      row.add(history.segment(dimension, end - 1));
    }
    return Optional.of(row.toArray());
  }

  private static void addRisk(SimilarUsers.Risk risk, List<Object> row) {
    if (risk == null) {
      row.addAll(Collections.nCopies(6, null));
      return;
    }
    Proportion share = Proportion.of(risk.churned(), risk.users());
    Collections.addAll(row, share.rate(), share.low(), share.high());
    row.add(risk.users());
    row.add(risk.churned());
    row.add(risk.likeness().label());
  }

  private long value(History history) {
    long value = 0;
    for (int at = history.size() - 1; at >= 0 && history.day(at) >= end - YEAR; at--) {
      value = Math.addExact(value, history.amount(at));
    }
    return value;
  }
}
