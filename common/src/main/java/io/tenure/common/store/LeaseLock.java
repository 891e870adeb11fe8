package io.tenure.common.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tenure.common.UserError;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;

/**
 * One run per output at a time, where the file system has no locks of its own: the file {@code
 * _lock}, which its holder renews every {@link #RENEWED_EVERY}. A lock not renewed for {@link
 * #LEFT_BEHIND_AFTER} was left behind by a process that is gone, and is taken over. So the clocks
 * of the machines that run on one output must agree to some minutes.
 *
 * <p>Where the store creates files exclusively (HDFS; S3A with conditional writes), whoever creates
 * the file holds the lock. Elsewhere, and when taking over, the last of several that write the file
 * within {@link #SETTLES_IN} holds it: each waits as long, then looks whose it is.
 *
 * <p>A holder that was suspended for longer than the limit may have lost the lock without noticing.
 * It is asked before every step that others see, and stops then.
 */
final class LeaseLock implements Lock {
  static final Duration RENEWED_EVERY = Duration.ofSeconds(30);
  static final Duration LEFT_BEHIND_AFTER = Duration.ofMinutes(5);
  static final Duration SETTLES_IN = Duration.ofSeconds(5);

  private final Storage storage;
  private final Path file;
  private final String owner;
  private final String token;
  private final InstantSource clock;
  private final ScheduledExecutorService heartbeat;

  /** Whether a renewal may have been written over the lease of a successor. */
  private volatile boolean lost;

  private LeaseLock(Storage storage, Path file, String owner, InstantSource clock) {
    this.storage = storage;
    this.file = file;
    this.owner = owner;
    this.token = UUID.randomUUID().toString();
    this.clock = clock;
    this.heartbeat =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "lock of " + file);
              thread.setDaemon(true); // a process that ends does not wait for its locks
              return thread;
            });
  }

  /**
   * Takes the lock.
   *
   * @param owner who takes it, for whoever finds it taken
   * @param settlesIn how long writes of others may be on their way
   * @throws UserError of storage, if someone else holds it
   */
  static LeaseLock take(
      Storage storage, Path file, String owner, InstantSource clock, Duration settlesIn) {
    LeaseLock lock = new LeaseLock(storage, file, owner, clock);
    try {
      lock.take(settlesIn);
      long period = RENEWED_EVERY.toMillis();
      lock.heartbeat.scheduleAtFixedRate(lock::beat, period, period, TimeUnit.MILLISECONDS);
      return lock;
    } catch (RuntimeException e) {
      lock.heartbeat.shutdownNow();
      throw e;
    }
  }

  private void take(Duration settlesIn) {
    boolean exclusive = storage.createsExclusively(file);
    if (exclusive && storage.create(file, lease())) {
      return;
    }
    Optional<Lease> held = lease(file);
    if (held.isPresent() && !isLeftBehind(held.get())) {
      throw taken(held.get());
    }
    storage.replace(file, "." + token, lease());
    try {
      settle(settlesIn);
    } catch (UserError e) {
      release();
      throw e;
    }
    Optional<Lease> last = lease(file).filter(lease -> !isMine(lease));
    if (last.isPresent()) {
      throw taken(last.get());
    }
  }

  private static void settle(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UserError.storage("Locking was interrupted.", e);
    }
  }

  private Lease lease() {
    return new Lease(owner, token, clock.instant().toString());
  }

  /** The lease in a file; what cannot be read is as old as the file. */
  private Optional<Lease> lease(Path path) {
    return lease(storage, path);
  }

  private static Optional<Lease> lease(Storage storage, Path path) {
    try {
      return storage.find(path, Lease.class);
    } catch (JsonProcessingException e) {
      return storage
          .modified(path)
          .map(time -> new Lease("it does not say who", "", Instant.ofEpochMilli(time).toString()));
    }
  }

  private Duration age(Lease held) {
    return Duration.between(Instant.parse(held.renewedAt()), clock.instant());
  }

  private boolean isLeftBehind(Lease held) {
    return age(held).compareTo(LEFT_BEHIND_AFTER) > 0;
  }

  private UserError taken(Lease held) {
    return UserError.storage(
        ("Cannot lock %s: a run is going on (%s; heard of %d s ago). Wait for it to end, or end it:"
                + " its lock %s is taken over %d minutes after it was last heard of.")
            .formatted(
                file.getParent(),
                held.owner(),
                Math.max(0, age(held).toSeconds()),
                file,
                LEFT_BEHIND_AFTER.toMinutes()),
        null);
  }

  /** Says that the holder is still there; a store that fails now is asked again next time. */
  private void beat() {
    try {
      renew();
    } catch (RuntimeException e) {
      // Thrown on, it would end the renewals. The next step that others see asks again, and tells.
    }
  }

  /** Says that the holder is still there. */
  void renew() {
    Instant asked = clock.instant();
    requireHeld();
    storage.replace(file, "." + token, lease());
    // Suspended since it was asked, the file may have been another one's when it was written.
    lost |= Duration.between(asked, clock.instant()).compareTo(LEFT_BEHIND_AFTER) > 0;
  }

  @Override
  public void requireHeld() {
    String holder = lease(file).map(held -> isMine(held) ? token : held.owner()).orElse(null);
    if (lost || !token.equals(holder)) {
      String what = holder == null ? "removed" : "taken over by " + holder;
      throw UserError.storage(
          "The lock %s was %s while this run went on. Nothing was published; run again."
              .formatted(file, lost ? "not renewed for too long" : what),
          null);
    }
  }

  private boolean isMine(Lease held) {
    return held.token().equals(token);
  }

  @Override
  public void close() {
    heartbeat.shutdown();
    try {
      // A last renewal on its way would bring back the file that is removed next.
      heartbeat.awaitTermination(RENEWED_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    release();
  }

  private void release() {
    try {
      release(storage);
    } catch (UserError e) {
      // Hadoop closes its file systems when the process is told to end, maybe before this.
      storage.anew(this::release);
    }
  }

  private void release(Storage store) {
    if (lease(store, file).filter(this::isMine).isPresent()) {
      store.delete(file);
    }
  }
}
