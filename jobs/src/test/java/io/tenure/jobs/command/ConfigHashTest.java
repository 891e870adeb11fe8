package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConfigHashTest {
  private static final int PROCESSES = 6;

  /** Prints the fingerprint of a config with every default. */
  public static void main(String[] arguments) {
    System.out.println(hash(""));
  }

  @Test
  void every_process_has_the_same_fingerprint_for_a_config()
      throws IOException, InterruptedException {
    Set<String> hashes = new TreeSet<>();
    for (int i = 0; i < PROCESSES; i++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  ConfigHashTest.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor()).isZero();
      hashes.add(printed);
    }
    assertThat(hashes).containsExactly(hash(""));
  }

  /** Another one has every stored run rebuilt: it changes with StateManifest.FORMAT alone. */
  @Test
  void the_fingerprint_of_a_config_stays_what_it_is() {
    assertThat(hash("")).isEqualTo("1c8a6f24b002d021");
  }

  private static String contracts(String months) {
    return "churn: {mode: cancellation, events: {start: \"true\", cancel: \"false\"}, contract: {%s}}"
        .formatted(months);
  }

  @Test
  void the_order_of_what_has_none_does_not_count() {
    assertThat(hash(contracts("monthly: 1, quarterly: 3")))
        .isEqualTo(hash(contracts("quarterly: 3, monthly: 1")));
  }

  @Test
  void what_decides_the_numbers_counts_and_what_does_not_does_not() {
    assertThat(hash("timezone: Asia/Tokyo")).isNotEqualTo(hash("timezone: UTC"));
    assertThat(hash("churn: {inactive-days: 29}")).isNotEqualTo(hash("churn: {inactive-days: 28}"));
    assertThat(hash("segments: [plan, country]")).isNotEqualTo(hash("segments: [country, plan]"));
    assertThat(input("format: csv")).isNotEqualTo(hash(""));
    assertThat(input("options: {mergeSchema: true}"))
        .isNotEqualTo(hash(""))
        .isNotEqualTo(input("options: {mergeSchema: false}"));
    assertThat(input("options: {sep: ';', nullValue: '-'}, format: csv"))
        .isEqualTo(input("options: {nullValue: '-', sep: ';'}, format: csv"));
    assertThat(input("format: parquet")).isEqualTo(hash(""));
    assertThat(hash("privacy: {min-users: 5}")).isEqualTo(hash(""));
    assertThat(hash("keep-runs: 9")).isEqualTo(hash(""));
    assertThat(hash("timezone: UTC")).isEqualTo(hash(""));
  }

  private static String hash(String more) {
    return hash(more, "");
  }

  private static String input(String more) {
    return hash("", ", " + more);
  }

  private static String hash(String more, String input) {
    String yaml =
        """
        name: a
        input: {path: events, user: user_id, time: event_time%s}
        output: out
        %s
        """
            .formatted(input, more);
    TenureConfig config = ConfigLoader.load(yaml, "tenure.yaml", List.of());
    return ConfigHash.of(config);
  }
}
