package io.tenure.jobs.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a day costs when the log has been read up to the day before: a full run, then in each round
 * the file of one more day and an incremental run. The histories differ in length only: the same
 * users, as many events a day.
 *
 * <p>Beside the longest, hand-tuned DuckDB computes everything anew from its log; the tables after
 * the last day must be equal.
 */
final class DailyRuns {
  private final Settings settings;
  private final Launcher launcher;
  private final PrintStream progress;

  /** By multiple of the log's days. */
  private final Map<Integer, History> histories = new TreeMap<>();

  private final Rounds recomputed = new Rounds();

  /** One length of history. */
  record History(BenchLog log, Path events, TenureRun run, Measured full, Rounds daily) {}

  DailyRuns(Settings settings, Launcher launcher, PrintStream progress) {
    this.settings = settings;
    this.launcher = launcher;
    this.progress = progress;
  }

  void run() throws Exception {
    for (int times : settings.histories()) {
      histories.put(times, begin(times));
    }
    int longest = settings.histories().stream().max(Integer::compare).orElseThrow();
    for (int round = 0; round < settings.rounds(); round++) {
      for (Map.Entry<Integer, History> entry : histories.entrySet()) {
        History history = entry.getValue();
        int day = history.log().spec().days() - settings.rounds() + round;
        link(history, day);
        Measured measured = tenure(history.run(), history.log().spec().day(day), false);
        if (!history.run().mode().equals("incremental")) {
          throw new IllegalStateException("Not an incremental run: " + history.run().tables());
        }
        history.daily().add(measured);
        say("daily run at %dx, round %d".formatted(entry.getKey(), round + 1), measured);
      }
      recomputed.add(recompute(histories.get(longest), round));
    }
    Tables.requireEqual(
        histories.get(longest).run().tables(), settings.work("daily-" + Contender.DUCKDB_TUNED));
  }

  private History begin(int times) throws Exception {
    LogSpec spec = LogSpec.plain(settings.seed(), settings.users(), times * settings.days());
    BenchLog log = BenchLog.of(settings.logs(), spec);
    log.warm();
    Path folder = Folders.empty(settings.work("daily-" + times + "x"));
    Path events = folder.resolve("events");
    TenureRun run = TenureRun.prepare(folder.resolve("run"), events, spec.layout(), 0, 0);
    History history = new History(log, events, run, null, new Rounds());
    int known = spec.days() - settings.rounds();
    for (int day = 0; day < known; day++) {
      link(history, day);
    }
    Measured full = tenure(run, spec.day(known - 1), true);
    say("full run at " + times + "x", full);
    return new History(log, events, run, full, history.daily());
  }

  private static void link(History history, int day) throws java.io.IOException {
    String folder = history.log().spec().folder(day);
    Folders.link(history.log().path().resolve(folder), history.events().resolve(folder));
  }

  private Measured tenure(TenureRun run, LocalDate asOf, boolean full) throws Exception {
    return launcher.tenure(run, asOf, full, settings.limits(), null);
  }

  private Measured recompute(History history, int round) throws Exception {
    Path out = Folders.empty(settings.work("daily-" + Contender.DUCKDB_TUNED));
    Task task = new Task(history.log().path(), history.log().spec().end(), out, settings.limits());
    Measured measured = launcher.peer(Contender.DUCKDB_TUNED, task, null);
    say("duckdb-tuned, all of it, round " + (round + 1), measured);
    return measured;
  }

  private void say(String what, Measured measured) {
    progress.printf(
        Locale.ROOT,
        "  %-34s %8.1f s %8.1f s CPU%n",
        what,
        measured.seconds(),
        measured.cpuSeconds());
  }

  Map<Integer, History> histories() {
    return new LinkedHashMap<>(histories);
  }

  /** Hand-tuned DuckDB on the whole of the longest history. */
  Rounds recomputed() {
    return recomputed;
  }
}
