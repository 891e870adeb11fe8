package io.tenure.common.config;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.config.Yaml.Kind;
import io.tenure.common.config.Yaml.Mapping;
import io.tenure.common.config.Yaml.Scalar;
import io.tenure.common.config.Yaml.Sequence;
import io.tenure.common.config.Yaml.Written;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A configured value: hands itself out as a type, or says what it should have been.
 *
 * @param key dotted, with the numbers of list elements: {@code retention.0.cohort}; empty for the
 *     whole file
 * @param where begins every error
 */
record Value(String key, String where, Yaml yaml) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final Pattern DURATION =
      Pattern.compile("([0-9]+) +((?:second|minute|hour|day)s?)");
  private static final Map<String, Long> SECONDS =
      Map.of("second", 1L, "minute", 60L, "hour", 3_600L, "day", 86_400L);
  private static final String NAME_RULE =
      "lower-case letters, digits and _, beginning with a letter";

  static Value root(Written file) {
    return new Value("", file.where(), file.yaml());
  }

  static String join(String key, Object next) {
    return key.isEmpty() ? next.toString() : key + "." + next;
  }

  /** Text; a bare {@code true} or number is not. */
  String text() {
    if (!(yaml instanceof Scalar scalar)) {
      throw mustBe("text");
    }
    return switch (scalar.kind()) {
      case TEXT -> notBlank(scalar.text());
      case NOTHING -> throw mustBe("text");
      case BOOLEAN, WHOLE, DECIMAL ->
          throw mustBe("text", scalar.text() + "; put it in quotes: \"" + scalar.text() + "\"");
    };
  }

  /**
   * The text of a key that must be given.
   *
   * @param meaning what to write there
   */
  String text(String meaning) {
    if (yaml instanceof Scalar scalar && scalar.kind() == Kind.TEXT && scalar.text().isBlank()) {
      throw error("'" + key + "' is empty text; it must be " + meaning);
    }
    return text();
  }

  /** The text of any single value, as written: {@code true} and 1 are SQL, too. */
  String bareText() {
    return notBlank(scalarOr("text")).strip();
  }

  /** Text that may be empty: the value of a reader's option. */
  String option() {
    return scalarOr("a single value");
  }

  int whole(int min, int max) {
    String expected = "a whole number from " + min + " to " + max;
    int number;
    try {
      number = Integer.parseInt(number(expected, List.of(Kind.WHOLE)));
    } catch (NumberFormatException e) {
      throw mustBe(expected);
    }
    if (number < min || number > max) {
      throw mustBe(expected);
    }
    return number;
  }

  double ratio() {
    String expected = "a number from 0 to 1";
    double number;
    try {
      number = Double.parseDouble(number(expected, List.of(Kind.WHOLE, Kind.DECIMAL)));
    } catch (NumberFormatException e) {
      throw mustBe(expected);
    }
    if (!(number >= 0 && number <= 1)) {
      throw mustBe(expected);
    }
    return number;
  }

  /** True or false, not as text. */
  boolean flag() {
    if (yaml instanceof Scalar scalar && scalar.kind() == Kind.BOOLEAN) {
      return Boolean.parseBoolean(scalar.text());
    }
    throw mustBe("true or false");
  }

  LocalDate date() {
    String expected = "a date such as 2024-01-31";
    String text = scalarOr(expected);
    try {
      if (text.matches("\\d{4}-\\d{2}-\\d{2}")) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeParseException e) {
      throw mustBe(expected);
    }
    throw mustBe(expected);
  }

  /**
   * An elapsed time above zero: a whole number and its unit.
   *
   * @param longest the largest one allowed, in whole days
   */
  Duration duration(Duration longest) {
    String expected = "a time such as 30 minutes, 12 hours or 14 days";
    Matcher parts = DURATION.matcher(scalarOr(expected).strip());
    if (!parts.matches()) {
      throw mustBe(expected);
    }
    long seconds;
    try {
      seconds =
          Math.multiplyExact(
              Long.parseLong(parts.group(1)), SECONDS.get(parts.group(2).replaceFirst("s$", "")));
    } catch (NumberFormatException | ArithmeticException tooLarge) {
      seconds = Long.MAX_VALUE;
    }
    if (seconds < 1 || seconds > longest.toSeconds()) {
      throw mustBe("a time from 1 second to " + longest.toDays() + " days");
    }
    return Duration.ofSeconds(seconds);
  }

  /** What the text stands for. */
  <T> T oneOf(Map<String, T> known) {
    String expected = "one of " + String.join(", ", known.keySet());
    T found = known.get(scalarOr(expected));
    if (found == null) {
      throw mustBe(expected, shown() + didYouMean(scalarOr(expected), known.keySet()));
    }
    return found;
  }

  /** Text fit to name something in a table. */
  String name() {
    String name = text();
    if (!NAME.matcher(name).matches()) {
      throw mustBe(NAME_RULE);
    }
    return name;
  }

  List<Value> items() {
    if (!(yaml instanceof Sequence sequence)) {
      throw mustBe("a list");
    }
    List<Value> items = new ArrayList<>();
    for (Written item : sequence.items()) {
      items.add(new Value(join(key, items.size()), item.where(), item.yaml()));
    }
    return items;
  }

  /** The values of a mapping whose keys are the user's own, in the order written. */
  Map<String, Value> entries() {
    if (!(yaml instanceof Mapping mapping)) {
      throw mustBe("a mapping");
    }
    Map<String, Value> entries = new LinkedHashMap<>();
    mapping
        .entries()
        .forEach(
            (name, written) ->
                entries.put(name, new Value(join(key, name), written.where(), written.yaml())));
    return entries;
  }

  /** Like {@link #entries}, of keys that are fit to name something in a table. */
  Map<String, Value> named() {
    Map<String, Value> entries = entries();
    entries.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches()) {
            throw value.error("the name '" + name + "' in '" + key + "' must be " + NAME_RULE);
          }
        });
    return entries;
  }

  /** The values of a mapping that has no other keys than these. */
  Section section(String... known) {
    return new Section(this, entries(), List.of(known));
  }

  boolean isMapping() {
    return yaml instanceof Mapping;
  }

  boolean isList() {
    return yaml instanceof Sequence;
  }

  UserError error(String message) {
    return UserError.usage(where + ": " + message);
  }

  UserError mustBe(String expected) {
    return mustBe(expected, shown());
  }

  UserError mustBe(String expected, String actual) {
    if (key.isEmpty()) {
      return error("the file must be " + expected + ", not " + actual);
    }
    if (yaml.isNothing()) {
      return error("'" + key + "' has no value; it must be " + expected + ", or the key left out");
    }
    return error("'" + key + "' must be " + expected + ", not " + actual);
  }

  /** Ends an error: the nearest known word, if one is near. */
  static String didYouMean(String word, Collection<String> known) {
    return Nearest.of(word, known).map(near -> "; did you mean '" + near + "'?").orElse("");
  }

  /** The value as an error shows it: short, on one line. */
  String shown() {
    if (yaml instanceof Scalar scalar) {
      String text = scalar.text().strip().replaceAll("\\s+", " ");
      return "'" + (text.length() > 60 ? text.substring(0, 60) + "…" : text) + "'";
    }
    return isMapping() ? "a mapping" : "a list";
  }

  private String notBlank(String text) {
    if (text.isBlank()) {
      throw error("'" + key + "' is empty text; give it a value, or leave the key out");
    }
    return text;
  }

  private String scalarOr(String expected) {
    if (yaml instanceof Scalar scalar && !yaml.isNothing()) {
      return scalar.text();
    }
    throw mustBe(expected);
  }

  private String number(String expected, List<Kind> kinds) {
    String text = scalarOr(expected);
    Scalar scalar = (Scalar) yaml;
    if (scalar.isQuoted()) {
      throw mustBe(expected, "text in quotes: \"" + text + "\"");
    }
    if (!kinds.contains(scalar.kind())) {
      throw mustBe(expected);
    }
    return text;
  }
}
