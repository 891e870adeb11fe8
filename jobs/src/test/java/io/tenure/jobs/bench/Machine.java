package io.tenure.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/** Where a benchmark ran. */
final class Machine {
  private Machine() {}

  static Map<String, Object> describe() throws IOException {
    Map<String, Object> machine = new LinkedHashMap<>();
    machine.put("cores", Runtime.getRuntime().availableProcessors());
    machine.put("memory_gb", number(line("/proc/meminfo", "MemTotal")) * 1024 / 1e9);
    machine.put("processor", line("/proc/cpuinfo", "model name"));
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    return machine;
  }

  static Map<String, String> versions() throws SQLException {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("java", Runtime.version().toString());
    versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement();
        ResultSet version = sql.executeQuery("SELECT version()")) {
      version.next();
      versions.put("duckdb", version.getString(1));
    }
    return versions;
  }

  /** The value of the first line that begins so; empty where the system does not tell. */
  private static String line(String file, String key) throws IOException {
    Path path = Path.of(file);
    if (!Files.isReadable(path)) {
      return "";
    }
    return Files.readAllLines(path).stream()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static double number(String text) {
    String digits = text.replaceAll("\\D", "");
    return digits.isEmpty() ? Double.NaN : Double.parseDouble(digits);
  }
}
