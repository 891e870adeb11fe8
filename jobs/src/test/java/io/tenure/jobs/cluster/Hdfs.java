package io.tenure.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A name node and a data node in a process of their own, on ports that are free. */
final class Hdfs implements AutoCloseable {
  private final JvmProcess process;

  private Hdfs(JvmProcess process) {
    this.process = process;
  }

  static Hdfs start(Path folder) throws IOException {
    Files.createDirectories(folder);
    return new Hdfs(
        JvmProcess.start(
            "HDFS",
            folder,
            Map.of(),
            List.of(
                "-Xmx256m",
                "-Dlog4j2.configurationFile=" + StandaloneCluster.LOGGING.toRealPath(),
                "-cp",
                classPath(),
                "org.apache.hadoop.test.MiniDFSClusterManager",
                "-format",
                "-datanodes",
                "1",
                "-D",
                "dfs.replication=1")));
  }

  /** What the build copied for this, before what Spark brings. */
  private static String classPath() throws IOException {
    try (Stream<Path> jars = Files.list(Path.of("target/hdfs").toRealPath())) {
      return jars.map(Path::toString).collect(Collectors.joining(":"))
          + ":"
          + Files.readString(Path.of("target/spark.classpath")).strip();
    }
  }

  /** The URI of a path, once the name node serves. */
  String uri(String path) throws InterruptedException {
    String port = process.await("namenode on port (\\d+)").group(1);
    return "hdfs://127.0.0.1:" + port + path;
  }

  @Override
  public void close() {
    process.close();
  }
}
