package io.tenure.jobs.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * What a benchmark is told.
 *
 * @param folder for logs, which are kept, and for work, which is replaced
 * @param users of the log
 * @param days of the log
 * @param contenders who is measured in full runs
 * @param histories lengths of history whose daily runs are measured, as multiples of the log's
 * @param shapes whether logs of other shapes are measured, too
 * @param parts what is measured, in words
 */
record Settings(
    Path folder,
    long seed,
    long users,
    int days,
    int rounds,
    Task.Limits limits,
    List<Contender> contenders,
    List<Integer> histories,
    boolean shapes,
    Set<String> parts) {

  LogSpec log() {
    return LogSpec.plain(seed, users, days);
  }

  Path logs() {
    return folder.resolve("logs");
  }

  Path work(String name) {
    return folder.resolve("work").resolve(name);
  }
}
