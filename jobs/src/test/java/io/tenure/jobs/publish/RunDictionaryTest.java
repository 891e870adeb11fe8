package io.tenure.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.read.RejectedEvents;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RunDictionaryTest {
  /** A new table of single users would go to databases if its name were forgotten here. */
  @Test
  void what_names_single_users_or_repeats_the_input_stays_in_files() {
    TenureConfig config =
        ConfigLoader.load(
            """
            input: {path: in, user: user, time: time, amount: amount}
            output: out
            churn: {mode: cancellation, events: {start: "event = 's'", cancel: "event = 'c'"}}
            funnels: [{steps: [active, active]}]
            nps: {touchpoints: {shop: score}}
            virality: {invitation: active, joined: active}
            """,
            "test.yaml",
            List.of());
    Set<String> stays = new TreeSet<>(Set.of(RejectedEvents.CONTRACT.name()));
    for (Contract table : Metrics.tables(Metrics.of(new Scope(config, 0, 10)))) {
      if (table.protection().rule() == Protection.Rule.PERSONS) {
        stays.add(table.name());
      }
    }
    assertThat(stays).hasSizeGreaterThan(1);
    assertThat(RunDictionary.STAYS_IN_FILES).isEqualTo(stays);
  }
}
