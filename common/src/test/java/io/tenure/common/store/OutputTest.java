package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.store.Output.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutputTest {
  private static final Consumer<Step> NO_CRASH = step -> {};

  @TempDir Path folder;

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private Output output(Consumer<Step> before) {
    return Output.open(folder.resolve("out").toString(), new Configuration(), before);
  }

  /** Publishes a run whose one table says which run it is of. */
  private Pointer publish(String runId, int keepRuns, Consumer<Step> before) throws IOException {
    Output output = output(before);
    Output.Lock lock = output.lock("test", InstantSource.system());
    try {
      Path table = folder.resolve("out/runs").resolve(runId).resolve("cohorts");
      Files.createDirectories(table);
      Files.writeString(table.resolve("part-0"), runId);
      return output.publish(record(runId), keepRuns);
    } finally {
      lock.close();
    }
  }

  static RunRecord record(String runId) {
    return new RunRecord(
        runId,
        "shop",
        RunRecord.COMPLETE,
        "2024-03-01",
        "2024-01-01",
        null,
        "2024-03-02T00:00:00Z",
        "2024-03-02T00:01:00Z",
        "hash",
        null,
        null,
        null,
        null,
        null,
        Map.of("cohorts", 1L),
        List.of(),
        Map.of(),
        List.of());
  }

  private String throughPointer() throws IOException {
    String runId = output(NO_CRASH).current().orElseThrow().runId();
    return Files.readString(folder.resolve("out/runs/" + runId + "/cohorts/part-0"));
  }

  private String throughLink() throws IOException {
    return Files.readString(folder.resolve("out/current/cohorts/part-0"));
  }

  private List<String> runs() throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve("out/runs"))) {
      return runs.map(run -> run.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_crash_before_any_step_leaves_a_whole_run_to_every_reader(Step crash) throws IOException {
    publish("a", 7, NO_CRASH);

    assertThatThrownBy(
            () ->
                publish(
                    "b",
                    7,
                    step -> {
                      if (step == crash) {
                        throw new Crash();
                      }
                    }))
        .isInstanceOf(Crash.class);

    boolean committed = crash.compareTo(Step.COMMIT) > 0;
    boolean linked = crash.compareTo(Step.LINK) > 0;
    assertThat(throughPointer()).isEqualTo(committed ? "b" : "a");
    assertThat(throughLink()).isEqualTo(linked ? "b" : "a");

    publish("c", 7, NO_CRASH);
    assertThat(throughPointer()).isEqualTo("c");
    assertThat(throughLink()).isEqualTo("c");
    assertThat(runs()).isEqualTo(committed ? List.of("a", "b", "c") : List.of("a", "c"));
  }

  @Test
  void as_many_runs_as_asked_for_are_kept_and_the_oldest_go() throws IOException {
    for (String run : List.of("a", "b", "c", "d")) {
      publish(run, 2, NO_CRASH);
    }
    assertThat(runs()).containsExactly("c", "d");
    assertThat(output(NO_CRASH).current().orElseThrow().runs()).containsExactly("c", "d");
    publish("e", 1, NO_CRASH);
    assertThat(runs()).containsExactly("e");
    assertThat(throughLink()).isEqualTo("e");
    assertThat(output(NO_CRASH).record("e")).isEqualTo(record("e"));
  }

  @Test
  void a_run_id_that_is_taken_gets_a_number() throws IOException {
    assertThat(output(NO_CRASH).freeRunId("a")).isEqualTo("a");
    publish("a", 7, NO_CRASH);
    assertThat(output(NO_CRASH).freeRunId("a")).isEqualTo("a-2");
    publish("a-2", 7, NO_CRASH);
    assertThat(output(NO_CRASH).freeRunId("a")).isEqualTo("a-3");
  }

  @Test
  void one_run_at_a_time_and_the_next_is_told_who_is_there() {
    Output.Lock lock = output(NO_CRASH).lock("process 4711, since noon", InstantSource.system());
    assertThatThrownBy(() -> output(NO_CRASH).lock("another", InstantSource.system()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot lock %s: a run is going on (process 4711, since noon). Wait for it to end, or"
                    .formatted(folder.resolve("out"))
                + " end it.");
    lock.close();
    output(NO_CRASH).lock("another", InstantSource.system()).close();
  }

  @Test
  void a_pointer_that_cannot_be_read_is_named_and_the_lock_given_back() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Path pointer = Files.writeString(folder.resolve("out/_current.json"), "{");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> output(NO_CRASH).lock("test", InstantSource.system()))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("Cannot read file:" + pointer + ": it is no pointer of Tenure (")
          .hasMessageEndingWith("). Restore it, or remove it to begin anew.");
    }
  }

  @Test
  void a_file_system_without_locks_is_locked_all_the_same() throws IOException {
    Output output = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    Output.Lock lock = output.lock("process 4711", InstantSource.system());
    Path unfinished = Files.createDirectories(folder.resolve("out/runs/a/cohorts"));

    Output second = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    assertThatThrownBy(() -> second.lock("another", InstantSource.system()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Cannot lock far:%s/out: a run is going on (process 4711; heard of ".formatted(folder));
    // Nobody sweeps what another one is writing.
    assertThat(unfinished).exists();

    Files.delete(folder.resolve("out/_lock"));
    assertThatThrownBy(() -> output.publish(record("a"), 7)).hasMessageContaining("was removed");
    assertThat(output.current()).isEmpty();
    lock.close();

    Output.Lock next = second.lock("another", InstantSource.system());
    assertThat(unfinished).doesNotExist();
    second.publish(record("b"), 7);
    assertThat(second.current().orElseThrow().runId()).isEqualTo("b");
    assertThat(folder.resolve("out/current")).doesNotExist();
    next.close();
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("_current.json", "runs");
    }
  }
}
