package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  private Ended launch(Map<String, String> environment, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(folder.resolve("scripts/tenure").toString()));
    command.addAll(List.of(options));
    command.add("runs");
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    List.of("LC_ALL", "LC_CTYPE", "LANG", "SPARK_LOCAL_IP").forEach(builder.environment()::remove);
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
  void temporary_files_go_where_the_environment_says() throws IOException, InterruptedException {
    write("jdk/bin/java", "#!/bin/sh\necho java \"$@\"\n");
    String there = Files.createDirectory(folder.resolve("temporary files")).toString();
    assertThat(launch(Map.of("TMPDIR", there)).said()).contains("-Djava.io.tmpdir=" + there + " ");
    assertThat(launch(Map.of("TMPDIR", "")).said()).doesNotContain("java.io.tmpdir");
  }

  @Test
  void names_of_files_can_be_spelled_in_a_locale_that_says_nothing_of_letters()
      throws IOException, InterruptedException {
    write("jdk/bin/java", "#!/bin/sh\necho letters $LC_ALL, $LANG\n");
    assertThat(launch(Map.of()).said()).endsWith("letters C.UTF-8,\n");
    assertThat(launch(Map.of("LANG", "C")).said()).endsWith("letters C.UTF-8, C\n");
    assertThat(launch(Map.of("LANG", "ro_RO.UTF-8")).said()).endsWith("letters , ro_RO.UTF-8\n");
  }

  @Test
  void a_cluster_is_told_where_this_process_and_its_classes_are()
      throws IOException, InterruptedException {
    write("jdk/bin/java", "#!/bin/sh\necho $SPARK_LOCAL_IP java \"$@\"\n");
    write(
        "conf/spark-local.conf",
        "spark.driver.host localhost\nspark.ui.enabled false\nspark.hadoop.fs.file.impl X\n");
    assertThat(launch(Map.of()).said())
        .contains("127.0.0.1 java ", "-Dspark.driver.host=localhost", "-Dspark.master=local[*]")
        .contains("-Dspark.hadoop.fs.file.impl=X")
        // What fails once is told once; a cluster tries again, which is worth a line.
        .contains("-Dtenure.log.tasks=off")
        .doesNotContain("spark.jars");
    String jar = folder.resolve("jobs/target/tenure.jar").toString();
    write("more/a.jar", "");
    write("more/b.jar", "");
    String more = folder.resolve("more").toString();
    assertThat(
            launch(
                    Map.of("TENURE_CLASSPATH", "/x/c.jar:" + more + "/*"),
                    "--master",
                    "spark://host:7077")
                .said())
        .contains("-Dspark.jars=%1$s,/x/c.jar,%2$s/a.jar,%2$s/b.jar".formatted(jar, more));
    assertThat(launch(Map.of(), "--master", "spark://host:7077").said())
        .contains("-Dspark.ui.enabled=false", "-Dspark.jars=" + jar)
        .contains("-Dspark.master=spark://host:7077")
        .doesNotContain("127.0.0.1", "spark.driver.host", "fs.file.impl", "tenure.log.tasks");
  }

  @Test
  void of_two_that_start_at_once_one_builds() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/flock")) || Files.isExecutable(Path.of("/bin/flock")),
        "this machine has no flock");
    write("jdk/bin/javac", "");
    write("scripts/maven", "#!/bin/sh\nsleep 2\n: > \"$OUT/tenure.jar\"\n");
    Files.delete(folder.resolve("jobs/target/tenure.jar"));
    Map<String, String> out = Map.of("OUT", folder.resolve("jobs/target").toString());
    List<CompletableFuture<Ended>> both = new ArrayList<>();
    for (int at = 0; at < 2; at++) {
      both.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return launch(out);
                } catch (IOException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    both.forEach(one -> assertThat(one.join().code()).as(one.join().said()).isZero());
    assertThat(both).filteredOn(one -> one.join().said().contains("building Tenure")).hasSize(1);
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
