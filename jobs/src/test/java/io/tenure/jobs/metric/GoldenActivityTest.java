package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Numbers that the tests of other products assert, held against ours. */
class GoldenActivityTest {
  /**
   * One case of a file.
   *
   * @param where a column and its value: which rows of the table the case shows
   * @param expected rows that the table must have; others it may have
   */
  private record Case(
      String name, String config, String asOf, String where, String events, String expected) {
    static Case of(String text) {
      String[] parts = text.split("\n\n");
      return new Case(
          text.lines().findFirst().orElseThrow().strip(),
          line(parts[0], "config: "),
          line(parts[0], "as of: "),
          line(parts[0], "where: "),
          parts[1],
          parts[2].replaceFirst("expected\n", ""));
    }

    /** What stands behind a key, which may be there several times. */
    private static String line(String head, String key) {
      return head.lines()
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(key.length()))
          .reduce((one, next) -> one + "\n" + next)
          .orElseThrow(() -> new AssertionError("No " + key + " in " + head));
    }
  }

  @TestFactory
  Stream<DynamicTest> lifecycles_are_growth() {
    return tests("growth", 1);
  }

  @TestFactory
  Stream<DynamicTest> stickiness_is_usage_frequency() {
    return tests("usage_frequency", 2);
  }

  @TestFactory
  Stream<DynamicTest> trailing_actives_are_active_users() {
    return tests("active_users", 1);
  }

  @TestFactory
  Stream<DynamicTest> steps_reached_are_funnels() {
    return tests("funnel", 1);
  }

  /**
   * @param keys how many of the first columns of what is expected pick the row
   */
  private static Stream<DynamicTest> tests(String table, int keys) {
    return Arrays.stream(resource("golden/" + table + ".txt").split("(?m)^== "))
        .skip(1)
        .map(Case::of)
        .map(golden -> DynamicTest.dynamicTest(golden.name(), () -> hold(golden, table, keys)));
  }

  private static void hold(Case golden, String table, int keys) {
    String[] where = golden.where().split(" = ");
    List<Map<String, Object>> rows =
        TextRows.where(
            TestLog.of(golden.events())
                .table(table, TestLog.config(golden.config()), golden.asOf()),
            where[0],
            where[1]);
    List<List<String>> expected = TextRows.parse(golden.expected());
    List<String> columns = expected.get(0);
    List<String> shown = rows.stream().map(row -> TextRows.line(row, columns)).toList();
    for (List<String> line : expected.subList(1, expected.size())) {
      String key = String.join(" | ", line.subList(0, keys)) + " | ";
      assertThat(shown)
          .filteredOn(row -> row.startsWith(key))
          .containsExactly(String.join(" | ", line));
    }
  }

  private static String resource(String name) {
    try (InputStream in = GoldenActivityTest.class.getClassLoader().getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
