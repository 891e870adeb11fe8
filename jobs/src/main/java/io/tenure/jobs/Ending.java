package io.tenure.jobs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether the process was told to end while a command runs: by a signal, or by Spark, which ends
 * the process where it knows no better. Spark stops itself then, and the command fails in a way
 * that says nothing of why.
 */
final class Ending {
  /** Seconds that a command has, once Spark stopped, to say how it ended. */
  private static final int PATIENCE = 5;

  private final CountDownLatch said = new CountDownLatch(1);
  private volatile boolean begun;

  /** Watches this process. */
  static Ending ofProcess() {
    Ending ending = new Ending();
    Runtime.getRuntime().addShutdownHook(new Thread(ending::begin, "tenure-ending"));
    return ending;
  }

  private void begin() {
    begun = true;
    try {
      said.await(PATIENCE, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  boolean hasBegun() {
    return begun;
  }

  /** Called when the command has said how it ended. */
  void said() {
    said.countDown();
  }
}
