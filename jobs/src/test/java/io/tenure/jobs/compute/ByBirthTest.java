package io.tenure.jobs.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.history.Event;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.junit.jupiter.api.Test;

class ByBirthTest {
  private static InternalRow stored(int firstDay) {
    OpenHistory open = new OpenHistory(new HistoryShape(0, false, false));
    for (int day : new int[] {firstDay + 1, firstDay}) {
      Event event = new Event(0);
      event.day = day;
      event.activities = 1;
      open.add(event);
    }
    return new GenericInternalRow(new Object[] {open.close().encode()});
  }

  @Test
  void more_users_than_fit_come_each_once_and_most_in_the_order_of_their_births() {
    List<InternalRow> users = new ArrayList<>();
    int count = (1 << 16) + 100;
    for (int user = 0; user < count; user++) {
      users.add(stored(user % 1_000 - 500));
    }
    List<Integer> births = new ArrayList<>();
    new ByBirth(users.iterator())
        .forEachRemaining(history -> births.add(History.decode(history).day(0)));
    assertThat(births).hasSize(count);
    assertThat(births.subList(0, 1 << 16)).isSorted();
    assertThat(births.subList(1 << 16, count)).isSorted();
    assertThat(births.stream().filter(birth -> birth == -500).count()).isEqualTo(66);
    assertThat(births.stream().mapToLong(birth -> birth).sum())
        .isEqualTo(users.stream().mapToLong(row -> History.firstDay(row.getBinary(0))).sum());
  }
}
