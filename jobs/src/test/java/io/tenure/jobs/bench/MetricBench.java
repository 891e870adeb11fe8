package io.tenure.jobs.bench;

import io.tenure.common.calendar.LocalDays;
import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.Event;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import io.tenure.jobs.metric.Cells;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.sample.SampleEvent;
import io.tenure.jobs.sample.SampleOptions;
import io.tenure.jobs.sample.SampleUser;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * What the metrics cost, one against the other, on the histories of a sample log and one thread:
 * medians of alternating rounds in one process, so that only ratios are read from it.
 *
 * <p>Run by {@code scripts/bench metrics [USERS]}.
 */
@Command(
    name = "metrics",
    mixinStandardHelpOptions = true,
    description = "Measures the metrics beside one another.")
public final class MetricBench implements Runnable {
  private static final int ROUNDS = 5;
  private static final int DAYS = 365;
  private static final String CONFIG =
      """
      input: {path: in, user: user, time: time}
      output: out
      segments: [country, platform, plan]
      active-users: {windows: [1, 7, 28, %d]}
      """;

  @Parameters(
      arity = "0..1",
      defaultValue = "70000",
      description = "Users of the sample; 70,000 are about ten million events.")
  private long users;

  /** A way to spend the time, and how long it took in each round. */
  private record Contender(String name, List<Metric> metrics, double[] seconds) {
    double median() {
      double[] sorted = seconds.clone();
      Arrays.sort(sorted);
      return sorted[ROUNDS / 2];
    }
  }

  @Override
  public void run() {
    SampleOptions options = new SampleOptions(users, DAYS, 1, SampleOptions.DEFAULTS.start());
    Log log = Log.of(options);
    System.out.printf(
        "%,d events of %,d users over %d days; 3 dimensions; one thread; medians of %d rounds%n",
        log.events, users, DAYS, ROUNDS);
    System.out.printf(
        "a history takes %.0f bytes before compression%n",
        log.histories.stream().mapToLong(bytes -> bytes.length).average().orElse(0));
    Scope scope8 = scope(options, 8);
    Scope scope90 = scope(options, 90);
    List<Metric> all = Metrics.of(scope8);
    Contender retention = contender("retention", all.subList(0, 1));
    Contender activity = contender("retention and the tables of activity", all.subList(0, 5));
    Contender everything = contender("all tables", all);
    Contender window8 = contender("active users, a window of 8 days", all.subList(1, 2));
    Contender window90 =
        contender("active users, a window of 90 days", Metrics.of(scope90).subList(1, 2));
    List<Contender> contenders = List.of(retention, activity, everything, window8, window90);
    for (int round = -1; round < ROUNDS; round++) {
      for (Contender contender : contenders) {
        double seconds = addUp(log.histories, contender.metrics());
        if (round >= 0) { // the first round only warms up
          contender.seconds()[round] = seconds;
        }
      }
    }
    System.out.printf("%-45s %7.2f s%n", "fold the events into histories", log.foldSeconds);
    for (Contender contender : contenders) {
      System.out.printf("%-45s %7.2f s%n", "add up: " + contender.name(), contender.median());
    }
    System.out.printf(
        "fold and all tables of activity / fold and retention alone   %.2f%n",
        (log.foldSeconds + activity.median()) / (log.foldSeconds + retention.median()));
    System.out.printf(
        "a window of 90 days / a window of 8 days                     %.2f%n",
        window90.median() / window8.median());
  }

  private static Contender contender(String name, List<Metric> metrics) {
    return new Contender(name, metrics, new double[ROUNDS]);
  }

  private static Scope scope(SampleOptions options, int window) {
    TenureConfig config = ConfigLoader.load(CONFIG.formatted(window), "bench", List.of());
    int start = (int) options.start().toEpochDay();
    return new Scope(config, start, start + DAYS - 1);
  }

  private static double addUp(List<byte[]> histories, List<Metric> metrics) {
    long start = System.nanoTime();
    Cells cells = new Cells();
    for (byte[] bytes : histories) {
      History history = History.decode(bytes);
      for (Metric metric : metrics) {
        metric.add(history, cells);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!cells.iterator().hasNext()) {
      throw new IllegalStateException("Nothing was added up");
    }
    return seconds;
  }

  /** The histories of a sample log, and what folding its events took. */
  private static final class Log {
    private static final HistoryShape SHAPE = new HistoryShape(3, false, false);

    private final List<byte[]> histories = new ArrayList<>();
    private final LocalDays days = new LocalDays(ZoneOffset.UTC);
    private final Event event = new Event(3);
    private long events;
    private double foldSeconds;

    static Log of(SampleOptions options) {
      Log log = new Log();
      for (long user = 0; user < options.users(); user++) {
        log.fold(
            SampleUser.events(options, user).stream()
                .filter(row -> row.userId() != null && row.time() != null)
                .filter(row -> row.time().isAfter(java.time.Instant.EPOCH))
                .toList());
      }
      return log;
    }

    private void fold(List<SampleEvent> rows) {
      if (rows.isEmpty()) {
        return;
      }
      long start = System.nanoTime();
      OpenHistory history = new OpenHistory(SHAPE);
      for (SampleEvent row : rows) {
        event.time = row.time().toEpochMilli() * 1_000;
        event.day = days.ofInstant(event.time);
        event.activities = 1;
        event.segments[0] = row.country();
        event.segments[1] = row.platform();
        event.segments[2] = row.plan();
        history.add(event);
      }
      histories.add(history.close().encode());
      foldSeconds += (System.nanoTime() - start) / 1e9;
      events += rows.size();
    }
  }
}
