package io.tenure.jobs.cluster;

import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Java process, and all it says: whoever waits for it to say something is told when it does. It
 * ends with the process that started it, at the latest.
 */
final class JvmProcess implements AutoCloseable {
  /** How long anything may take on a machine that is busy with other things. */
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Where all that such processes said is found after the tests. */
  private static final Path LOGS = Path.of("target/cluster-logs");

  private final String name;
  private final Process process;
  private final Thread reader;
  private final Thread killer;
  private final List<String> said = new ArrayList<>();
  private boolean silent;

  private JvmProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = new Thread(this::listen, "output of " + name);
    this.killer = new Thread(this::kill);
    reader.setDaemon(true);
    reader.start();
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts {@code java}.
   *
   * @param directory where it works
   * @param environment added to that of this process
   */
  static JvmProcess start(
      String name, Path directory, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    line.add("@" + Path.of("../conf/jvm.options").toRealPath());
    // They are over, or idle, before an optimising compiler pays.
    line.add("-XX:TieredStopAtLevel=1");
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).directory(directory.toFile());
    builder.environment().putAll(environment);
    return new JvmProcess(name, builder.redirectErrorStream(true).start());
  }

  private void listen() {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        say(line);
      }
    } catch (IOException e) {
      say("(cannot be heard any more: " + e + ")");
    }
    synchronized (said) {
      silent = true;
      said.notifyAll();
    }
  }

  private void say(String line) {
    synchronized (said) {
      said.add(line);
      said.notifyAll();
    }
  }

  /**
   * Waits for lines in which patterns are found, one after the other; fails if it ends before, or
   * takes too long.
   *
   * @return the last one
   */
  Matcher await(String... patterns) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (said) {
      int found = 0;
      for (int next = 0; ; next++) {
        while (next == said.size() && !silent && System.nanoTime() < deadline) {
          TimeUnit.NANOSECONDS.timedWait(said, deadline - System.nanoTime());
        }
        if (next == said.size()) {
          return fail("%s never said '%s':%n%s", name, patterns[found], this);
        }
        Matcher line = Pattern.compile(patterns[found]).matcher(said.get(next));
        if (line.find() && ++found == patterns.length) {
          return line;
        }
      }
    }
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      fail("%s does not end:%n%s", name, this);
    }
    reader.join(PATIENCE.toMillis());
    return process.exitValue();
  }

  /** As {@code kill -9}, and whatever it started, too. */
  void kill() {
    List<ProcessHandle> started = process.descendants().toList();
    process.destroyForcibly();
    started.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
    Runtime.getRuntime().removeShutdownHook(killer);
    try {
      Files.writeString(Files.createDirectories(LOGS).resolve(name + ".log"), this + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All it said, a line a line. */
  @Override
  public String toString() {
    synchronized (said) {
      return String.join("\n", said);
    }
  }
}
