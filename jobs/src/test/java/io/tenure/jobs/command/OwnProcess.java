package io.tenure.jobs.command;

import io.tenure.jobs.Tenure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run Tenure in a process of its own, as the launcher does. */
final class OwnProcess {
  private OwnProcess() {}

  /**
   * The command line.
   *
   * @param temporary where the process puts what it will not need
   * @param settings of the JVM, beside the launcher's
   */
  static List<String> command(Path temporary, List<String> settings, String... arguments)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    line.add("@" + Path.of("../conf/jvm.options").toAbsolutePath());
    // It is over before an optimising compiler pays.
    line.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    for (String setting : Files.readAllLines(Path.of("../conf/spark-local.conf"))) {
      if (!setting.isBlank() && !setting.startsWith("#")) {
        line.add("-D" + setting.strip().replaceFirst("\\s+", "="));
      }
    }
    line.add("-Djava.io.tmpdir=" + temporary);
    line.addAll(settings);
    line.addAll(List.of("-Dspark.master=local[2]", "-Dtenure.embedded=true", "-cp"));
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add(Tenure.class.getName());
    line.addAll(List.of(arguments));
    return line;
  }
}
