package io.tenure.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.Locale;

/** The figures as people read them. */
final class Summary {
  private final JsonNode figures;
  private final PrintStream out;

  Summary(JsonNode figures, PrintStream out) {
    this.figures = figures;
    this.out = out;
  }

  void print() {
    if (figures.has("contenders")) {
      printContenders();
    }
    if (figures.has("daily")) {
      printDaily();
    }
    if (figures.has("shapes")) {
      printShapes();
    }
    out.println();
    for (String target : Figures.TARGETS) {
      if (!figures.get(target).isNull()) {
        out.printf(Locale.ROOT, "%-30s %10.3f%n", target, figures.get(target).asDouble());
      }
    }
  }

  private void printContenders() {
    JsonNode log = figures.get("log");
    out.printf(
        Locale.ROOT,
        "%n%,d events of %,d users, %,d days, %,d files, %.2f GB; %d cores, %.1f GB each; medians of"
            + " %d rounds%n%n",
        log.get("events").asLong(),
        log.get("users").asLong(),
        log.get("days").asLong(),
        log.get("files").asLong(),
        log.get("bytes").asLong() / 1e9,
        figures.at("/settings/cores").asInt(),
        figures.at("/settings/memory_gb").asDouble(),
        figures.at("/settings/rounds").asInt());
    out.printf(
        "%-26s %8s %8s %11s %8s %11s %10s %10s%n",
        "", "seconds", "CPU s", "events/s", "peak GB", "shuffle MB", "Tenure is", "vs scan");
    for (Contender contender : Contender.values()) {
      JsonNode measured = figures.get("contenders").get(contender.key());
      if (measured != null) {
        JsonNode shuffle = measured.get("shuffle_bytes");
        out.printf(
            Locale.ROOT,
            "%-26s %8.1f %8.1f %,11.0f %8.2f %11s %10s %10s%n",
            contender.label(),
            measured.get("seconds").asDouble(),
            measured.get("cpu_seconds").asDouble(),
            measured.get("events_per_second").asDouble(),
            measured.get("peak_memory_gb").asDouble(),
            shuffle.isNull() ? "" : String.format(Locale.ROOT, "%.0f", shuffle.asLong() / 1e6),
            ratio(measured.get("tenure_ratio")),
            ratio(measured.get("scan_ratio")));
      }
    }
    out.println("Tenure is: its seconds / those of the row. vs scan: both without start-up.");
  }

  private static String ratio(JsonNode ratio) {
    return ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio.asDouble());
  }

  private void printDaily() {
    out.printf(
        "%n%-26s %8s %8s %8s %14s %14s%n",
        "a day more", "seconds", "CPU s", "peak GB", "full run s", "events before");
    figures
        .get("daily")
        .properties()
        .forEach(
            entry -> {
              JsonNode measured = entry.getValue();
              out.printf(
                  Locale.ROOT,
                  "%-26s %8.1f %8.1f %8.2f %14s %14s%n",
                  measured.has("log") ? entry.getKey() + " history" : "DuckDB, hand-tuned, all",
                  measured.get("seconds").asDouble(),
                  measured.get("cpu_seconds").asDouble(),
                  measured.get("peak_memory_gb").asDouble(),
                  measured.has("log")
                      ? String.format(Locale.ROOT, "%.1f", measured.get("full_seconds").asDouble())
                      : "",
                  measured.has("log")
                      ? String.format(Locale.ROOT, "%,d", measured.at("/log/events").asLong())
                      : "");
            });
  }

  private void printShapes() {
    out.printf("%n%-34s %8s %8s %12s %8s%n", "shape", "seconds", "CPU s", "events", "ratio");
    figures
        .get("shapes")
        .properties()
        .forEach(
            entry ->
                out.printf(
                    Locale.ROOT,
                    "%-34s %8.1f %8.1f %,12d %8.2f%n",
                    entry.getKey(),
                    entry.getValue().get("seconds").asDouble(),
                    entry.getValue().get("cpu_seconds").asDouble(),
                    entry.getValue().at("/log/events").asLong(),
                    entry.getValue().get("ratio_to_plain").asDouble()));
    out.println("ratio: seconds an event, against the plain log.");
  }
}
