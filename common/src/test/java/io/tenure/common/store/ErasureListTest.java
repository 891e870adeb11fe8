package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureListTest {
  private static final byte[] SALT = {1, 2, 3};
  private static final byte[] OTHER_SALT = {3, 2, 1};

  @TempDir Path folder;

  private Output output() {
    return Output.open(folder.toString(), new Configuration());
  }

  private void write(ErasureList list) {
    Output output = output();
    HeldOutput held = output.lock("test", InstantSource.system());
    held.writeErasures(list);
    held.close();
  }

  @Test
  void it_knows_who_is_on_it_and_nobody_else() {
    List<String> erased = IntStream.range(0, 2000).mapToObj(i -> "ж" + i).toList();
    Erased those = ErasureList.NONE.with(erased, SALT).erased();
    assertThat(erased).allMatch(those::contains);
    assertThat(IntStream.range(0, 200_000).mapToObj(i -> "u" + i)).noneMatch(those::contains);
    assertThat(those.contains((String) null)).isFalse();
    assertThat(ErasureList.NONE.erased().isNobody()).isTrue();
    assertThat(ErasureList.NONE.erased().contains("ann")).isFalse();
  }

  @Test
  void it_is_the_same_for_the_same_users_in_whatever_order_and_number() {
    ErasureList list = ErasureList.NONE.with(List.of("ann", "bob"), SALT);
    ErasureList inSteps =
        ErasureList.NONE.with(List.of("bob"), SALT).with(List.of("ann", "bob"), OTHER_SALT);
    assertThat(inSteps).isEqualTo(list);
    assertThat(inSteps.fingerprint()).isEqualTo(list.fingerprint());
    assertThat(list.with(List.of("cid"), SALT).fingerprint()).isNotEqualTo(list.fingerprint());
  }

  @Test
  void its_file_names_nobody_and_is_read_as_it_was_written() throws IOException {
    ErasureList list = ErasureList.NONE.with(List.of("ann@example.org"), SALT);
    assertThat(output().erasures()).isEqualTo(ErasureList.NONE);
    write(list);
    assertThat(output().erasures()).isEqualTo(list);
    assertThat(Files.readString(folder.resolve("_erased.json"))).doesNotContain("ann");
    // Another salt, other hashes: lists of two outputs cannot be held against each other.
    assertThat(ErasureList.NONE.with(List.of("ann@example.org"), OTHER_SALT).users())
        .doesNotContainAnyElementsOf(list.users());
  }

  @Test
  void a_list_that_cannot_be_read_stops_whoever_would_go_by_it() throws IOException {
    Files.writeString(folder.resolve("_erased.json"), "{\"format\": 1, ");
    assertThatThrownBy(() -> output().erasures())
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("_erased.json: it is no list of Tenure", "Restore it");
    write(new ErasureList(2, "00", List.of()));
    assertThatThrownBy(() -> output().erasures())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("it is of format 2, this version knows 1.");
  }

  @Test
  void it_says_the_same_wherever_it_is_sent() throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(ErasureList.NONE.with(List.of("ann"), SALT).erased());
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      Erased sent = (Erased) in.readObject();
      assertThat(sent.contains("ann".getBytes(StandardCharsets.UTF_8))).isTrue();
      assertThat(sent.contains("bob")).isFalse();
    }
  }
}
