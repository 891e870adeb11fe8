package io.tenure.common.store;

import io.tenure.common.AtOnce;
import io.tenure.common.UserError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Rows that a thread of their own reads, some thousand ahead of whoever takes them. */
final class ReadAhead implements TableReader.Rows {
  private static final int BATCH = 1_024;
  private static final int BATCHES = 8;

  private final TableReader.Rows rows;
  private final ExecutorService reader = Executors.newSingleThreadExecutor(ReadAhead::thread);
  private final Deque<Future<List<Object[]>>> ahead = new ArrayDeque<>();
  private List<Object[]> batch = List.of();
  private int at;
  private boolean ended;

  ReadAhead(TableReader.Rows rows) {
    this.rows = rows;
    for (int number = 0; number < BATCHES; number++) {
      ahead.add(reader.submit(this::read));
    }
  }

  /** No process waits for it: rows may never be asked for to their end, nor closed. */
  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "read-ahead");
    thread.setDaemon(true);
    return thread;
  }

  /** The next rows; none after the last. */
  private List<Object[]> read() {
    List<Object[]> some = new ArrayList<>(BATCH);
    while (some.size() < BATCH && rows.hasNext()) {
      some.add(rows.next());
    }
    return some;
  }

  @Override
  public boolean hasNext() {
    if (at == batch.size() && !ended) {
      batch = taken(ahead.remove());
      at = 0;
      ended = batch.isEmpty();
      if (!ended) {
        ahead.add(reader.submit(this::read));
      }
    }
    return at < batch.size();
  }

  private List<Object[]> taken(Future<List<Object[]>> some) {
    try {
      return some.get();
    } catch (ExecutionException e) {
      close();
      throw AtOnce.failure(e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw UserError.storage("Reading a table was interrupted.", e);
    }
  }

  @Override
  public Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return batch.get(at++);
  }

  /** The rows are closed by the thread that reads them, when it comes to it. */
  @Override
  public void close() {
    if (!reader.isShutdown()) {
      reader.submit(rows::close);
      reader.shutdown();
    }
    ended = true;
    batch = List.of();
    at = 0;
  }
}
