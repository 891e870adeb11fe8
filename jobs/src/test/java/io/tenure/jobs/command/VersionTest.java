package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds are told apart by their classes, and by nothing else. */
class VersionTest {
  @TempDir Path folder;

  @Test
  void the_same_classes_in_a_folder_and_in_an_archive_are_the_same_build() throws IOException {
    Map<String, String> classes = Map.of("io/tenure/A.class", "a", "io/tenure/b/B.class", "b");
    String build = Version.fingerprint(List.of(folder("one", classes)));
    Map<String, String> more = new TreeMap<>(classes);
    more.put("org/other/A.class", "of another project");
    more.put("META-INF/MANIFEST.MF", "built today");
    assertThat(Version.fingerprint(List.of(archive("packed", more)))).isEqualTo(build);
    assertThat(
            Version.fingerprint(
                List.of(
                    folder("two", Map.of("io/tenure/A.class", "a")),
                    archive("rest", Map.of("io/tenure/b/B.class", "b")))))
        .isEqualTo(build);
  }

  @Test
  void other_classes_are_another_build() throws IOException {
    String build = Version.fingerprint(List.of(folder("one", Map.of("io/tenure/A.class", "a"))));
    for (Map<String, String> other :
        List.of(
            Map.of("io/tenure/A.class", "changed"),
            Map.of("io/tenure/moved/A.class", "a"),
            Map.of("io/tenure/A.class", "a", "io/tenure/B.class", ""))) {
      String name = "other" + other.hashCode();
      assertThat(Version.fingerprint(List.of(folder(name, other)))).isNotEqualTo(build);
      assertThat(Version.fingerprint(List.of(archive(name + ".jar", other)))).isNotEqualTo(build);
    }
  }

  @Test
  void this_build_is_of_all_its_classes() {
    String build = Version.build().orElseThrow();
    assertThat(Integer.parseInt(build.substring(build.indexOf('-') + 1))).isGreaterThan(300);
  }

  private Path folder(String name, Map<String, String> files) throws IOException {
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = folder.resolve(name).resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    Files.createDirectories(folder.resolve(name).resolve("io/tenure"));
    return folder.resolve(name);
  }

  private Path archive(String name, Map<String, String> files) throws IOException {
    Path path = folder.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(path))) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        out.closeEntry();
      }
    }
    return path;
  }
}
