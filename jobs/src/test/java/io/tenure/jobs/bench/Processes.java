package io.tenure.jobs.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Each contender in a process of its own. */
final class Processes implements Launcher {
  private static final String SHUFFLE_PARTITIONS = "64";
  private final Path home;
  private final Path folder;

  /**
   * @param home of the project
   * @param folder for what the processes say
   */
  Processes(Path home, Path folder) {
    this.home = home;
    this.folder = folder;
  }

  @Override
  public Measured tenure(
      TenureRun run, LocalDate asOf, boolean full, Task.Limits limits, Path eventLog)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("scripts/tenure").toString());
    command.addAll(List.of("run", "--master", "local[" + limits.cores() + "]"));
    command.addAll(List.of("-c", run.config().toString(), "--as-of", asOf.toString()));
    if (full) {
      command.add("--full");
    }
    List<String> options = new ArrayList<>(List.of(limits.heap()));
    options.addAll(recording(eventLog));
    Map<String, String> environment = Map.of("TENURE_JAVA_OPTS", String.join(" ", options));
    return ChildProcess.run(command, environment, folder.resolve("tenure.log"))
        .measured(shuffled(eventLog))
        .withWorkSeconds(run.workSeconds());
  }

  @Override
  public Measured peer(Contender contender, Task task, Path eventLog) throws Exception {
    boolean isSpark = contender == Contender.SPARK_PLAIN || contender == Contender.SCAN;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + home.resolve("conf/jvm.options"));
    if (isSpark) {
      command.add(task.limits().heap());
      command.addAll(settings());
      command.add("-Dspark.master=local[" + task.limits().cores() + "]");
      // The embedded default is for small tables; adaptive execution joins what is too small.
      command.add("-Dspark.sql.shuffle.partitions=" + SHUFFLE_PARTITIONS);
      command.add("-Dspark.sql.warehouse.dir=" + task.out().resolve("warehouse"));
      command.addAll(recording(eventLog));
    } else {
      // DuckDB's memory is not on the heap.
      command.add("-Xmx256m");
    }
    command.add("-Dlog4j2.configurationFile=" + home.resolve("conf/log4j2.properties"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(PeerProcess.class.getName());
    command.addAll(
        List.of(
            contender.key(),
            task.log().toString(),
            task.end().toString(),
            task.out().toString(),
            Integer.toString(task.limits().cores()),
            Long.toString(task.limits().memory())));
    return ChildProcess.run(
            command,
            Map.of("SPARK_LOCAL_IP", "127.0.0.1"),
            folder.resolve(contender.key() + ".log"))
        .measured(shuffled(eventLog));
  }

  /** What the launcher of Tenure tells Spark. */
  private List<String> settings() throws IOException {
    return Files.readAllLines(home.resolve("conf/spark-local.conf")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(line -> "-D" + line.replaceFirst("\\s+", "="))
        .toList();
  }

  private static List<String> recording(Path eventLog) {
    return eventLog == null
        ? List.of()
        : List.of(
            "-Dspark.eventLog.enabled=true",
            "-Dspark.eventLog.rolling.enabled=false",
            "-Dspark.eventLog.compress=false",
            "-Dspark.eventLog.dir=" + eventLog.toUri());
  }

  private static Long shuffled(Path eventLog) throws IOException {
    if (eventLog == null) {
      return null;
    }
    long bytes = 0;
    File[] files = eventLog.toFile().listFiles();
    for (File file : files == null ? new File[0] : files) {
      bytes += EventLogFile.shuffleBytes(file.toPath());
    }
    return bytes;
  }
}
