package io.tenure.jobs.bench;

import java.nio.file.Path;
import java.time.LocalDate;

/**
 * What a peer is given.
 *
 * @param log the folder with the days
 * @param end the first day that does not count
 * @param out an empty folder for the tables
 * @param limits what it may use
 */
record Task(Path log, LocalDate end, Path out, Limits limits) {
  /**
   * What a contender may use of the machine.
   *
   * @param memory bytes for the whole process. A heap or a buffer pool may take three quarters of
   *     it: the rest is for what neither of them counts.
   */
  record Limits(int cores, long memory) {
    long pool() {
      return memory / 4 * 3;
    }

    /** An option of the JVM. */
    String heap() {
      return "-Xmx" + pool() / 1024 + "k";
    }
  }
}
