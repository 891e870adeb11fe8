package io.tenure.jobs.bench;

import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.spark.sql.SparkSession;

/** A peer in a process of its own; prints how many seconds it took without start-up. */
public final class PeerProcess {
  /** Introduces the seconds. */
  static final String WORK = "work seconds: ";

  private PeerProcess() {}

  /** Contender, log, end, out, cores, memory in bytes. */
  public static void main(String[] arguments) throws Exception {
    Task task =
        new Task(
            Path.of(arguments[1]),
            LocalDate.parse(arguments[2]),
            Path.of(arguments[3]),
            new Task.Limits(Integer.parseInt(arguments[4]), Long.parseLong(arguments[5])));
    Contender contender = Contender.of(arguments[0]);
    double seconds =
        switch (contender) {
          case DUCKDB_TUNED -> timed(() -> Peers.duckDb("duckdb-tuned.sql", task));
          case DUCKDB_PLAIN -> timed(() -> Peers.duckDb("duckdb-plain.sql", task));
          case SPARK_PLAIN, SCAN -> {
            SparkSession spark = SparkSession.builder().appName(contender.key()).getOrCreate();
            try {
              yield timed(
                  () -> {
                    if (contender == Contender.SCAN) {
                      Peers.scan(spark, task);
                    } else {
                      Peers.sparkSql(spark, task);
                    }
                  });
            } finally {
              spark.stop();
            }
          }
          case TENURE -> throw new IllegalArgumentException("not a peer: " + contender);
        };
    System.out.println(WORK + seconds);
  }

  /** Work that may fail. */
  interface Work {
    void run() throws Exception;
  }

  static double timed(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
