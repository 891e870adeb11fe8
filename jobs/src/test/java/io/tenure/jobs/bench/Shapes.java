package io.tenure.jobs.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Full runs of Tenure on logs of other shapes, each beside the plain log: there is no cliff. */
final class Shapes {
  private static final String PLAIN = "plain";

  /** The share of the plain log's events that the skewed one adds, all of one user. */
  private static final double HEAVY = 0.1;

  private final Settings settings;
  private final Launcher launcher;
  private final PrintStream progress;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();

  /** One shape. */
  record Shape(BenchLog log, int activities, int funnels, Rounds rounds) {
    double secondsAnEvent() {
      return rounds.seconds() / log.events();
    }
  }

  Shapes(Settings settings, Launcher launcher, PrintStream progress) {
    this.settings = settings;
    this.launcher = launcher;
    this.progress = progress;
  }

  void run() throws Exception {
    LogSpec plain = settings.log();
    BenchLog log = BenchLog.of(settings.logs(), plain);
    long heavy = Math.max(1, Math.round(HEAVY * log.events() / plain.days()));
    shapes.put(PLAIN, new Shape(log, 0, 0, new Rounds()));
    add(
        "%d files a day".formatted(LogSpec.FILES_A_DAY),
        plain.withLayout(LogSpec.Layout.MANY_FILES));
    add("one file", plain.withLayout(LogSpec.Layout.ONE_FILE));
    add("one user with 9 % of the events", plain.withHeavyUser(heavy));
    add("one segment value", plain.withCountries(1));
    add("1,000 segment values", plain.withCountries(1000));
    shapes.put("50 activities", new Shape(log, 50, 0, new Rounds()));
    shapes.put("10 funnels of 5 steps", new Shape(log, 50, 10, new Rounds()));
    for (int round = 0; round < settings.rounds(); round++) {
      for (Map.Entry<String, Shape> shape : shapes.entrySet()) {
        Measured measured = measure(shape.getValue());
        shape.getValue().rounds().add(measured);
        progress.printf(
            Locale.ROOT,
            "  %-34s %8.1f s %8.1f s CPU%n",
            shape.getKey() + ", round " + (round + 1),
            measured.seconds(),
            measured.cpuSeconds());
      }
    }
  }

  private void add(String name, LogSpec spec) throws Exception {
    shapes.put(name, new Shape(BenchLog.of(settings.logs(), spec), 0, 0, new Rounds()));
  }

  private Measured measure(Shape shape) throws Exception {
    shape.log().warm();
    Path folder = settings.work("shape");
    LogSpec spec = shape.log().spec();
    TenureRun run =
        TenureRun.prepare(
            folder, shape.log().path(), spec.layout(), shape.activities(), shape.funnels());
    return launcher.tenure(run, spec.last(), true, settings.limits(), null);
  }

  /** The names of the shapes, the plain one first. */
  List<String> names() {
    return new ArrayList<>(shapes.keySet());
  }

  Shape shape(String name) {
    return shapes.get(name);
  }

  /** Seconds an event, against those of the plain log. */
  double ratio(String name) {
    return shapes.get(name).secondsAnEvent() / shapes.get(PLAIN).secondsAnEvent();
  }
}
