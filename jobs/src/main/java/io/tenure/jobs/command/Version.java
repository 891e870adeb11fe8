package io.tenure.jobs.command;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/** What computed a run. */
final class Version {
  private Version() {}

  static String tenure() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  static Map<String, String> all(SparkSession spark) {
    return new TreeMap<>(
        Map.of("tenure", tenure(), "spark", spark.version(), "java", Runtime.version().toString()));
  }
}
