package io.tenure.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;

/**
 * Spark's own cluster on this machine: a master and two workers, each a process, on ports that are
 * free; and {@code spark-submit} of the artifact to it, with the settings of {@code
 * conf/spark-cluster.conf}.
 */
final class StandaloneCluster implements AutoCloseable {
  static final Path LOGGING = Path.of("src/test/resources/cluster/log4j2.properties");

  private static final Path ARTIFACT = Path.of("target/tenure.jar");

  private final Path folder;
  private final Path home;
  private final JvmProcess master;
  private final List<JvmProcess> workers = new ArrayList<>();

  private int submitted;

  private StandaloneCluster(Path folder) throws IOException {
    this.folder = folder;
    this.home = sparkHome(folder.resolve("spark"));
    this.master =
        daemon("master", "org.apache.spark.deploy.master.Master", List.of("--webui-port", "0"));
  }

  static StandaloneCluster start(Path folder) throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(folder);
    try {
      cluster.addWorker();
      cluster.addWorker();
      for (JvmProcess worker : cluster.workers) {
        worker.await("Successfully registered with master");
      }
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  /** What a folder must be for Spark to run from it: the jars. */
  private static Path sparkHome(Path home) throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (String jar : Files.readString(Path.of("target/spark.classpath")).strip().split(":")) {
      Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
    }
    return home;
  }

  private JvmProcess daemon(String name, String main, List<String> arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add("-Xmx192m");
    // The other way to submit, which has a port of its own.
    line.add("-Dspark.master.rest.enabled=false");
    line.add("-Dlog4j2.configurationFile=" + LOGGING.toRealPath());
    line.addAll(List.of("-cp", home + "/jars/*", main, "--host", "127.0.0.1", "--port", "0"));
    line.addAll(arguments);
    return JvmProcess.start(name, folder, environment(), line);
  }

  private Map<String, String> environment() {
    // By its version Spark knows that this is no source tree, which has folders of builds.
    return Map.of(
        "SPARK_HOME",
        home.toString(),
        "SPARK_SCALA_VERSION",
        "2.13",
        "SPARK_LOCAL_IP",
        "127.0.0.1");
  }

  String url() throws InterruptedException {
    return master.await("Starting Spark master at (spark://\\S+)").group(1);
  }

  /** Starts a worker of two cores and 2 GB. */
  private void addWorker() throws IOException, InterruptedException {
    String name = "worker-" + (workers.size() + 1);
    JvmProcess worker =
        daemon(
            name,
            "org.apache.spark.deploy.worker.Worker",
            List.of(
                "--webui-port",
                "0",
                "--cores",
                "2",
                "--memory",
                "2g",
                "--work-dir",
                folder.resolve(name).toString(),
                url()));
    workers.add(worker);
  }

  /** The worker that an executor of an application runs on. */
  JvmProcess workerOf(String application, String executor) {
    String asked = "Asked to launch executor %s/%s ".formatted(application, executor);
    return workers.stream()
        .filter(worker -> worker.toString().contains(asked))
        .findFirst()
        .orElseThrow();
  }

  /** Submits a command line of Tenure; see the other one. */
  JvmProcess submit(String... arguments) throws IOException, InterruptedException {
    return submit(List.of(), Map.of(), arguments);
  }

  /**
   * Submits a command line of Tenure.
   *
   * @param options of {@code spark-submit}, after those that fit it to this machine
   * @param environment of the process that submits
   */
  JvmProcess submit(List<String> options, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String logging = "-Dlog4j2.configurationFile=" + LOGGING.toRealPath();
    String java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + logging;
    List<String> line = new ArrayList<>(List.of("-Xmx512m", logging, "-cp", home + "/jars/*"));
    line.addAll(List.of("org.apache.spark.deploy.SparkSubmit", "--master", url()));
    line.add("--properties-file");
    line.add(Path.of("../conf/spark-cluster.conf").toRealPath().toString());
    for (String setting :
        List.of(
            "spark.driver.memory=512m",
            "spark.driver.cores=1",
            "spark.executor.memory=512m",
            "spark.executor.cores=1",
            "spark.cores.max=2",
            "spark.ui.enabled=false",
            "spark.driver.extraJavaOptions=" + java,
            "spark.executor.extraJavaOptions=" + java)) {
      line.addAll(List.of("--conf", setting));
    }
    line.addAll(options);
    line.addAll(List.of("--class", "io.tenure.jobs.Tenure", ARTIFACT.toRealPath().toString()));
    line.addAll(List.of(arguments));
    Map<String, String> all = new HashMap<>(environment());
    all.putAll(environment);
    return JvmProcess.start("submit-" + ++submitted, folder, all, line);
  }

  /**
   * How a driver ended.
   *
   * @param driver how many were submitted in cluster mode before
   */
  String driverState(int driver) throws InterruptedException {
    Matcher ended = master.await("Removing driver: driver-\\d+-%04d \\((\\w+)".formatted(driver));
    return ended.group(1);
  }

  @Override
  public void close() {
    workers.forEach(JvmProcess::close);
    master.close();
  }
}
