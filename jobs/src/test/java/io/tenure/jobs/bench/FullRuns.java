package io.tenure.jobs.bench;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Every contender on the same files, in turn, round after round. */
final class FullRuns {
  private final Settings settings;
  private final Launcher launcher;
  private final PrintStream progress;

  private final Map<Contender, Rounds> rounds = new EnumMap<>(Contender.class);
  private Map<String, Long> tables = Map.of();
  private TenureRun tenure;

  FullRuns(Settings settings, Launcher launcher, PrintStream progress) {
    this.settings = settings;
    this.launcher = launcher;
    this.progress = progress;
  }

  /**
   * Runs all, and compares the tables of each round, every cell of them.
   *
   * @throws IllegalStateException if two contenders disagree
   */
  void run(BenchLog log) throws Exception {
    for (int round = 0; round < settings.rounds(); round++) {
      Path first = null;
      for (Contender contender : settings.contenders()) {
        Path events = round == 0 ? Folders.empty(settings.work("spark-events")) : null;
        Path tablesOf = settings.work(contender.key());
        Measured measured;
        if (contender == Contender.TENURE) {
          tenure = TenureRun.prepare(tablesOf, log.path(), log.spec().layout(), 0, 0);
          measured = launcher.tenure(tenure, log.spec().last(), true, settings.limits(), events);
          tablesOf = tenure.tables();
        } else {
          Files.createDirectories(Folders.empty(tablesOf));
          Task task = new Task(log.path(), log.spec().end(), tablesOf, settings.limits());
          measured = launcher.peer(contender, task, events);
        }
        rounds.computeIfAbsent(contender, key -> new Rounds()).add(measured);
        say(contender.key() + ", round " + (round + 1), measured);
        if (contender.makesTables()) {
          if (first == null) {
            first = tablesOf;
          }
          tables = Tables.requireEqual(first, tablesOf);
        }
      }
    }
  }

  private void say(String what, Measured measured) {
    progress.printf(
        Locale.ROOT,
        "  %-24s %8.1f s %8.1f s CPU %6.2f GB%n",
        what,
        measured.seconds(),
        measured.cpuSeconds(),
        measured.peakBytes() / 1e9);
  }

  Map<Contender, Rounds> rounds() {
    return rounds;
  }

  /** Rows of each of the twelve tables, the same for everybody. */
  Map<String, Long> tables() {
    return tables;
  }

  /** The last run of Tenure; null if it was not measured. */
  TenureRun tenure() {
    return tenure;
  }
}
