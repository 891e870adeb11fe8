package io.tenure.common.config;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The values of a mapping whose keys are fixed. An unknown key is an error at once. */
final class Section {
  private final Value self;
  private final Map<String, Value> values;
  private final List<String> known;

  Section(Value self, Map<String, Value> values, List<String> known) {
    this.self = self;
    this.values = values;
    this.known = known;
    values.forEach(
        (name, value) -> {
          if (!known.contains(name)) {
            throw unknown(name, value);
          }
        });
  }

  private UserError unknown(String name, Value value) {
    String remedy =
        Nearest.of(name, known)
            .map(near -> "did you mean '" + Value.join(self.key(), near) + "'?")
            .orElse("known keys: " + String.join(", ", known));
    return value.error("unknown key '" + value.key() + "'; " + remedy);
  }

  /** The value of a key, if it is given. */
  Optional<Value> find(String name) {
    if (!known.contains(name)) {
      throw new IllegalArgumentException("Undeclared key '" + name + "' of '" + self.key() + "'");
    }
    return Optional.ofNullable(values.get(name));
  }

  /**
   * The text of a key that must be given.
   *
   * @param meaning what to write there
   */
  String required(String name, String meaning) {
    return find(name)
        .map(value -> value.text(meaning))
        .orElseThrow(
            () ->
                self.error(
                    "'" + Value.join(self.key(), name) + "' is missing; it must be " + meaning));
  }

  /** The activity that a key names, which must be given. */
  String requiredActivity(String name, String meaning, Set<String> activities) {
    required(name, "the activity " + meaning);
    return ActivitiesLoader.declared(find(name).orElseThrow(), activities);
  }

  /** The section of a key; empty when it is not given. */
  Section section(String name, String... keys) {
    return find(name)
        .map(value -> value.section(keys))
        .orElseGet(
            () ->
                new Section(
                    new Value(Value.join(self.key(), name), self.where(), self.yaml()),
                    Map.of(),
                    List.of(keys)));
  }

  int whole(String name, int defaultValue, int min, int max) {
    return find(name).map(value -> value.whole(min, max)).orElse(defaultValue);
  }

  String name(String name, String defaultValue) {
    return find(name).map(Value::name).orElse(defaultValue);
  }

  <T> T oneOf(String name, Map<String, T> choices, T defaultValue) {
    return find(name).map(value -> value.oneOf(choices)).orElse(defaultValue);
  }
}
