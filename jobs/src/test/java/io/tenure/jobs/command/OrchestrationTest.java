package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.UserError.Kind;
import io.tenure.jobs.Tenure;
import io.tenure.jobs.report.Palette;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The examples for orchestrators say what the commands understand, and retry where a retry helps.
 */
class OrchestrationTest {
  private static final Path EXAMPLES = Path.of("../conf/orchestration");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The codes after which nothing but a person helps: all errors but those of storage. */
  private static final List<Integer> NO_RETRY =
      new ArrayList<>(
          new TreeSet<>(
              List.of(1, Kind.USAGE.exitCode(), Kind.INPUT.exitCode(), Kind.QUALITY.exitCode())));

  @TempDir Path folder;

  private static String read(String example) throws IOException {
    return Files.readString(EXAMPLES.resolve(example));
  }

  /** Fails if the command line does not know a command or option. */
  private static String command(List<String> arguments) {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    Console console =
        new Console(nowhere, nowhere, 100, Palette.NONE, InstantSource.system(), Map.of());
    return Commands.line(console)
        .parseArgs(arguments.toArray(String[]::new))
        .subcommand()
        .commandSpec()
        .name();
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static boolean has(String program) {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static String setting(String unit, String key) {
    Matcher line = Pattern.compile("(?m)^" + key + "=(.*)$").matcher(unit);
    assertThat(line.find()).as(key).isTrue();
    return line.group(1);
  }

  private static List<String> argumentsAfterLauncher(String line) {
    Matcher launched = Pattern.compile("scripts/tenure ([^;}|&]+)").matcher(line);
    assertThat(launched.find()).as(line).isTrue();
    return List.of(launched.group(1).strip().split(" "));
  }

  @Test
  void systemd_retries_what_a_retry_can_mend() throws IOException {
    String service = read("tenure.service");
    assertThat(command(argumentsAfterLauncher(setting(service, "ExecStart")))).isEqualTo("run");
    assertThat(setting(service, "Restart")).isEqualTo("on-failure");
    assertThat(Arrays.stream(setting(service, "RestartPreventExitStatus").split(" ")))
        .map(Integer::valueOf)
        .isEqualTo(NO_RETRY);
  }

  @Test
  void systemd_takes_the_units() throws IOException, InterruptedException {
    assumeTrue(has("systemd-analyze"), "this machine has no systemd");
    String home = Path.of("..").toRealPath().toString();
    for (String unit : List.of("tenure.service", "tenure.timer")) {
      Files.writeString(
          folder.resolve(unit),
          read(unit).replace("/opt/tenure", home).replaceAll("(?m)^User=.*$", "User=root"));
    }
    String said =
        output(
            "systemd-analyze",
            "verify",
            folder.resolve("tenure.timer").toString(),
            folder.resolve("tenure.service").toString());
    assertThat(said.lines().filter(line -> line.contains("tenure"))).isEmpty();
  }

  @Test
  void cron_runs_again_after_code_5_only() throws IOException, InterruptedException {
    String line =
        read("tenure.cron")
            .lines()
            .filter(text -> text.startsWith("30 "))
            .findFirst()
            .orElseThrow();
    assertThat(command(argumentsAfterLauncher(line))).isEqualTo("run");
    String shell = line.substring(line.indexOf("cd /opt/tenure"));
    Path launcher = folder.resolve("scripts/tenure");
    Files.createDirectories(launcher.getParent());
    for (int code = 0; code <= 5; code++) {
      Files.writeString(launcher, "#!/bin/sh\necho $@ >> calls\necho ended\nexit " + code + "\n");
      assertThat(launcher.toFile().setExecutable(true)).isTrue();
      Files.deleteIfExists(folder.resolve("calls"));
      String mailed =
          output(
              "sh",
              "-c",
              shell
                  .replace("/opt/tenure", folder.toString())
                  .replace("sleep 600", "true")
                  .replace("logger -t tenure", "cat > journal"));
      assertThat(mailed)
          .isEqualTo(code == 0 ? "" : "Tenure failed: journalctl -t tenure says why\n");
      assertThat(folder.resolve("journal")).content().startsWith("ended\n");
      assertThat(Files.readAllLines(folder.resolve("calls")))
          .as("after code " + code)
          .hasSize(code == Kind.STORAGE.exitCode() ? 2 : 1)
          .containsOnly("run -c /etc/tenure/tenure.yaml");
    }
  }

  /** What an Airflow that only listens is told by a DAG. */
  private static JsonNode said(Path dag) throws IOException, InterruptedException {
    String listener = Path.of("src/test/resources/orchestration/run_dag.py").toString();
    return JSON.readTree(output("python3", "-B", listener, dag.toString()));
  }

  @Test
  void airflow_runs_the_stages_in_order_and_retries_what_a_retry_can_mend()
      throws IOException, InterruptedException {
    assumeTrue(has("python3"), "this machine has no Python");
    JsonNode said = said(EXAMPLES.resolve("tenure_dag.py"));
    List<String> stages = new ArrayList<>();
    for (JsonNode task : said.get("tasks")) {
      assertThat(task.get("java_class").asText()).isEqualTo(Tenure.class.getName());
      List<String> arguments = new ArrayList<>();
      task.get("application_args").forEach(argument -> arguments.add(argument.asText()));
      assertThat(arguments).containsSubsequence("--as-of", "{{ ds }}");
      arguments.replaceAll(argument -> argument.replace("{{ ds }}", "2026-06-30"));
      stages.add(command(arguments));
    }
    assertThat(stages).containsExactly("ingest", "compute", "publish");
    assertThat(said.get("edges").toString())
        .isEqualTo("[[\"ingest\",\"compute\"],[\"compute\",\"publish\"]]");
    assertThat(said.at("/dag/0/max_active_runs").asInt()).isEqualTo(1);
    for (int code = -9; code <= 5; code++) {
      assertThat(said.at("/outcomes/" + code).asText())
          .as("code " + code)
          .isEqualTo(code == 0 ? "success" : NO_RETRY.contains(code) ? "failed" : "retried");
    }
  }

  @Test
  void airflow_counts_days_of_the_timezone_of_the_config()
      throws IOException, InterruptedException {
    assumeTrue(has("python3"), "this machine has no Python");
    Path dag =
        Files.writeString(
            folder.resolve("tenure_dag.py"),
            read("tenure_dag.py").replace("ZONE = \"UTC\"", "ZONE = \"Asia/Kolkata\""));
    JsonNode said = said(dag);
    for (JsonNode task : said.get("tasks")) {
      assertThat(task.get("application_args").toString())
          .contains("\"--as-of\",\"{{ data_interval_start.in_timezone('Asia/Kolkata') | ds }}\"");
    }
    assertThat(said.at("/dag/0/schedule").toString())
        .isEqualTo("[\"30 4 * * *\",\"Asia/Kolkata\"]");
  }

  @Test
  void kubernetes_runs_what_the_command_line_knows() throws IOException {
    Map<?, ?> manifest =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build()).loadFromString(read("sparkapplication.yaml"));
    Map<?, ?> spec = (Map<?, ?>) manifest.get("spec");
    assertThat(manifest.get("kind")).isEqualTo("SparkApplication");
    assertThat(spec.get("mainClass")).isEqualTo(Tenure.class.getName());
    assertThat(command(((List<?>) spec.get("arguments")).stream().map(String::valueOf).toList()))
        .isEqualTo("run");
    assertThat(spec.get("sparkVersion"))
        .isEqualTo(org.apache.spark.package$.MODULE$.SPARK_VERSION());
    Map<?, ?> restart = (Map<?, ?>) spec.get("restartPolicy");
    assertThat(restart.get("type")).isEqualTo("OnFailure");
    assertThat((Integer) restart.get("onFailureRetryInterval")).isGreaterThan(300);
  }
}
