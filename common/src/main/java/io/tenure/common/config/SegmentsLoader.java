package io.tenure.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The key {@code segments}: each element a column, or one key, the name of an expression. */
final class SegmentsLoader {
  /** As strict as a name elsewhere, but a column may have capitals. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  private SegmentsLoader() {}

  static Map<String, String> load(Section root) {
    Map<String, String> segments = new LinkedHashMap<>();
    Map<String, String> taken = new TreeMap<>();
    for (Value item : root.find("segments").map(Value::items).orElse(List.of())) {
      Map.Entry<String, String> segment = item.isMapping() ? named(item) : column(item);
      String sameName =
          taken.putIfAbsent(segment.getKey().toLowerCase(Locale.ROOT), segment.getKey());
      if (sameName != null) {
        throw item.error(
            "'%s' names the dimension '%s', but '%s' is already one; give it another name"
                .formatted(item.key(), segment.getKey(), sameName));
      }
      segments.put(segment.getKey(), segment.getValue());
    }
    return Collections.unmodifiableMap(segments);
  }

  private static Map.Entry<String, String> column(Value item) {
    String column = item.text();
    if (!NAME.matcher(column).matches()) {
      throw item.mustBe(
          "a column named by letters, digits and _",
          item.shown() + "; give an expression a name, as in 'country: geo.country'");
    }
    return Map.entry(column, column);
  }

  private static Map.Entry<String, String> named(Value item) {
    Map<String, Value> entries = item.entries();
    if (entries.size() != 1) {
      throw item.error(
          "'%s' must have one key, the name of the dimension, not %d; begin each dimension with '-'"
              .formatted(item.key(), entries.size()));
    }
    Map.Entry<String, Value> entry = entries.entrySet().iterator().next();
    if (!NAME.matcher(entry.getKey()).matches()) {
      throw entry
          .getValue()
          .error(
              "the name '%s' in '%s' must be letters, digits and _, beginning with a letter"
                  .formatted(entry.getKey(), item.key()));
    }
    return Map.entry(entry.getKey(), entry.getValue().bareText());
  }
}
