package io.tenure.jobs.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Statements in a resource, with names in angle brackets for what a run puts there. */
final class Sql {
  /** The last period of retention that is computed, by grain. */
  private static final Map<String, String> HORIZONS = new LinkedHashMap<>();

  static {
    HORIZONS.put("day", "30");
    HORIZONS.put("week", "26");
    HORIZONS.put("month", "24");
  }

  private Sql() {}

  static String text(String resource, Map<String, String> values) {
    try (InputStream in = Sql.class.getResourceAsStream("/bench/" + resource)) {
      return filled(new String(in.readAllBytes(), StandardCharsets.UTF_8), values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The statements of a script; one that speaks of a grain is there once for every grain. */
  static List<String> script(String resource, Map<String, String> values) {
    List<String> statements = new ArrayList<>();
    Arrays.stream(text(resource, values).split(";\\s*\n"))
        .filter(statement -> !statement.isBlank())
        .forEach(
            statement -> {
              if (statement.contains("<grain>")) {
                HORIZONS.forEach(
                    (grain, horizon) ->
                        statements.add(
                            filled(statement, Map.of("grain", grain, "horizon", horizon))));
              } else {
                statements.add(statement);
              }
            });
    return statements;
  }

  private static String filled(String text, Map<String, String> values) {
    String filled = text;
    for (Map.Entry<String, String> value : values.entrySet()) {
      filled = filled.replace("<" + value.getKey() + ">", value.getValue());
    }
    return filled;
  }
}
