package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnknownContractsTest {
  private static TenureConfig config(String segments, String churn) {
    return ConfigLoader.load(
        "input: {path: in, user: u, time: t}\noutput: out\nsegments: %s\nchurn: %s\n"
            .formatted(segments, churn),
        "tenure.yaml",
        List.of());
  }

  private static final String SUBSCRIPTIONS =
      "{mode: cancellation, events: {start: a, cancel: b}, contract: {monthly: 1}}";

  @Test
  void contracts_that_the_config_has_and_users_without_any_need_no_word() {
    assertThat(
            UnknownContracts.warning(
                config("[contract]", SUBSCRIPTIONS),
                new TreeSet<>(List.of("monthly", "(unknown)"))))
        .isEmpty();
    assertThat(
            UnknownContracts.warning(
                config("[contract]", "{mode: inactivity}"), new TreeSet<>(List.of("yearly"))))
        .isEmpty();
  }

  @Test
  void of_very_many_contracts_some_are_named_and_the_others_counted() {
    TreeSet<String> contracts =
        IntStream.range(10, 22)
            .mapToObj(number -> "c" + number)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(UnknownContracts.warning(config("[contract]", SUBSCRIPTIONS), contracts))
        .contains(
            "churn.contract does not say how long terms are of 'c10', 'c11', 'c12', 'c13', 'c14',"
                + " 'c15', 'c16', 'c17', 'c18', 'c19' and 2 others: nobody with such a contract"
                + " counts in could_leave_users. Is it written as in the log?");
  }
}
