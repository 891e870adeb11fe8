package io.tenure.jobs.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;

/** Every id is a user, and the same one each time. */
class UserIndexTest {
  private static final int NOWHERE = -1;

  private final UserIndex index = new UserIndex();
  private final EventBatch batch = new EventBatch(0);

  private int[] find(List<String> ids) {
    ids.forEach(id -> batch.append(UTF8String.fromString(id), null, NOWHERE));
    index.find(batch);
    int[] users = Arrays.copyOf(batch.users, ids.size());
    batch.clear();
    return users;
  }

  private String key(int user) {
    return new String(index.key(user), StandardCharsets.UTF_8);
  }

  @Test
  void ids_of_all_lengths_whichever_comes_first() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    List<String> ids = new ArrayList<>();
    for (int length = 1; length < 200; length++) {
      ids.add("x".repeat(length));
      ids.add("x".repeat(length - 1) + "y");
    }
    Collections.shuffle(ids, new Random(seed));
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (String id : ids) {
      // One at a time: the table is laid out anew for longer ids, under those that are in it.
      numbers.put(id, find(List.of(id))[0]);
    }
    assertThat(numbers.values()).as("seed %d", seed).doesNotHaveDuplicates();
    int[] again = find(ids);
    for (int at = 0; at < again.length; at++) {
      assertThat(again[at]).as("seed %d", seed).isEqualTo(numbers.get(ids.get(at)));
      assertThat(key(again[at])).as("seed %d", seed).isEqualTo(ids.get(at));
    }
  }

  @Test
  void ids_that_differ_in_zeros_and_what_looks_like_a_length() {
    List<String> ids = new ArrayList<>();
    for (String start : List.of("a", "ab", "abcdefg", "abcdefgh")) {
      for (int zeros = 0; zeros < 12; zeros++) {
        ids.add(start + "\0".repeat(zeros));
        for (char last = 1; last < 20; last++) {
          ids.add(start + "\0".repeat(zeros) + last);
        }
      }
    }
    List<Integer> users = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += EventBatch.CAPACITY) {
      List<String> some = ids.subList(from, Math.min(ids.size(), from + EventBatch.CAPACITY));
      for (int user : find(some)) {
        users.add(user);
      }
    }
    assertThat(users).doesNotHaveDuplicates().hasSize(ids.size());
    for (int at = 0; at < ids.size(); at++) {
      assertThat(key(users.get(at))).isEqualTo(ids.get(at));
    }
  }

  @Test
  void many_more_than_there_are_slots_at_first() {
    int batches = 100;
    for (int round = 0; round < 2; round++) {
      for (int number = 0; number < batches; number++) {
        List<String> ids = new ArrayList<>();
        for (int at = 0; at < EventBatch.CAPACITY; at++) {
          ids.add("user-" + (number * EventBatch.CAPACITY + at));
        }
        int[] users = find(ids);
        for (int at = 0; at < users.length; at++) {
          assertThat(users[at]).isEqualTo(number * EventBatch.CAPACITY + at);
        }
      }
    }
    assertThat(index.size()).isEqualTo(batches * EventBatch.CAPACITY);
    assertThat(index.hasRoom()).isTrue();
  }

  @Test
  void there_is_room_for_as_many_as_an_array_holds_of_the_longest() {
    // With a million more, twice 32,505,856 are the first for which there are 2^27 slots of 16.
    assertThat(UserIndex.hasRoom(32_505_855)).isTrue();
    assertThat(UserIndex.hasRoom(32_505_856)).isFalse();
    assertThat(UserIndex.hasRoom(Integer.MAX_VALUE)).isFalse();
  }
}
