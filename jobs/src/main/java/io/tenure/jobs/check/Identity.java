package io.tenure.jobs.check;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that must hold between the numbers of a run, whatever the log: of two sums over rows,
 * under every key.
 *
 * @param name short, snake_case; in the table {@code quality} and in errors
 * @param sentence what must hold, in words
 * @param relation how what is found must stand to what is expected
 * @param terms what a row adds, by the name of its table
 */
public record Identity(String name, String sentence, Relation relation, Map<String, Terms> terms)
    implements Serializable {

  /** What one row of a table says about an identity. */
  @FunctionalInterface
  public interface Terms extends Serializable {
    void of(Line line, Ledger ledger);
  }

  public Identity {
    terms = new TreeMap<>(terms);
  }

  /** The tables it speaks of. */
  public List<String> tables() {
    return List.copyOf(terms.keySet());
  }
}
