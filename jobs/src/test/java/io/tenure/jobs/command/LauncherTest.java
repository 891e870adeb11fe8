package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, in a home that looks built, with a Java that only says what it was given. */
class LauncherTest {
  @TempDir Path folder;

  @BeforeEach
  void look_built() throws IOException {
    write("pom.xml", "");
    write("jobs/pom.xml", "");
    write("jobs/src/main/any", "");
    write("conf/spark-local.conf", "");
    write("scripts/tenure", Files.readString(Path.of("../scripts/tenure")));
    write("jdk/bin/java", "#!/bin/sh\necho java \"$@\"\n");
    write("jobs/target/tenure.jar", "");
    write("jobs/target/spark.classpath", write("spark.jar", "") + ":/nowhere/other.jar");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  private record Ended(int code, String said) {}

  private Ended launch(Map<String, String> environment) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(folder.resolve("scripts/tenure").toString(), "runs")
            .redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  @Test
  void without_a_place_for_temporary_files_only_the_start_is_slower()
      throws IOException, InterruptedException {
    Ended ended = launch(Map.of("TMPDIR", "/nowhere"));
    assertThat(ended.code()).as(ended.said()).isZero();
    assertThat(ended.said()).contains("note: starts stay slow", "io.tenure.jobs.Tenure runs\n");
  }

  @Test
  void jars_that_may_not_be_read_are_told_with_the_remedy()
      throws IOException, InterruptedException {
    write("jobs/target/spark.classpath", "/nowhere/spark.jar:/nowhere/other.jar");
    Ended ended = launch(Map.of());
    assertThat(ended.code()).as(ended.said()).isEqualTo(2);
    assertThat(ended.said())
        .startsWith("error: cannot read /nowhere/spark.jar, ")
        .contains("Build Tenure as the user it runs as")
        .hasLineCount(1);
  }

  @Test
  void a_build_where_nobody_may_write_is_told_with_the_remedy()
      throws IOException, InterruptedException {
    for (String file : new String[] {"tenure.jar", "spark.classpath"}) {
      Files.delete(folder.resolve("jobs/target").resolve(file));
    }
    Files.delete(folder.resolve("jobs/target"));
    write("jobs/target", "no directory");
    Ended ended = launch(Map.of());
    assertThat(ended.code()).as(ended.said()).isEqualTo(2);
    assertThat(ended.said())
        .startsWith("error: Tenure is to be built, and this user may not write in ")
        .hasLineCount(1);
  }
}
