package io.tenure.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Every figure of a benchmark as JSON; null is what was not measured. */
final class Figures {
  /** What is held against the targets. */
  static final List<String> TARGETS =
      List.of(
          "full_vs_duckdb_tuned",
          "full_vs_plain_spark",
          "full_vs_scan",
          "daily_4x_vs_duckdb_tuned",
          "daily_4x_vs_1x",
          "peak_memory_gb",
          "history_bytes_per_user_year");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectNode root = JSON.createObjectNode();

  Figures(Settings settings) throws IOException, SQLException {
    TARGETS.forEach(root::putNull);
    ObjectNode told = root.putObject("settings");
    told.put("users", settings.users());
    told.put("days", settings.days());
    told.put("seed", settings.seed());
    told.put("rounds", settings.rounds());
    told.put("cores", settings.limits().cores());
    told.put("memory_gb", settings.limits().memory() / 1e9);
    told.put("heap_or_pool_gb", settings.limits().pool() / 1e9);
    settings.parts().forEach(told.putArray("parts")::add);
    root.set("machine", JSON.valueToTree(Machine.describe()));
    root.set("versions", JSON.valueToTree(Machine.versions()));
  }

  ObjectNode json() {
    return root;
  }

  void add(BenchLog log) {
    root.set("log", describe(log));
  }

  private static ObjectNode describe(BenchLog log) {
    ObjectNode node = JSON.createObjectNode();
    node.put("events", log.events());
    node.put("users", log.spec().users());
    node.put("days", log.spec().days());
    node.put("files", log.files());
    node.put("bytes", log.bytes());
    return node;
  }

  void add(FullRuns full, BenchLog log) throws IOException, SQLException {
    Map<Contender, Rounds> rounds = full.rounds();
    Rounds tenure = rounds.get(Contender.TENURE);
    Rounds scan = rounds.get(Contender.SCAN);
    ObjectNode contenders = root.putObject("contenders");
    rounds.forEach(
        (contender, measured) -> {
          ObjectNode node = contenders.putObject(contender.key());
          write(node, measured);
          node.put("events_per_second", log.events() / measured.seconds());
          if (tenure != null) {
            node.put("tenure_ratio", tenure.seconds() / measured.seconds());
          }
          if (scan != null) {
            node.put("scan_ratio", measured.workSeconds() / scan.workSeconds());
          }
        });
    root.set("tables", JSON.valueToTree(full.tables()));
    if (tenure != null) {
      ratio("full_vs_duckdb_tuned", tenure, rounds.get(Contender.DUCKDB_TUNED));
      ratio("full_vs_plain_spark", tenure, rounds.get(Contender.SPARK_PLAIN));
      ratio("full_vs_duckdb_plain", tenure, rounds.get(Contender.DUCKDB_PLAIN));
      if (scan != null) {
        root.put("full_vs_scan", tenure.workSeconds() / scan.workSeconds());
      }
      root.put("peak_memory_gb", tenure.peakBytes() / 1e9);
      root.put(
          "history_bytes_per_user_year", full.tenure().historyBytesPerUserYear(log.spec().days()));
      root.set("tenure_stages", JSON.valueToTree(full.tenure().stages()));
    }
  }

  private void ratio(String key, Rounds tenure, Rounds peer) {
    if (peer != null) {
      root.put(key, tenure.seconds() / peer.seconds());
    }
  }

  private static void write(ObjectNode node, Rounds rounds) {
    node.put("seconds", rounds.seconds());
    node.put("cpu_seconds", rounds.cpuSeconds());
    node.put("work_seconds", rounds.workSeconds());
    node.put("peak_memory_gb", rounds.peakBytes() / 1e9);
    node.put("shuffle_bytes", rounds.shuffleBytes());
    ArrayNode all = node.putArray("seconds_by_round");
    rounds.allSeconds().forEach(all::add);
  }

  void add(DailyRuns daily) throws IOException, SQLException {
    ObjectNode node = root.putObject("daily");
    for (Map.Entry<Integer, DailyRuns.History> entry : daily.histories().entrySet()) {
      DailyRuns.History history = entry.getValue();
      ObjectNode length = node.putObject(entry.getKey() + "x");
      length.set("log", describe(history.log()));
      length.put("full_seconds", history.full().seconds());
      length.put("full_cpu_seconds", history.full().cpuSeconds());
      write(length, history.daily());
      length.put(
          "history_bytes_per_user_year",
          history.run().historyBytesPerUserYear(history.log().spec().days()));
      length.set("stages", JSON.valueToTree(history.run().stages()));
    }
    write(node.putObject("duckdb_tuned_full_recompute"), daily.recomputed());
    DailyRuns.History once = daily.histories().get(1);
    DailyRuns.History longest = daily.histories().get(4);
    if (once != null && longest != null) {
      double seconds = longest.daily().seconds();
      root.put("daily_4x_vs_1x", seconds / once.daily().seconds());
      root.put("daily_4x_vs_duckdb_tuned", seconds / daily.recomputed().seconds());
    }
  }

  void add(Shapes shapes) {
    ObjectNode node = root.putObject("shapes");
    for (String name : shapes.names()) {
      ObjectNode shape = node.putObject(name);
      shape.set("log", describe(shapes.shape(name).log()));
      write(shape, shapes.shape(name).rounds());
      shape.put("ratio_to_plain", shapes.ratio(name));
    }
  }
}
