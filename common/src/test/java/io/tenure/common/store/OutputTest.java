package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tenure.common.UserError;
import io.tenure.common.store.Output.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {
  private static final String A = "20240301T040000Z";
  private static final String B = "20240302T040000Z";
  private static final String C = "20240303T040000Z";
  private static final String C2 = "20240304T040000Z";
  private static final String C3 = "20240305T040000Z";
  private static final String D = "20240306T040000Z";
  private static final String D2 = "20240307T040000Z";
  private static final String E = "20240308T040000Z";

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
    HeldOutput held = output.lock("test", InstantSource.system());
    try {
      Path table = folder.resolve("out/runs").resolve(runId).resolve("cohorts");
      Files.createDirectories(table);
      Files.writeString(table.resolve("part-0"), runId);
      return publish(held, record(runId), keepRuns);
    } finally {
      held.close();
    }
  }

  /** Publishes a run, and keeps so many. */
  static Pointer publish(HeldOutput held, RunRecord record, int keepRuns) {
    return held.publish(record, held.output().keptBeside(record, keepRuns, Set.of()));
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
    publish(A, 7, NO_CRASH);

    assertThatThrownBy(() -> publish(B, 7, crashBefore(crash))).isInstanceOf(Crash.class);

    boolean committed = crash.compareTo(Step.COMMIT) > 0;
    boolean linked = crash.compareTo(Step.LINK) > 0;
    assertThat(throughPointer()).isEqualTo(committed ? B : A);
    assertThat(throughLink()).isEqualTo(linked ? B : A);

    publish(C, 7, NO_CRASH);
    assertThat(throughPointer()).isEqualTo(C);
    assertThat(throughLink()).isEqualTo(C);
    assertThat(runs()).isEqualTo(committed ? List.of(A, B, C) : List.of(A, C));
  }

  @Test
  void as_many_runs_as_asked_for_are_kept_and_the_oldest_go() throws IOException {
    for (String run : List.of(A, B, C, D)) {
      publish(run, 2, NO_CRASH);
    }
    assertThat(runs()).containsExactly(C, D);
    assertThat(output(NO_CRASH).current().orElseThrow().runs()).containsExactly(C, D);
    publish(E, 1, NO_CRASH);
    assertThat(runs()).containsExactly(E);
    assertThat(throughLink()).isEqualTo(E);
    assertThat(output(NO_CRASH).record(E)).isEqualTo(record(E));
  }

  private static RunRecord record(String runId, String base, String asOf, long files) {
    return new RunRecord(
        runId,
        "shop",
        RunRecord.COMPLETE,
        asOf,
        "2024-01-01",
        null,
        "2024-03-02T00:00:00Z",
        "2024-03-02T00:01:00Z",
        "hash",
        new RunRecord.Input("events", 3, 30, "listing"),
        new RunRecord.Reading(RunRecord.INCREMENTAL, "", files, List.of(), base),
        null,
        null,
        null,
        Map.of(),
        List.of(),
        Map.of("tenure", "1"),
        List.of());
  }

  private List<String> publish(RunRecord record) throws IOException {
    Files.createDirectories(folder.resolve("out/runs").resolve(record.runId()));
    Output output = output(NO_CRASH);
    try (HeldOutput held = output.lock("test", InstantSource.system())) {
      held.requireHeld();
      return publish(held, record, 3).runs();
    }
  }

  /** A scheduler that tries again does not push out the days before. */
  @Test
  void runs_that_a_later_one_only_repeats_go_first() throws IOException {
    publish(record(A, null, "2024-03-01", 1));
    publish(record(B, A, "2024-03-02", 1));
    publish(record(C, B, "2024-03-03", 1));
    assertThat(publish(record(C2, C, "2024-03-03", 0))).containsExactly(A, B, C2);
    assertThat(publish(record(C3, C2, "2024-03-03", 0))).containsExactly(A, B, C3);
    // Another day, or something read, is something new to say.
    assertThat(publish(record(D, C3, "2024-03-04", 0))).containsExactly(B, C3, D);
    assertThat(publish(record(D2, D, "2024-03-04", 1))).containsExactly(C3, D, D2);
    assertThat(runs()).containsExactly(C3, D, D2);
  }

  @Test
  void only_what_is_the_same_in_all_that_decides_is_a_repetition() throws IOException {
    RunRecord run = record(A, null, "2024-03-01", 1);
    RunRecord again = record(B, A, "2024-03-01", 0);
    assertThat(again.repeats(run)).isTrue();
    assertThat(run.repeats(again)).isFalse();
    assertThat(record(B, C, "2024-03-01", 0).repeats(run)).isFalse();
    ObjectMapper json = new ObjectMapper();
    for (String other :
        List.of(
            "{\"versions\": {\"tenure\": \"2\"}}",
            "{\"input\": {\"path\": \"events\", \"files\": 3, \"bytes\": 30, \"listing_hash\": \"other\"}}",
            "{\"erased\": {\"users\": 1, \"list_hash\": \"x\"}}",
            "{\"reading\": {\"mode\": \"full\", \"why\": \"\", \"files\": 0, \"days\": [], \"base\": \"a\"}}",
            "{\"reading\": {\"mode\": \"incremental\", \"why\": \"\", \"files\": 0, \"days\": [\"2024-03-01/2024-03-01\"], \"base\": \"a\"}}")) {
      ObjectNode changed = json.valueToTree(again);
      changed.setAll((ObjectNode) json.readTree(other));
      assertThat(json.treeToValue(changed, RunRecord.class).repeats(run)).as(other).isFalse();
    }
  }

  @Test
  void a_run_id_that_is_taken_gets_a_number() throws IOException {
    assertThat(output(NO_CRASH).freeRunId(A)).isEqualTo(A);
    publish(A, 7, NO_CRASH);
    assertThat(output(NO_CRASH).freeRunId(A)).isEqualTo(A + "-2");
    publish(A + "-2", 7, NO_CRASH);
    assertThat(output(NO_CRASH).freeRunId(A)).isEqualTo(A + "-3");
  }

  @Test
  void what_is_published_is_not_changed_by_who_was_making_it() throws IOException {
    Output late = output(NO_CRASH);
    late.lock("late", InstantSource.system()).close();
    publish(A, 7, NO_CRASH);
    try (HeldOutput held = late.lock("late", InstantSource.system())) {
      assertThatThrownBy(() -> held.dropTable(A, "cohorts"))
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.STORAGE))
          .hasMessage(
              "Run %s is published already, by another process. Nothing of it was changed; run again."
                  .formatted(A));
      assertThatThrownBy(() -> held.dropProtected(A)).hasMessageContaining("published already");
      held.requireHeld();
    }
    assertThat(throughLink()).isEqualTo(A);
  }

  @Test
  void who_lost_the_lock_changes_nothing_of_a_run() throws IOException {
    Output late = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    Path table = folder.resolve("out/runs").resolve(A).resolve("cohorts");
    HeldOutput held = late.lock("late", InstantSource.system());
    Files.createDirectories(table);
    Files.delete(folder.resolve("out/_lock"));
    assertThatThrownBy(() -> held.dropTable(A, "cohorts")).hasMessageContaining("removed");
    held.close();
    assertThat(table).exists();
  }

  @ParameterizedTest
  @EnumSource(names = {"WRITE_RECORD", "COMMIT"})
  void who_loses_the_lock_while_publishing_leaves_readers_the_run_before(Step when)
      throws IOException {
    String out = FarDisk.at(folder.resolve("out")).toString();
    Output first = Output.open(out, FarDisk.hadoop());
    try (HeldOutput held = first.lock("first", InstantSource.system())) {
      publish(held, record(A), 7);
      held.requireHeld();
    }
    Output late =
        Output.open(
            out,
            FarDisk.hadoop(),
            step -> {
              if (step == when) {
                delete(folder.resolve("out/_lock"));
              }
            });
    HeldOutput held = late.lock("late", InstantSource.system());
    assertThatThrownBy(() -> publish(held, record(B), 7)).hasMessageContaining("was removed");
    held.close();
    assertThat(first.current().orElseThrow().runId()).isEqualTo(A);
  }

  @Test
  void who_has_lost_the_lock_does_not_even_begin_to_publish() throws IOException {
    Output late = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    HeldOutput held = late.lock("late", InstantSource.system());
    publish(held, record(A), 7);
    Files.createDirectories(folder.resolve("out/runs").resolve(B));
    Files.delete(folder.resolve("out/_lock"));
    assertThatThrownBy(() -> publish(held, record(B), 7)).hasMessageContaining("was removed");
    held.close();
    assertThat(folder.resolve("out/runs").resolve(B)).isEmptyDirectory();
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without power, what was not forced to the disk may be gone, and what came after it there. */
  @Test
  void a_run_and_its_name_are_on_the_disk_before_the_pointer_is() throws IOException {
    publish(A, 7, NO_CRASH);
    Path dump = folder.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdk.FileForce").withoutThreshold();
      recording.start();
      publish(B, 7, NO_CRASH);
      recording.stop();
      recording.dump(dump);
    }
    Path out = folder.resolve("out");
    Path run = out.resolve("runs").resolve(B);
    List<String> forced =
        RecordingFile.readAllEvents(dump).stream()
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .map(force -> force.getString("path"))
            .toList();
    assertThat(forced)
        .containsSubsequence(run + "/cohorts/part-0", out + "/runs", out + "/_current.json.new")
        .containsSubsequence(run + "/run.json", out + "/runs")
        .containsSubsequence(run.toString(), out + "/_current.json.new", out.toString());
  }

  @Test
  void who_was_refused_the_lock_may_have_it_later() throws IOException {
    Path lock = folder.resolve("out/_lock");
    Files.createDirectories(lock); // no file can be opened there
    assertThatThrownBy(() -> output(NO_CRASH).lock("early", InstantSource.system()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith("Cannot lock ");
    Files.delete(lock);
    output(NO_CRASH).lock("later", InstantSource.system()).close();
  }

  @Test
  void one_run_at_a_time_and_the_next_is_told_who_is_there() {
    HeldOutput held = output(NO_CRASH).lock("process 4711, since noon", InstantSource.system());
    assertThatThrownBy(() -> output(NO_CRASH).lock("another", InstantSource.system()))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot lock %s: a run is going on (process 4711, since noon). Wait for it to end, or"
                    .formatted(folder.resolve("out"))
                + " end it.");
    // And not by having been asked once.
    assertThatThrownBy(() -> output(NO_CRASH).lock("another", InstantSource.system()))
        .isInstanceOf(UserError.class);
    held.close();
    output(NO_CRASH).lock("another", InstantSource.system()).close();
  }

  @Test
  void an_output_that_no_file_system_has_is_a_mistake_of_the_config() {
    for (String path : List.of("s4://bucket/out", "out:put/here")) {
      assertThatThrownBy(() -> Output.open(path, new Configuration(false)))
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE))
          .hasMessageStartingWith("Cannot use output '" + path + "': ");
    }
  }

  @Test
  void a_pointer_that_cannot_be_read_is_named_and_the_lock_given_back() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Path pointer = Files.writeString(folder.resolve("out/_current.json"), "{");
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> output(NO_CRASH).lock("test", InstantSource.system()))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith("Cannot read file:" + pointer + ": it is no pointer of Tenure (")
          .hasMessageEndingWith("). Restore it, or begin anew: remove it and the folder runs.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_crash_before_any_step_of_the_first_run_leaves_no_riddle(Step crash) throws IOException {
    assertThatThrownBy(() -> publish(A, 7, crashBefore(crash))).isInstanceOf(Crash.class);
    Output output = output(NO_CRASH);
    // It has lost no pointer: there never was one, and nothing to go back to.
    output.requirePointer();
    assertThat(output.orphans()).isEmpty();
    HeldOutput held = output.lock("test", InstantSource.system());
    held.discardPending();
    held.close();
    publish(B, 7, NO_CRASH);
    boolean committed = crash.compareTo(Step.COMMIT) > 0;
    assertThat(runs()).isEqualTo(committed ? List.of(A, B) : List.of(B));
    assertThat(output.pending()).isEmpty();
  }

  @Test
  void what_is_no_run_stays() throws IOException {
    Path log = Files.createDirectories(folder.resolve("out/runs/exp1/events"));
    Path copy = Files.createDirectories(folder.resolve("out/runs/" + A + ".bak"));
    publish(A, 1, NO_CRASH);
    publish(B, 1, NO_CRASH);
    assertThat(log).exists();
    assertThat(copy).exists();
    assertThat(runs()).containsExactlyInAnyOrder(A + ".bak", B, "exp1");
  }

  @Test
  void runs_whose_pointer_is_lost_are_not_removed() throws IOException {
    publish(A, 7, NO_CRASH);
    publish(B, 7, NO_CRASH);
    Path pointer = folder.resolve("out/_current.json");
    Files.move(pointer, folder.resolve("elsewhere"));
    assertThatThrownBy(() -> publish(C, 7, NO_CRASH))
        .isInstanceOf(UserError.class)
        .hasMessageMatching(
            "Cannot use output file:%1$s: file:%1$s/_current.json is not there, and run \\w+ was published. Restore _current.json, or `rollback --to` a run, which makes it anew; or begin anew: remove file:%1$s/runs\\."
                .formatted(folder.resolve("out")));
    assertThat(runs()).containsExactly(A, B);
    Files.move(folder.resolve("elsewhere"), pointer);
    publish(C, 7, NO_CRASH);
    assertThat(runs()).containsExactly(A, B, C);
  }

  @Test
  void a_pointer_is_not_made_anew_to_a_run_that_holds_erased_users() throws IOException {
    publish(A, 7, NO_CRASH);
    Output output = output(NO_CRASH);
    assertThat(output.orphans()).isEmpty();
    Files.delete(folder.resolve("out/_current.json"));
    HeldOutput held = output.lockToRestore("test", InstantSource.system());
    try (held) {
      assertThat(output.orphans()).containsExactly(A);
      held.writeErasures(ErasureList.NONE.with(List.of("ann"), new byte[16]));
      assertThatThrownBy(() -> held.restore(A))
          .hasMessageStartingWith(
              "Cannot make run %s current: it does not leave out the users of file:%s/_erased.json."
                  .formatted(A, folder.resolve("out")));
      assertThat(output.current()).isEmpty();
    }
  }

  @Test
  void a_pointer_that_is_there_and_cannot_be_opened_is_not_taken_for_none() throws IOException {
    publish(A, 7, NO_CRASH);
    Path pointer = folder.resolve("out/_current.json");
    Files.delete(pointer);
    Files.createDirectory(pointer);
    assertStorageError(() -> output(NO_CRASH).current(), "read", "Is a directory");
    Files.delete(pointer);
    Files.createSymbolicLink(pointer, pointer);
    assertStorageError(
        () -> output(NO_CRASH).current(), "look for", "Too many levels of symbolic links");
    Files.delete(pointer);
    Files.writeString(pointer, "null");
    assertThatThrownBy(() -> output(NO_CRASH).current())
        .hasMessageContaining("it is no pointer of Tenure (it is null)");
    Files.writeString(pointer, "{}");
    assertThatThrownBy(() -> output(NO_CRASH).current())
        .hasMessageContaining("it is no pointer of Tenure (")
        .hasMessageContaining("no run_id");
    assertThat(runs()).containsExactly(A);
  }

  @ParameterizedTest
  @ValueSource(strings = {"_current.json", "_erased.json", "_pending.json"})
  void a_file_that_may_not_be_read_is_not_taken_for_none(String file) throws IOException {
    publish(A, 7, NO_CRASH);
    Files.writeString(folder.resolve("out").resolve(file), "{}");
    Files.delete(folder.resolve("out/_lock"));
    Output output = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    FarDisk.unreadable = file;
    try {
      assertStorageError(
          () -> {
            output.erasures();
            output.lock("test", InstantSource.system());
          },
          "read",
          "Permission denied. Let the user that Tenure runs as read there, and run again");
    } finally {
      FarDisk.unreadable = null;
    }
    assertThat(runs()).containsExactly(A);
  }

  @Test
  void a_run_that_cannot_be_removed_is_told_and_tried_again() throws IOException {
    publish(A, 7, NO_CRASH);
    Files.delete(folder.resolve("out/_lock"));
    Output output = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    HeldOutput held = output.lock("test", InstantSource.system());
    FarDisk.fixed = A;
    try {
      publish(held, record(B), 1);
      assertThat(output.current().orElseThrow().runs()).containsExactly(B);
      assertThat(output.warnings())
          .singleElement()
          .asString()
          .startsWith("Cannot remove " + output.run(A) + ": ")
          .contains("still there");
      assertThatThrownBy(output::requireSwept).hasMessage(output.warnings().get(0));
    } finally {
      FarDisk.fixed = null;
    }
    assertThat(runs()).containsExactly(A, B);
    held.close();
    output.lock("test", InstantSource.system()).close();
    assertThat(runs()).containsExactly(B);
    assertThat(output.warnings()).isEmpty();
    output.requireSwept();
  }

  @Test
  void a_directory_in_the_place_of_the_link_is_left_and_told() throws IOException {
    publish(A, 7, NO_CRASH);
    Path link = folder.resolve("out/current");
    Files.delete(link);
    Files.createDirectory(link);
    Files.writeString(link.resolve("copied"), "");
    publish(B, 7, NO_CRASH);
    Output output = output(NO_CRASH);
    assertThat(throughPointer()).isEqualTo(B);
    assertThat(link.resolve("copied")).exists();
    assertThat(output.warnings())
        .containsExactly(
            "%s is no link, so it cannot be made to show the current run. Rename or remove it; what readers see is file:%s/out/_current.json."
                .formatted(link, folder));
    assertThat(output.readersPath(output.current().orElseThrow())).isEqualTo(output.run(B));
    Files.delete(link.resolve("copied"));
    Files.delete(link);
    output.lock("test", InstantSource.system()).close();
    assertThat(throughLink()).isEqualTo(B);
    assertThat(output.warnings()).isEmpty();
  }

  @Test
  void a_run_of_a_later_version_is_not_lost() throws IOException {
    publish(A, 7, NO_CRASH);
    Path record = folder.resolve("out/runs/" + A + "/run.json");
    String known = Files.readString(record);
    Files.writeString(record, known.replaceFirst("\\{", "{\"mood\": 1,"));
    assertThatThrownBy(() -> output(NO_CRASH).lostRuns())
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot read file:%s: this version of Tenure does not know 'mood' in it. Use the version that wrote it, or a later one."
                .formatted(record));
    Files.writeString(record, known.substring(0, known.length() / 2));
    assertThat(output(NO_CRASH).lostRuns()).containsExactly(A);
    Files.delete(record);
    assertThat(output(NO_CRASH).lostRuns()).containsExactly(A);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1]", "a*", "a?", "{a,b}", "a\\\\b"})
  void an_output_that_spark_would_take_for_a_pattern_is_refused(String name) {
    assertThatThrownBy(() -> Output.open(folder.resolve(name).toString(), new Configuration()))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE))
        .hasMessageStartingWith("Cannot use output 'file:");
  }

  private static void assertStorageError(ThrowingCallable call, String doing, String why) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.STORAGE))
        .hasMessageStartingWith("Cannot " + doing + " ")
        .hasMessageContaining(".json: ")
        .hasMessageContaining(why);
  }

  private static Consumer<Step> crashBefore(Step crash) {
    return step -> {
      if (step == crash) {
        throw new Crash();
      }
    };
  }

  @Test
  void a_file_system_without_locks_is_locked_all_the_same() throws IOException {
    Output output = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    HeldOutput held = output.lock("process 4711", InstantSource.system());
    Path unfinished = Files.createDirectories(folder.resolve("out/runs/" + A + "/cohorts"));

    Output second = Output.open(FarDisk.at(folder.resolve("out")).toString(), FarDisk.hadoop());
    assertThatThrownBy(() -> second.lock("another", InstantSource.system()))
        .isInstanceOf(UserError.class)
        .hasMessageStartingWith(
            "Cannot lock far:%s/out: a run is going on (process 4711; heard of ".formatted(folder));
    // Nobody sweeps what another one is writing.
    assertThat(unfinished).exists();

    Files.delete(folder.resolve("out/_lock"));
    assertThatThrownBy(() -> publish(held, record(A), 7)).hasMessageContaining("was removed");
    assertThat(output.current()).isEmpty();
    held.close();

    HeldOutput next = second.lock("another", InstantSource.system());
    assertThat(unfinished).doesNotExist();
    publish(next, record(B), 7);
    assertThat(second.current().orElseThrow().runId()).isEqualTo(B);
    assertThat(folder.resolve("out/current")).doesNotExist();
    next.close();
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("_current.json", "runs");
    }
  }
}
