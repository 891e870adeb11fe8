package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Holds the identities of drivers against the tables of a log. */
public final class DriversChecked {
  private DriversChecked() {}

  /** Fails unless all hold, and both outcomes were compared. */
  public static void assertHold(TestLog log, TenureConfig config, String asOf, String what) {
    int day = (int) LocalDate.parse(asOf).toEpochDay();
    int first =
        log.histories(config).values().stream()
            .mapToInt(history -> history.day(0))
            .min()
            .orElseThrow();
    Map<String, List<TableLine>> tables =
        WrongNumber.tables(log, new Scope(config, first, day), asOf);
    assertThat(tables.get("drivers"))
        .as(what)
        .extracting(line -> line.text("outcome"))
        .contains("churn", "retention");
    List<Judgement.Outcome> outcomes = Judgement.of(DriversIdentities.of(config), tables);
    assertThat(outcomes).as(what).hasSize(3).allMatch(Judgement.Outcome::holds);
  }
}
