package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run at a time on a file system without locks. */
class LeaseLockTest {
  private static final Instant NOON = Instant.parse("2024-03-01T12:00:00Z");

  @TempDir Path folder;
  private Instant now = NOON;

  /** What passes between one look at the clock and the next. */
  private Duration perLook = Duration.ZERO;

  private LeaseLock take(String owner) throws IOException {
    return take(owner, Duration.ZERO);
  }

  private LeaseLock take(String owner, Duration settlesIn) throws IOException {
    return LeaseLock.take(
        Storage.of(FarDisk.at(folder), FarDisk.hadoop()),
        FarDisk.at(folder.resolve("out/_lock")),
        owner,
        () -> now = now.plus(perLook),
        settlesIn);
  }

  private Path file() {
    return folder.resolve("out/_lock");
  }

  @Test
  void who_comes_second_is_told_who_is_there_how_old_and_what_to_do() throws IOException {
    LeaseLock lock = take("process 4711 on host a");
    now = NOON.plusSeconds(70);
    assertThatThrownBy(() -> take("another"))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot lock far:%1$s/out: a run is going on (process 4711 on host a; heard of 70 s ago)."
                    .formatted(folder)
                + " Wait for it to end, or end it: its lock far:%s/out/_lock is taken over 5 minutes"
                    .formatted(folder)
                + " after it was last heard of.");
    lock.requireHeld();
    lock.close();
    assertThat(file()).doesNotExist();
    take("another").close();
  }

  @Test
  void a_lock_is_left_behind_five_minutes_after_its_last_renewal_and_no_sooner()
      throws IOException {
    LeaseLock lost = take("lost");
    now = NOON.plusSeconds(240);
    lost.renew();
    now = NOON.plusSeconds(540);
    assertThatThrownBy(() -> take("heir")).hasMessageContaining("(lost; heard of 300 s ago)");
    now = NOON.plusSeconds(541);

    LeaseLock heir = take("heir");

    heir.requireHeld();
    // Suspended, not dead: it wakes up, and must neither publish nor take the lock back or away.
    assertThatThrownBy(lost::requireHeld)
        .hasMessage(
            "The lock far:%s/out/_lock was taken over by heir while this run went on. Nothing was"
                    .formatted(folder)
                + " published; run again.");
    assertThatThrownBy(lost::renew).isInstanceOf(UserError.class);
    lost.close();
    heir.requireHeld();
    heir.close();
  }

  /** Its lease may have come after that of an heir who was there and is gone. */
  @Test
  void who_was_suspended_while_renewing_holds_nothing_any_more() throws IOException {
    LeaseLock lock = take("suspended");
    perLook = Duration.ofMinutes(3);
    lock.renew();
    perLook = Duration.ZERO;
    assertThatThrownBy(lock::requireHeld)
        .hasMessageContaining("was not renewed for too long while this run went on. Nothing was");
    lock.close();
    take("another").close();
  }

  @Test
  void a_lock_is_given_back_though_hadoop_has_closed_its_file_systems() throws IOException {
    LeaseLock lock = take("told to end");
    FarDisk.closeAllOpen();
    lock.close();
    assertThat(file()).doesNotExist();
  }

  @Test
  void a_lock_that_was_removed_is_not_held_any_more() throws IOException {
    LeaseLock lock = take("a");
    Files.delete(file());
    assertThatThrownBy(lock::requireHeld)
        .hasMessageContaining("was removed while this run went on. Nothing was published");
    lock.close();
  }

  @Test
  void a_lock_that_is_being_written_is_taken_until_its_file_is_old() throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "");
    now = Files.getLastModifiedTime(file()).toInstant().plusSeconds(10);
    assertThatThrownBy(() -> take("a")).hasMessageContaining("(it does not say who; heard of 10 s");
    now = now.plusSeconds(300);
    take("a").close();
  }

  @Test
  void of_many_that_come_at_once_one_gets_it() throws Exception {
    assertThat(winners(Duration.ZERO)).hasSize(1);
    // Taking over is no single step of the store: all write, the last one holds it.
    Files.writeString(
        file(),
        "{\"owner\": \"dead\", \"token\": \"x\", \"renewed_at\": \"2024-03-01T11:00:00Z\"}");
    assertThat(winners(LeaseLock.SETTLES_IN)).hasSize(1);
  }

  /** Both find it left behind before either has written. */
  @Test
  void of_two_that_take_over_the_last_to_write_holds_it() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(
        file(),
        "{\"owner\": \"dead\", \"token\": \"x\", \"renewed_at\": \"2024-03-01T11:00:00Z\"}");
    CyclicBarrier bothLooked = new CyclicBarrier(2);
    CyclicBarrier firstWrote = new CyclicBarrier(2);
    ExecutorService pool = Executors.newFixedThreadPool(2);
    List<Future<LeaseLock>> taking = new ArrayList<>();
    for (String owner : List.of("first", "last")) {
      AtomicInteger looks = new AtomicInteger();
      InstantSource clock =
          () -> {
            int look = looks.incrementAndGet();
            if (look == 2) { // the first was at the lease to be created
              await(bothLooked);
            } else if (look == 3 && owner.equals("last")) {
              await(firstWrote);
            }
            return NOON;
          };
      Storage storage = Storage.of(FarDisk.at(folder), FarDisk.hadoop());
      taking.add(
          pool.submit(
              () ->
                  LeaseLock.take(
                      storage, FarDisk.at(file()), owner, clock, Duration.ofSeconds(2))));
    }
    while (!written().contains("first")) {
      Thread.sleep(5);
    }
    await(firstWrote);
    List<LeaseLock> winners = new ArrayList<>();
    List<Throwable> losers = new ArrayList<>();
    for (Future<LeaseLock> each : taking) {
      try {
        winners.add(each.get());
      } catch (ExecutionException e) {
        losers.add(e.getCause());
      }
    }
    pool.shutdown();
    assertThat(winners).hasSize(1);
    assertThat(losers)
        .singleElement()
        .isInstanceOfSatisfying(
            UserError.class, e -> assertThat(e).hasMessageContaining("a run is going on (last;"));
    winners.get(0).requireHeld();
    winners.get(0).close();
  }

  /** What the lock says; nothing, while it is being replaced. */
  private String written() throws IOException {
    try {
      return Files.readString(file());
    } catch (NoSuchFileException e) {
      return "";
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<LeaseLock> winners(Duration settlesIn) throws Exception {
    int comers = 8;
    ExecutorService pool = Executors.newFixedThreadPool(comers);
    CountDownLatch all = new CountDownLatch(comers);
    List<Future<LeaseLock>> taking = new ArrayList<>();
    for (int comer = 0; comer < comers; comer++) {
      String owner = "comer " + comer;
      taking.add(
          pool.submit(
              () -> {
                all.countDown();
                all.await();
                try {
                  return take(owner, settlesIn);
                } catch (UserError taken) {
                  return null;
                }
              }));
    }
    List<LeaseLock> winners = new ArrayList<>();
    for (Future<LeaseLock> lock : taking) {
      if (lock.get() != null) {
        winners.add(lock.get());
      }
    }
    pool.shutdown();
    winners.forEach(LeaseLock::requireHeld);
    winners.forEach(LeaseLock::close);
    return winners;
  }
}
