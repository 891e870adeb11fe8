package io.tenure.common.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML value, immutable; what it contains knows where it was written. */
sealed interface Yaml {

  /**
   * A value and where it was written.
   *
   * @param where begins an error: {@code shop.yaml:12} (the line of the key, or of the list
   *     element) or {@code --set a.b=c}
   */
  record Written(String where, Yaml yaml) {}

  /** The type of a scalar under the YAML 1.2 core schema. */
  enum Kind {
    TEXT,
    BOOLEAN,
    WHOLE,
    DECIMAL,
    NOTHING
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes
   */
  record Scalar(Kind kind, String text, boolean isQuoted) implements Yaml {}

  /** A list. */
  record Sequence(List<Written> items) implements Yaml {
    public Sequence {
      items = List.copyOf(items);
    }
  }

  /** Keys and values, in the order written. */
  record Mapping(Map<String, Written> entries) implements Yaml {
    public Mapping {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /** Whether this is what YAML makes of no value at all, or of {@code null}. */
  default boolean isNothing() {
    return this instanceof Scalar scalar && scalar.kind() == Kind.NOTHING;
  }
}
