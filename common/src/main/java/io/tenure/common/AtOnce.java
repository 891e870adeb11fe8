package io.tenure.common;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;

/** Things that are done beside one another. */
public final class AtOnce {
  private AtOnce() {}

  /**
   * Does two things, and with the results a third; errors as in {@link #all}.
   *
   * @param doing what is done, as errors call it
   */
  public static <A, B, R> R both(
      String doing, Callable<A> one, Callable<B> other, BiFunction<A, B, R> then) {
    AtomicReference<A> first = new AtomicReference<>();
    AtomicReference<B> second = new AtomicReference<>();
    Map<Integer, Callable<Void>> work = new LinkedHashMap<>();
    work.put(1, () -> keep(first, one.call()));
    work.put(2, () -> keep(second, other.call()));
    all(work.size(), doing, work);
    return then.apply(first.get(), second.get());
  }

  private static <T> Void keep(AtomicReference<T> place, T result) {
    place.set(result);
    return null;
  }

  /**
   * What something failed with that was done by another thread.
   *
   * @throws Error if it was one
   */
  public static RuntimeException failure(ExecutionException done) {
    if (done.getCause() instanceof Error cause) {
      throw cause;
    }
    return done.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(done.getCause());
  }

  /**
   * Does all of it, some at a time, and waits; the first failure, in the order given, ends it.
   *
   * @param threads how many at a time
   * @param doing what is done, as errors call it: "Publishing"
   * @param work by whatever tells one from the other
   * @return the results, in the order of the work
   * @throws UserError of storage, if the wait is interrupted
   */
  public static <K, V> Map<K, V> all(int threads, String doing, Map<K, Callable<V>> work) {
    Map<K, V> results = new LinkedHashMap<>();
    ExecutorService workers = Executors.newFixedThreadPool(Math.max(1, threads));
    try {
      Map<K, Future<V>> pending = new LinkedHashMap<>();
      work.forEach((key, task) -> pending.put(key, workers.submit(task)));
      for (Map.Entry<K, Future<V>> future : pending.entrySet()) {
        results.put(future.getKey(), future.getValue().get());
      }
      return results;
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw UserError.storage(doing + " was interrupted.", e);
    } finally {
      workers.shutdownNow();
      awaitEnd(workers);
    }
  }

  /** What was told to stop may be writing still, where others will write when this has failed. */
  private static void awaitEnd(ExecutorService workers) {
    boolean interrupted = Thread.interrupted();
    try {
      workers.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
