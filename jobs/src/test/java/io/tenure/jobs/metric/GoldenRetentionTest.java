package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.jobs.metric.GoldenCase.Triangle;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Numbers that the test suites of other products assert of retention, and that must be ours.
 *
 * <p>Their column 0 is {@code cohort_users} here, their column k the retained users of period k;
 * cells past the end of their window are not yet known here. A cohort without users is a row of
 * zeros there and no row here.
 */
class GoldenRetentionTest {
  /** Where the cases were taken from; not part of the project. */
  private static final Path PEERS = Path.of("..", "..", "shared", "data", "peer_cases.jsonl");

  static List<GoldenCase> cases() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .sorted()
          .map(GoldenCase::read)
          .toList();
    }
  }

  private static Path directory() {
    try {
      return Path.of(GoldenRetentionTest.class.getResource("/golden/retention").toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** What is said of each case: {@code claimed}, or {@code unclaimed: why}. */
  private static Map<String, String> claims() {
    Map<String, String> claims = new TreeMap<>();
    for (String line : GoldenCase.lines(directory().resolve("cases.list"))) {
      if (!line.startsWith("# ")) {
        String[] parts = line.split(" +\\| ");
        assertThat(claims.put(parts[0], parts[1])).as("%s is listed twice", parts[0]).isNull();
      }
    }
    return claims;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_numbers_of_a_peer_are_ours(GoldenCase golden) {
    golden
        .expected()
        .forEach((name, triangle) -> assertThat(computed(golden, name)).isEqualTo(triangle));
  }

  /** The computed cells of the cohorts of which the peer speaks, cut where its window ends. */
  private static Triangle computed(GoldenCase golden, String name) {
    Map<LocalDate, List<Long>> rows = new TreeMap<>();
    List<Map<String, Object>> table =
        golden
            .log(name)
            .table("retention", TestLog.config(golden.config()), golden.header().get("as-of"));
    golden
        .expected()
        .get(name)
        .rows()
        .forEach(
            (cohort, cells) -> {
              List<Map<String, Object>> ofCohort =
                  table.stream().filter(row -> row.get("cohort_start").equals(cohort)).toList();
              rows.put(
                  cohort,
                  ofCohort.isEmpty()
                      ? Collections.nCopies(cells.size(), 0L)
                      : cells(ofCohort, golden.header().get("column"), cells));
            });
    return new Triangle(rows);
  }

  private static List<Long> cells(
      List<Map<String, Object>> ofCohort, String column, List<Long> expected) {
    List<Long> cells = new ArrayList<>();
    for (int period = 0; period < ofCohort.size(); period++) {
      Map<String, Object> row = ofCohort.get(period);
      assertThat(row).containsEntry("period", period).containsEntry("bracket", null);
      Long cell = (Long) row.get(period == 0 ? "cohort_users" : column);
      if (period >= expected.size()) {
        assertThat(cell).as("period %d ends after the window", period).isNull();
      } else {
        cells.add(expected.get(period) == null ? null : cell);
      }
    }
    return cells;
  }

  @Test
  void every_known_case_is_a_file_or_says_why_it_is_not() throws IOException {
    Map<String, String> claims = claims();
    assertThat(cases())
        .extracting(GoldenCase::id)
        .containsExactlyInAnyOrderElementsOf(
            claims.keySet().stream().filter(id -> claims.get(id).equals("claimed")).toList());
    assertThat(claims.values()).allMatch(claim -> claim.matches("claimed|unclaimed: \\S.*"));
  }

  @Test
  void every_case_says_where_its_numbers_come_from() throws IOException {
    assertThat(cases())
        .extracting(golden -> golden.header().get("from"))
        .allMatch(from -> from.matches("\\w+; [\\w-]+/[\\w-]+@[0-9a-f]{40}, \\S+"));
  }

  @Test
  void the_list_and_the_numbers_are_those_of_the_peers() throws IOException {
    assumeTrue(
        Files.exists(PEERS),
        "NOT COMPARED: there is no " + PEERS.normalize() + " to compare the golden cases with");
    Map<String, JsonNode> peers = new TreeMap<>();
    ObjectMapper json = new ObjectMapper();
    for (String line : GoldenCase.lines(PEERS)) {
      JsonNode peer = json.readTree(line);
      if (peer.get("kind").asText().startsWith("retention")) {
        peers.put(peer.get("id").asText(), peer);
      }
    }
    assertThat(claims().keySet()).isEqualTo(peers.keySet());
    for (GoldenCase golden : cases()) {
      JsonNode expected = peers.get(golden.id()).get("expected");
      if (expected.has("matrix")) {
        assertThat(numbers(golden.expected().get("expected"))).isEqualTo(numbers(expected));
      } else if (expected.has("users")) {
        expected
            .get("users")
            .properties()
            .forEach(
                user ->
                    assertThat(golden.expected().get("expected of " + user.getKey()).rows())
                        .containsValue(row(user.getValue())));
      } else {
        List<Long> said =
            new ArrayList<>(golden.expected().get("expected").rows().values())
                .get(0).stream().filter(cell -> cell != null).toList();
        assertThat(said).isEqualTo(row(expected.get("counts")));
      }
    }
  }

  private static List<List<Long>> numbers(Triangle triangle) {
    return List.copyOf(triangle.rows().values());
  }

  private static List<List<Long>> numbers(JsonNode expected) {
    List<List<Long>> rows = new ArrayList<>();
    expected.get("matrix").forEach(row -> rows.add(row(row)));
    return rows;
  }

  private static List<Long> row(JsonNode cells) {
    List<Long> row = new ArrayList<>();
    cells.forEach(cell -> row.add(cell.asLong()));
    return row;
  }
}
