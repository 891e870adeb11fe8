package io.tenure.jobs.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;

/**
 * An S3 store with the bucket {@code data}, in a process of its own, on a port that is free; and
 * the artifact in processes that know it and may not copy objects, which is how S3A renames.
 */
final class ObjectStore implements AutoCloseable {
  /** May read and write. */
  static final String OWNER = "owner";

  /** May read. */
  static final String GUEST = "guest";

  static final String SECRET = "known-to-the-store-and-its-users";

  private final Path folder;
  private final JvmProcess process;
  private int started;

  private ObjectStore(Path folder, JvmProcess process) {
    this.folder = folder;
    this.process = process;
  }

  /** Fails what would copy an object. Found by S3A by its name. */
  public static final class NoCopies implements ExecutionInterceptor {
    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      if (context.request() instanceof CopyObjectRequest
          || context.request() instanceof UploadPartCopyRequest) {
        throw new IllegalStateException("A copy: " + context.request());
      }
    }
  }

  static ObjectStore start(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("buckets/data"));
    String logging = Path.of("src/test/resources/cluster/logback.xml").toRealPath().toUri() + "";
    return new ObjectStore(
        folder,
        JvmProcess.start(
            "S3",
            folder,
            Map.of(),
            List.of(
                "-Xmx256m",
                "-Dlogback.configurationFile=" + logging,
                "-cp",
                Files.readString(Path.of("target/s3proxy.classpath")).strip(),
                "org.gaul.s3proxy.Main",
                "--properties",
                view(folder, OWNER, false),
                "--properties",
                view(folder, GUEST, true))));
  }

  /** A file that says who sees the objects how. */
  private static String view(Path folder, String user, boolean readOnly) throws IOException {
    return Files.writeString(
            folder.resolve(user + ".properties"),
            """
            s3proxy.endpoint=http://127.0.0.1:0
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            s3proxy.read-only-blobstore=%s
            jclouds.provider=filesystem
            jclouds.filesystem.basedir=%s
            jclouds.identity=none
            jclouds.credential=none
            """
                .formatted(user, SECRET, readOnly, folder.resolve("buckets")))
        .toString();
  }

  /** What S3A must know of the store, but for who asks. */
  private Map<String, String> settings() throws InterruptedException {
    String port = process.await("ServerConnector.*\\{127\\.0\\.0\\.1:(\\d+)\\}").group(1);
    Map<String, String> settings = new TreeMap<>();
    settings.put("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put("fs.s3a.audit.execution.interceptors", NoCopies.class.getName());
    return settings;
  }

  /** Makes the store known to this process. */
  void mount(Configuration hadoop) throws InterruptedException {
    settings().forEach(hadoop::set);
    hadoop.set("fs.s3a.access.key", OWNER);
    hadoop.set("fs.s3a.secret.key", SECRET);
  }

  /** Runs a command line of the artifact, with Spark embedded. */
  JvmProcess tenure(String user, String secret, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("-Xmx512m"));
    for (String setting : Files.readAllLines(Path.of("../conf/spark-local.conf"))) {
      if (!setting.isBlank() && !setting.startsWith("#")) {
        line.add("-D" + setting.strip().replaceFirst("\\s+", "="));
      }
    }
    settings().forEach((key, value) -> line.add("-Dspark.hadoop." + key + "=" + value));
    line.add("-Dlog4j2.configurationFile=" + Path.of("../conf/log4j2.properties").toRealPath());
    line.addAll(List.of("-Dspark.master=local[2]", "-Dtenure.embedded=true", "-cp"));
    line.add(
        String.join(
            ":",
            Path.of("target/tenure.jar").toRealPath().toString(),
            Files.readString(Path.of("target/spark.classpath")).strip(),
            Files.readString(Path.of("target/s3a.classpath")).strip(),
            Path.of("target/test-classes").toRealPath().toString()));
    line.add("io.tenure.jobs.Tenure");
    line.addAll(List.of(arguments));
    return JvmProcess.start(
        "s3-run-" + ++started,
        folder,
        Map.of("AWS_ACCESS_KEY_ID", user, "AWS_SECRET_ACCESS_KEY", secret),
        line);
  }

  @Override
  public void close() {
    process.close();
  }
}
