package io.tenure.jobs.command;

import io.tenure.common.store.InPlaceCommit;
import java.time.ZoneId;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Opens Spark: where it runs is said by the launcher or spark-submit, how it reads and writes is
 * said here.
 */
final class Session {
  /** The share of a task's memory that partial histories may take; Spark needs the rest. */
  private static final double FOLD_SHARE = 0.25;

  private Session() {}

  /** A session whose days are those of a zone. */
  static SparkSession open(String name, ZoneId zone) {
    SparkSession.Builder builder = SparkSession.builder().appName("Tenure " + name);
    if (new SparkConf().get("spark.master", "").startsWith("local")) {
      // A task without memory shares the process with the command: by default Spark ends it, with a
      // code of its own, and mostly before the command can say what failed.
      builder.config("spark.executor.killOnFatalError.depth", "0");
    }
    SparkSession spark = builder.getOrCreate();
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.session.timeZone", zone.getId());
    // Without it DATE cannot be collected on Java 17.
    session.conf().set("spark.sql.datetime.java8API.enabled", "true");
    // The default is INT96, which readers other than Spark take badly.
    session.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    // A corrupt or vanished file is an error, never fewer rows.
    session.conf().set("spark.sql.files.ignoreCorruptFiles", "false");
    session.conf().set("spark.sql.files.ignoreMissingFiles", "false");
    session.conf().set("spark.sql.ansi.enabled", "true");
    // A cluster may say otherwise, and a time would be of another day than elsewhere.
    session.conf().set("spark.sql.parquet.inferTimestampNTZ.enabled", "true");
    session.conf().set("spark.sql.timestampType", "TIMESTAMP_LTZ");
    // Rows of other readers do not say which file they are of.
    session.conf().set("spark.sql.sources.useV1SourceList", "avro,csv,json,orc,parquet,text");
    // Runs are written where they stay; the default renames files, which object stores copy.
    session.conf().set("spark.sql.sources.commitProtocolClass", InPlaceCommit.class.getName());
    // Folders are listed in a job of this many tasks; the default is a task per folder.
    session
        .conf()
        .set(
            "spark.sql.sources.parallelPartitionDiscovery.parallelism",
            Integer.toString(4 * spark.sparkContext().defaultParallelism()));
    // What Spark decides late, such as the Java type of a DATE, it decides by the thread's session.
    SparkSession.setActiveSession(session);
    return session;
  }

  /** Bytes that one task may use for partial histories. */
  static long taskMemory(SparkSession spark) {
    SparkConf conf = spark.sparkContext().getConf();
    int all = spark.sparkContext().defaultParallelism();
    // A standalone worker gives an executor all cores that it has.
    int unsaid = spark.sparkContext().master().startsWith("spark:") ? all : 1;
    int cores = spark.sparkContext().isLocal() ? all : conf.getInt("spark.executor.cores", unsaid);
    long memory =
        spark.sparkContext().isLocal()
            ? Runtime.getRuntime().maxMemory()
            : conf.getSizeAsMb("spark.executor.memory", "1g") << 20;
    return (long) (memory * FOLD_SHARE / Math.max(1, cores));
  }
}
