package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.TestLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A number of a table that somebody got wrong.
 *
 * @param identity the identity that must notice
 * @param row the row: {@code column = value} and {@code column <> value}, joined by AND
 * @param value what stands there instead of the right number: a Long, or money as BigDecimal; null
 *     for NULL
 * @param told what the error must say: the key and both numbers
 */
record WrongNumber(
    String identity, String table, String row, String column, Object value, String told) {

  /** All tables of a log, as the identities read them. */
  static Map<String, List<TableLine>> tables(TestLog log, Scope scope, String asOf) {
    TenureConfig config = scope.config();
    Map<String, List<TableLine>> tables = new HashMap<>();
    for (Contract contract : Metrics.tables(Metrics.of(scope))) {
      tables.put(
          contract.name(),
          log.table(contract.name(), config, asOf).stream().map(TableLine::new).toList());
    }
    return tables;
  }

  /** All identities of a run. */
  static List<Identity> identities(Scope scope) {
    return Identities.all(scope, Metrics.tables(Metrics.of(scope)));
  }

  /** These identities, and that the values of a dimension sum to the whole in some tables. */
  static List<Identity> andSegmentSums(List<Identity> own, Scope scope, String... tables) {
    List<Identity> all = new ArrayList<>(own);
    for (Identity sums :
        SegmentSums.of(Metrics.tables(Metrics.of(scope)), scope.config().dimensions())) {
      if (List.of(tables).contains(sums.tables().get(0))) {
        all.add(sums);
      }
    }
    return all;
  }

  /**
   * Each identity holds of right tables, and notices its own wrong number with the words told; and
   * none is left without one.
   */
  static void assertNoticed(
      List<Identity> identities, Map<String, List<TableLine>> right, List<WrongNumber> faults) {
    assertThat(Judgement.of(identities, right))
        .hasSameSizeAs(identities)
        .allMatch(Judgement.Outcome::holds);
    Set<String> noticed = new TreeSet<>();
    for (WrongNumber fault : faults) {
      for (Judgement.Outcome outcome : Judgement.of(identities, fault.in(right))) {
        if (outcome.identity().name().equals(fault.identity())) {
          assertThat(outcome.told()).as("%s", fault).contains(fault.told());
          noticed.add(fault.identity());
        }
      }
    }
    assertThat(noticed)
        .containsExactlyElementsOf(new TreeSet<>(identities.stream().map(Identity::name).toList()));
  }

  /** The tables with this number wrong. */
  Map<String, List<TableLine>> in(Map<String, List<TableLine>> tables) {
    List<TableLine> lines = tables.get(table);
    assertThat(lines).as("%s where %s", table, row).filteredOn(this::isMeant).hasSize(1);
    Map<String, List<TableLine>> wrong = new HashMap<>(tables);
    wrong.put(table, lines.stream().map(line -> isMeant(line) ? corrupted(line) : line).toList());
    return wrong;
  }

  /** The right number. */
  long number(Map<String, List<TableLine>> tables) {
    return tables.get(table).stream()
        .filter(this::isMeant)
        .findFirst()
        .orElseThrow()
        .number(column);
  }

  private TableLine corrupted(TableLine line) {
    assertThat(line.value(column)).as("the right number").isNotEqualTo(value);
    Map<String, Object> values = new LinkedHashMap<>(line.values());
    values.put(column, value);
    return new TableLine(values);
  }

  private boolean isMeant(TableLine line) {
    return Arrays.stream(row.split(" AND "))
        .allMatch(
            condition -> {
              String[] sides = condition.split(" (=|<>) ");
              boolean same = String.valueOf(line.text(sides[0])).equals(sides[1]);
              return same != condition.contains(" <> ");
            });
  }
}
