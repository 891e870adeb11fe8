package io.tenure.jobs.metric;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Someone else's numbers, read from a file: a header of {@code key: value} lines (where the numbers
 * come from, the as-of day, the column they stand in), then indented sections: {@code config},
 * {@code events} (a {@link TestLog}; a user {@code 0..79} is eighty users) and {@code expected}.
 *
 * <p>An expected line is the first day of a cohort, its users, and the column's value in period 1,
 * 2, … up to the end of the peer's window. A dot is a cell of which the peer says nothing. {@code
 * expected of ann} is what the events of ann alone give.
 */
record GoldenCase(
    Map<String, String> header,
    String config,
    List<String> events,
    Map<String, Triangle> expected) {

  /** Cells by cohort; null is a cell of which nothing is said. */
  record Triangle(Map<LocalDate, List<Long>> rows) {}

  static GoldenCase read(Path file) {
    Map<String, String> header = new LinkedHashMap<>();
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> section = null;
    for (String line : lines(file)) {
      if (line.startsWith("  ") && section != null) {
        section.add(line.substring(2));
      } else if (line.endsWith(":")) {
        section = new ArrayList<>();
        sections.put(line.substring(0, line.length() - 1), section);
      } else if (line.contains(": ") && section == null) {
        String key = line.substring(0, line.indexOf(": "));
        header.merge(key, line.substring(key.length() + 2), (first, next) -> first + " " + next);
      } else if (!line.isBlank()) {
        throw new IllegalArgumentException("Cannot read '" + line + "' in " + file);
      }
    }
    Map<String, Triangle> expected = new LinkedHashMap<>();
    sections.forEach(
        (name, content) -> {
          if (name.startsWith("expected")) {
            expected.put(name, triangle(content));
          }
        });
    return new GoldenCase(
        header, String.join("\n", sections.get("config")), sections.get("events"), expected);
  }

  static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Triangle triangle(List<String> lines) {
    Map<LocalDate, List<Long>> rows = new TreeMap<>();
    for (String line : lines) {
      String[] parts = line.split(" \\| ");
      List<Long> cells = new ArrayList<>();
      for (String cell : parts[1].split(" ")) {
        cells.add(cell.equals(".") ? null : Long.valueOf(cell));
      }
      rows.put(LocalDate.parse(parts[0]), cells);
    }
    return new Triangle(rows);
  }

  String id() {
    return header.get("case");
  }

  /** The events of everybody, or under {@code expected of ann} those of ann. */
  TestLog log(String name) {
    List<String> lines = new ArrayList<>(List.of(events.get(0)));
    for (String line : events.subList(1, events.size())) {
      String[] parts = line.split("\\|", 2);
      for (String user : users(parts[0].strip())) {
        if (name.equals("expected") || name.equals("expected of " + user)) {
          lines.add(user + " |" + parts[1]);
        }
      }
    }
    return TestLog.of(String.join("\n", lines));
  }

  private static List<String> users(String range) {
    String[] ends = range.split("\\.\\.");
    if (ends.length == 1) {
      return List.of(range);
    }
    return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]))
        .mapToObj(Integer::toString)
        .toList();
  }

  @Override
  public String toString() {
    return id();
  }
}
