package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows read ahead are those that are read, up to what goes wrong. */
@Timeout(60)
class ReadAheadTest {
  /** The numbers from 0; perhaps something goes wrong behind them. */
  private static final class Numbers implements TableReader.Rows {
    private final CountDownLatch closed = new CountDownLatch(1);
    private final int size;
    private final Throwable failure;
    private int next;

    Numbers(int size, Throwable failure) {
      this.size = size;
      this.failure = failure;
    }

    @Override
    public boolean hasNext() {
      return next < size || failure != null;
    }

    @Override
    public Object[] next() {
      if (next < size) {
        return new Object[] {next++};
      }
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_023, 1_024, 1_025, 20_000})
  void all_rows_come_in_their_order(int size) throws InterruptedException {
    Numbers numbers = new Numbers(size, null);
    ReadAhead ahead = new ReadAhead(numbers);
    List<Object> read = new ArrayList<>();
    while (ahead.hasNext()) {
      read.add(ahead.next()[0]);
    }
    assertThat(read).hasSize(size);
    for (int at = 0; at < size; at++) {
      assertThat(read.get(at)).isEqualTo(at);
    }
    assertThatThrownBy(ahead::next).isInstanceOf(NoSuchElementException.class);
    ahead.close();
    assertThat(numbers.closed.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void what_goes_wrong_is_told_and_nothing_after_it() throws InterruptedException {
    for (Throwable failure : List.of(new IllegalStateException("torn"), new StackOverflowError())) {
      Numbers numbers = new Numbers(3_000, failure);
      ReadAhead ahead = new ReadAhead(numbers);
      assertThatThrownBy(
              () -> {
                while (ahead.hasNext()) {
                  ahead.next();
                }
              })
          .isSameAs(failure);
      assertThat(ahead.hasNext()).isFalse();
      assertThat(numbers.closed.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void rows_that_nobody_wants_any_more_are_closed() throws InterruptedException {
    Numbers numbers = new Numbers(Integer.MAX_VALUE, null);
    ReadAhead ahead = new ReadAhead(numbers);
    assertThat(ahead.next()).containsExactly(0);
    ahead.close();
    ahead.close();
    assertThat(ahead.hasNext()).isFalse();
    assertThat(numbers.closed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(numbers.next).as("read ahead").isLessThan(100_000);
  }
}
