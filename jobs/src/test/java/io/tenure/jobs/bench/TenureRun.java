package io.tenure.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A config of Tenure with its output.
 *
 * @param folder holds {@code tenure.yaml} and {@code out}
 */
record TenureRun(Path folder) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of each funnel. */
  static final int STEPS = 5;

  /**
   * Writes the config.
   *
   * @param log the folder with the days
   * @param activities kinds of activity beside the default one
   * @param funnels of them, five to a funnel, which users of every other one may enter any time
   */
  static TenureRun prepare(
      Path folder, Path log, LogSpec.Layout layout, int activities, int funnels)
      throws IOException {
    TenureRun run = new TenureRun(Folders.empty(folder));
    String kinds =
        IntStream.range(0, activities)
            .mapToObj(kind -> "kind_%02d: \"event_name = 'event_%02d'\"".formatted(kind, kind))
            .collect(Collectors.joining(", "));
    boolean partitioned = layout != LogSpec.Layout.ONE_FILE;
    String config =
        Sql.text(
            "tenure.yaml",
            Map.of(
                "in",
                log.toString(),
                "out",
                run.folder.resolve("out").toString(),
                "partition",
                partitioned ? ", partition: dt" : "",
                "activities",
                kinds));
    if (activities > 0) {
      config = config.replace("time: event_time", "time: event_time, event: event_name");
    }
    if (funnels > 0) {
      config += "funnels:\n" + funnels(funnels);
    }
    Files.writeString(run.config(), config);
    return run;
  }

  private static String funnels(int funnels) {
    return IntStream.range(0, funnels)
        .mapToObj(
            funnel ->
                "  - {name: funnel_%d, steps: [%s], entry: %s, window: 28 days}%n"
                    .formatted(
                        funnel,
                        IntStream.range(0, STEPS)
                            .mapToObj(step -> "kind_%02d".formatted(STEPS * funnel + step))
                            .collect(Collectors.joining(", ")),
                        funnel % 2 == 0 ? "first" : "any"))
        .collect(Collectors.joining());
  }

  Path config() {
    return folder.resolve("tenure.yaml");
  }

  /** The tables that readers see. */
  Path tables() {
    return folder.resolve("out/current");
  }

  private JsonNode record() throws IOException {
    return JSON.readTree(tables().resolve("run.json").toFile());
  }

  /** From the open session to the finished tables. */
  double workSeconds() throws IOException {
    JsonNode record = record();
    Instant start = Instant.parse(record.get("started_at").asText());
    Instant end = Instant.parse(record.get("finished_at").asText());
    return Duration.between(start, end).toMillis() / 1000.0;
  }

  /** Seconds by stage. */
  Map<String, Double> stages() throws IOException {
    Map<String, Double> stages = new TreeMap<>();
    record()
        .get("stages")
        .forEach(stage -> stages.put(stage.get("name").asText(), stage.get("seconds").asDouble()));
    return stages;
  }

  /** How the last run read the log: full or incremental. */
  String mode() throws IOException {
    return record().at("/reading/mode").asText();
  }

  /** What is stored of a user for a year of 365 days, as files. */
  double historyBytesPerUserYear(int days) throws IOException, SQLException {
    Path state = tables().resolve("_state/histories").toRealPath();
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement();
        ResultSet users =
            sql.executeQuery(
                "SELECT sum(num_rows) FROM parquet_file_metadata('%s/*.parquet')"
                    .formatted(state))) {
      users.next();
      return Folders.bytes(state) / (double) users.getLong(1) / (days / 365.0);
    }
  }
}
