package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
  @TempDir Path folder;

  private void write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private InputFiles list(String glob) {
    return InputFiles.list("input.path", folder + "/" + glob, new Configuration());
  }

  private List<String> names(String glob) {
    return list(glob).files().stream()
        .map(file -> file.path().substring(("file:" + folder).length() + 1))
        .toList();
  }

  @Test
  void hidden_files_and_those_on_their_way_are_left_out() throws IOException {
    for (String name : List.of("a/1", "a/_2", "a/.3", "a/_s/4", "a/5._COPYING_")) {
      write(name);
    }
    assertThat(names("a")).containsExactly("a/1");
  }

  @Test
  void a_colon_that_hadoop_takes_for_a_scheme_is_told_as_what_it_is() {
    String told = "java.net.URISyntaxException: Relative path in absolute URI: {a}:b";
    assertThat(InputFiles.unlisted("input.path", "in", new IllegalArgumentException(told)))
        .hasMessage(
            "Cannot list input.path 'in': %s. Hadoop lists no names with a colon: rename the file or folder."
                .formatted(told));
  }

  @Test
  void what_hadoop_passes_over_without_a_word_is_an_error() throws IOException {
    write("a/1");
    Path link = Files.createSymbolicLink(folder.resolve("a/gone"), Path.of("/nowhere/at/all"));
    assertThatThrownBy(() -> list("a"))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.INPUT))
        .hasMessageStartingWith(
            "Cannot list input.path '%s/a': %s cannot be looked at: a link to nothing, "
                .formatted(folder, link));
    for (String glob : List.of("a/*", "*", "[a]/g*")) {
      assertThatThrownBy(() -> list(glob)).hasMessageContaining(link + " cannot be looked at");
    }
    assertThat(names("a/1*")).containsExactly("a/1");
    Files.move(link, folder.resolve("a/_gone"));
    assertThat(names("a")).containsExactly("a/1");
  }

  @Test
  void a_glob_of_several_depths_has_files_below_the_folders_that_it_names() throws IOException {
    write("2025/12/1");
    write("2026/01/2");
    String both = "{2025,2026/01}";
    assertThat(names(both)).containsExactly("2025/12/1", "2026/01/2");
    assertThat(layout(both)).isEqualTo(FolderLayout.NESTED);
    assertThat(layout("{2025/12,2026/01}")).isEqualTo(FolderLayout.FLAT);
    assertThat(layout("{2025/12/1,2026/01/2}")).isEqualTo(FolderLayout.FLAT);
    assertThat(layout("2025")).isEqualTo(FolderLayout.NESTED);
    write("by/dt=2025-01-01/1");
    assertThat(layout("by")).isEqualTo(FolderLayout.BY_COLUMN);
    assertThat(layout("by/dt=*")).isEqualTo(FolderLayout.FLAT);
    assertThatThrownBy(() -> layout("{by,2025}")).hasMessageContaining("is in a folder column=");
  }

  private FolderLayout layout(String glob) {
    return FolderLayout.of("input.path", glob, list(glob));
  }
}
