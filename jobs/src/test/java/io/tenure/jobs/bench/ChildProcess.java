package io.tenure.jobs.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process that has ended, and what the system said of it while it ran. A figure is as old as the
 * last look at it: at most {@link #LOOK_MILLIS}.
 *
 * @param peakBytes the high-water mark of its resident memory; 0 where there is no {@code /proc}
 * @param workSeconds what the process itself says; NaN if it says nothing
 */
record ChildProcess(double seconds, double cpuSeconds, long peakBytes, double workSeconds) {
  private static final long LOOK_MILLIS = 20;

  /**
   * Runs a command to its end.
   *
   * @param log where its output goes
   * @throws IllegalStateException if it fails
   */
  static ChildProcess run(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    long start = System.nanoTime();
    Process process = builder.start();
    Thread kill = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(kill);
    long peak = 0;
    Duration cpu = Duration.ZERO;
    try {
      while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = Math.max(peak, residentPeak(process.pid()));
        cpu = process.info().totalCpuDuration().orElse(cpu);
      }
    } finally {
      process.destroy();
      Runtime.getRuntime().removeShutdownHook(kill);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "exit %d of %s%n%s"
              .formatted(process.exitValue(), String.join(" ", command), Files.readString(log)));
    }
    return new ChildProcess(seconds, cpu.toNanos() / 1e9, peak, workSeconds(log));
  }

  Measured measured(Long shuffleBytes) {
    return new Measured(seconds, cpuSeconds, workSeconds, peakBytes, shuffleBytes);
  }

  private static long residentPeak(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      return 0; // it has just ended, or this system has no /proc
    }
    return 0;
  }

  private static double workSeconds(Path log) throws IOException {
    for (String line : Files.readAllLines(log)) {
      if (line.startsWith(PeerProcess.WORK)) {
        return Double.parseDouble(line.substring(PeerProcess.WORK.length()));
      }
    }
    return Double.NaN;
  }
}
