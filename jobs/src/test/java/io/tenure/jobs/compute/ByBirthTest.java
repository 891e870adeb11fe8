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
  private static InternalRow stored(int firstDay, int days) {
    OpenHistory open = new OpenHistory(new HistoryShape(0, false, false));
    for (int day = 0; day < days; day++) {
      Event event = new Event(0);
      event.day = firstDay + day;
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
      users.add(stored(user % 1_000 - 500, 2));
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

  @Test
  void long_histories_are_held_until_they_take_sixteen_megabytes() {
    List<InternalRow> ten = new ArrayList<>();
    for (int user = 0; user < 10; user++) {
      ten.add(stored(user, 40_000));
    }
    // 40,000 days take 40,008 bytes: the 420th user makes it 16,803,360, above 16,777,216.
    assertThat(ten.get(9).getBinary(0)).hasSize(40_008);
    List<InternalRow> users = new ArrayList<>();
    for (int times = 0; times < 50; times++) {
      users.addAll(ten);
    }
    List<Integer> births = new ArrayList<>();
    new ByBirth(users.iterator())
        .forEachRemaining(history -> births.add(History.firstDay(history)));
    assertThat(births).hasSize(500);
    assertThat(births.subList(0, 420)).isSorted().endsWith(9);
    assertThat(births.subList(420, 500)).isSorted().startsWith(0);
  }
}
