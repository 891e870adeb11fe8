package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.common.encoding.Sha256;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which user an id stands for. An alias of an alias stands for the last in the chain; an id that is
 * no alias, and an alias of itself, for itself.
 */
public final class Aliases implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Every id is a user. */
  public static final Aliases NONE = new Aliases(new HashMap<>());

  private final Map<String, String> users;

  private Aliases(Map<String, String> users) {
    this.users = users;
  }

  /** Collects the rows of a table, and refuses those that contradict one another. */
  public static final class Builder {
    private final String table;
    private final Map<String, String> next = new HashMap<>();

    /**
     * @param table where the rows are, for errors
     */
    public Builder(String table) {
      this.table = table;
    }

    /**
     * Adds a row; the same one again changes nothing.
     *
     * @throws UserError of input, if it names nobody, or the alias stands for another user already
     */
    public Builder add(String alias, String user) {
      if (alias == null || alias.isBlank() || user == null || user.isBlank()) {
        throw UserError.input(
            "Cannot use the identities in %s: alias %s stands for user %s. Remove rows without either."
                .formatted(table, shown(alias), shown(user)));
      }
      String other = next.putIfAbsent(alias, user);
      if (other != null && !other.equals(user)) {
        // Named in an order that does not depend on that of the rows.
        boolean inOrder = other.compareTo(user) < 0;
        throw UserError.input(
            "Cannot use the identities in %s: alias %s stands for two users, %s and %s. Keep one."
                .formatted(
                    table,
                    shown(alias),
                    shown(inOrder ? other : user),
                    shown(inOrder ? user : other)));
      }
      return this;
    }

    /**
     * Follows all chains.
     *
     * @throws UserError of input, if aliases stand for one another in a circle
     */
    public Aliases build() {
      Map<String, String> users = new HashMap<>();
      for (String alias : next.keySet()) {
        String user = last(alias);
        if (!user.equals(alias)) {
          users.put(alias, user);
        }
      }
      return new Aliases(users);
    }

    private String last(String alias) {
      Set<String> chain = new LinkedHashSet<>();
      String id = alias;
      while (next.containsKey(id) && !next.get(id).equals(id)) {
        if (!chain.add(id)) {
          throw circle(chain, id);
        }
        id = next.get(id);
      }
      return id;
    }

    /** The circle from its least id on, whichever alias led into it. */
    private UserError circle(Set<String> chain, String from) {
      TreeSet<String> members = new TreeSet<>();
      for (String id = from; members.add(id); id = next.get(id)) {
        assert chain.contains(id);
      }
      String least = members.first();
      Set<String> inOrder = new LinkedHashSet<>();
      for (String id = least; inOrder.add(id); id = next.get(id)) {}
      return UserError.input(
          "Cannot use the identities in %s: aliases stand for one another in a circle, %s → %s. Remove one of these rows."
              .formatted(
                  table,
                  inOrder.stream().map(Builder::shown).collect(Collectors.joining(" → ")),
                  shown(least)));
    }

    private static String shown(String id) {
      return id == null ? "NULL" : "'" + id + "'";
    }
  }

  public boolean isEmpty() {
    return users.isEmpty();
  }

  /** Ids that stand for another. */
  public int size() {
    return users.size();
  }

  /** The alias that sorts first; there must be one. */
  String first() {
    return Collections.min(users.keySet());
  }

  /** Whether an alias satisfies a condition. */
  boolean anyOf(Predicate<String> condition) {
    return users.keySet().stream().anyMatch(condition);
  }

  /** The user that an id stands for; null for null. */
  public String user(String id) {
    return users.getOrDefault(id, id);
  }

  /** Every id that a person goes by, given any of each. */
  public Set<String> allIds(Collection<String> ids) {
    Set<String> all = new TreeSet<>(ids);
    Set<String> persons = ids.stream().map(this::user).collect(Collectors.toSet());
    all.addAll(persons);
    users.forEach(
        (alias, user) -> {
          if (persons.contains(user)) {
            all.add(alias);
          }
        });
    return all;
  }

  /** Fingerprint of who stands for whom; null if nobody does. */
  public String fingerprint() {
    if (users.isEmpty()) {
      return null;
    }
    Sha256 hash = new Sha256();
    new TreeMap<>(users)
        .forEach(
            (alias, user) ->
                hash.add(alias.length() + ":" + alias).add(user.length() + ":" + user));
    return hash.shortHex();
  }
}
