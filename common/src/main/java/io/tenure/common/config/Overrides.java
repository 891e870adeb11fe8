package io.tenure.common.config;

import io.tenure.common.UserError;
import io.tenure.common.config.Yaml.Mapping;
import io.tenure.common.config.Yaml.Sequence;
import io.tenure.common.config.Yaml.Written;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code --set key=value}: what the file would say had the value been written there.
 *
 * <p>A key is dotted, an element of a list is its number: {@code retention.0.cohort}. The number
 * after the last one appends. Everything after {@code input.options.} is one key, because options
 * of readers have dots of their own. The value is YAML.
 */
final class Overrides {
  private static final String OPTIONS = "input.options.";

  /** Of these a key is a name that the user gives, which may be a number. */
  private static final Set<String> NAMED =
      Set.of("activities", "churn.contract", "churn.stages", "nps.touchpoints");

  /** What an address or a mistyped key may hold. */
  private static final Pattern SECRET =
      Pattern.compile("jdbc:|://[^/]*@|password|secret|token", Pattern.CASE_INSENSITIVE);

  private final String where;
  private final List<String> path;
  private final Written value;

  private Overrides(String override) {
    int equals = override.indexOf('=');
    String key = override.substring(0, Math.max(0, equals)).strip();
    // What is said of a database may hold a password, which no error shall repeat.
    this.where =
        "--set "
            + (key.startsWith("publish") || SECRET.matcher(override).find()
                ? key + "=…"
                : override);
    this.path = path(key);
    if (path.stream().anyMatch(String::isBlank)) {
      throw UserError.usage(where + ": write it as key=value, e.g. --set keep-runs=14");
    }
    this.value = YamlReader.override(override.substring(equals + 1), where, key);
  }

  /** The file with every override applied, in order: of two for the same key the last one wins. */
  static Written apply(Written file, List<String> overrides) {
    Written result = file;
    for (String override : overrides) {
      result = new Overrides(override).replace(Optional.of(result), 0);
    }
    return result;
  }

  private static List<String> path(String key) {
    return key.startsWith(OPTIONS)
        ? List.of("input", "options", key.substring(OPTIONS.length()))
        : List.of(key.split("\\.", -1));
  }

  /** {@code current}, which the first {@code depth} words of the path lead to, with the value. */
  private Written replace(Optional<Written> current, int depth) {
    if (depth == path.size()) {
      return value;
    }
    Written parent = current.filter(written -> !written.yaml().isNothing()).orElse(created(depth));
    if (parent.yaml() instanceof Mapping mapping) {
      return new Written(parent.where(), replaceEntry(mapping, depth));
    }
    if (parent.yaml() instanceof Sequence sequence) {
      return new Written(parent.where(), replaceItem(sequence, depth));
    }
    throw error("'" + key(depth) + "' is a single value, so it has no '" + key(depth + 1) + "'");
  }

  private Written created(int depth) {
    boolean isElement = isNumber(path.get(depth)) && !NAMED.contains(key(depth));
    return new Written(where, isElement ? new Sequence(List.of()) : new Mapping(Map.of()));
  }

  private Mapping replaceEntry(Mapping mapping, int depth) {
    Map<String, Written> entries = new LinkedHashMap<>(mapping.entries());
    String name = path.get(depth);
    entries.put(name, replace(Optional.ofNullable(entries.get(name)), depth + 1));
    return new Mapping(entries);
  }

  private Sequence replaceItem(Sequence sequence, int depth) {
    List<Written> items = new ArrayList<>(sequence.items());
    if (!isNumber(path.get(depth)) || Integer.parseInt(path.get(depth)) > items.size()) {
      throw error(
          "'%s' is a list of %d; name an element by its number, from %s to %s (a new one)"
              .formatted(
                  key(depth),
                  items.size(),
                  Value.join(key(depth), 0),
                  Value.join(key(depth), items.size())));
    }
    int index = Integer.parseInt(path.get(depth));
    if (index == items.size()) {
      items.add(replace(Optional.empty(), depth + 1));
    } else {
      items.set(index, replace(Optional.of(items.get(index)), depth + 1));
    }
    return new Sequence(items);
  }

  private static boolean isNumber(String word) {
    return word.matches("[0-9]{1,4}");
  }

  private String key(int words) {
    return String.join(".", path.subList(0, words));
  }

  private UserError error(String message) {
    return UserError.usage(where + ": " + message);
  }
}
