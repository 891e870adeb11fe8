package io.tenure.jobs.protect;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection.Rule;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which numbers of a run are hidden.
 *
 * <ol>
 *   <li>Small ones: numbers of rows that speak of at least one user and fewer than {@code
 *       privacy.min-users}.
 *   <li>Of the whole and of each value, what its own tables would give them away by: {@link
 *       Closure}.
 *   <li>Of each dimension, the two largest values hide what is hidden in any value or in the whole:
 *       two worlds in which users of one value have lived as users of the other did differ in
 *       hidden numbers only, because nothing that is published tells the two values apart there.
 *   <li>What the whole says beyond the values that are shown, in no row of few users: {@link
 *       Residuals}, {@link LifeResiduals}. What that hides goes through the same again, until
 *       nothing more is found.
 *   <li>A value with fewer users in all leaves no rows, and neither do more of the smallest values
 *       until these are at least two with enough users between them.
 * </ol>
 */
public final class Hiding {
  private final int minUsers;
  private final Reach reach;
  private final Map<Slice, Facts> facts = new HashMap<>();
  private final Map<Slice, Hidden> hidden = new HashMap<>();
  private final Set<Slice> dropped = new HashSet<>();
  private final Map<String, List<Slice>> companions = new TreeMap<>();

  private Hiding(TenureConfig config, LocalDate asOf, int minUsers) {
    this.minUsers = minUsers;
    this.reach = new Reach(config, asOf);
  }

  /**
   * Decides by the exact tables.
   *
   * @param asOf the last day that counts
   * @param minUsers 0 hides nothing
   * @param tables the contracts of all tables that are computed from users
   */
  public static Hiding of(
      TenureConfig config, LocalDate asOf, int minUsers, List<Contract> tables, TableRows exact) {
    Hiding hiding = new Hiding(config, asOf, minUsers);
    for (Contract table : tables) {
      Rule rule = table.protection().rule();
      if (table.protection().hidesAny() && rule != Rule.COHORTS && rule != Rule.COMPARISON) {
        Fields fields = new Fields(table);
        exact.each(table, row -> hiding.facts(fields.slice(row)).add(fields, row));
      }
    }
    hiding.facts(Slice.WHOLE);
    hiding.dropSmall();
    do {
      hiding.close();
      for (Contract table : tables) {
        if (table.protection().rule() == Rule.COHORTS) {
          new Pools(hiding, new Fields(table)).hide(exact);
        }
      }
    } while (minUsers > 0 && hiding.hideResiduals(tables, exact));
    return hiding;
  }

  private boolean hideResiduals(List<Contract> tables, TableRows exact) {
    boolean more = new LifeResiduals(this, facts).hide();
    for (Contract table : tables) {
      if (Residuals.canJudge(table)) {
        more |= new Residuals(this, new Fields(table)).hide(exact);
      }
    }
    return more;
  }

  private Facts facts(Slice slice) {
    return facts.computeIfAbsent(slice, unseen -> new Facts(minUsers));
  }

  /** What is hidden may ask for more to be hidden, of the same slice and of the largest ones. */
  private void close() {
    facts.forEach((slice, facts) -> hidden.put(slice, Closure.of(facts, reach)));
    spread();
    // What came from another value has consequences in the tables of this one.
    facts.forEach((slice, facts) -> Closure.of(facts, reach));
    spread();
    // Of monthly contracts everybody could leave, so that what is shown of them gives the rest
    // away.
    if (hidden.values().stream().anyMatch(its -> its.couldLeave)) {
      hidden.values().forEach(its -> its.couldLeave = true);
    }
  }

  private void dropSmall() {
    if (facts.get(Slice.WHOLE).users(reach) < minUsers) {
      dropped.addAll(facts.keySet());
      return;
    }
    Map<String, List<Slice>> dimensions = new TreeMap<>();
    for (Slice slice : facts.keySet()) {
      if (!slice.isWhole()) {
        dimensions.computeIfAbsent(slice.segment(), unseen -> new ArrayList<>()).add(slice);
      }
    }
    dimensions.forEach(
        (dimension, values) -> {
          values.sort(
              Comparator.<Slice>comparingLong(value -> facts.get(value).users(reach))
                  .thenComparing(Slice::value));
          values.subList(0, small(values)).forEach(dropped::add);
          List<Slice> left = values.subList(small(values), values.size());
          List<Slice> largest =
              List.copyOf(left.subList(Math.max(0, left.size() - 2), left.size()));
          companions.put(dimension, largest);
        });
  }

  /** How many of the values, smallest first, leave no rows. */
  private int small(List<Slice> values) {
    if (facts.get(values.get(0)).users(reach) >= minUsers) {
      return 0;
    }
    int count = 0;
    long users = 0;
    while (count < values.size()
        && (count < 2
            || users < minUsers
            || facts.get(values.get(count)).users(reach) < minUsers)) {
      users += facts.get(values.get(count)).users(reach);
      count++;
    }
    return count;
  }

  /** The largest values of each dimension hide what any slice does. */
  void spread() {
    companions.forEach(
        (dimension, largest) -> {
          Hidden all = new Hidden();
          hidden.forEach(
              (slice, its) -> {
                if (slice.isWhole()
                    || slice.segment().equals(dimension) && !dropped.contains(slice)) {
                  all.add(its);
                }
              });
          largest.forEach(value -> hidden.get(value).add(all));
        });
  }

  int minUsers() {
    return minUsers;
  }

  Reach reach() {
    return reach;
  }

  Facts factsOf(Slice slice) {
    return facts.get(slice);
  }

  /** What is hidden of a slice. */
  Hidden of(Slice slice) {
    return hidden.getOrDefault(slice, new Hidden());
  }

  /** Whether a slice leaves no rows. */
  boolean isDropped(Slice slice) {
    return dropped.contains(slice)
        || slice.value().equals(Contract.WHOLE) && dropped.contains(Slice.WHOLE);
  }

  /** Whether a dimension has values that leave no rows. */
  boolean hasDropped(String dimension) {
    return dropped.stream().anyMatch(slice -> slice.segment().equals(dimension));
  }

  /** The dimensions with the number of their values that leave no rows. */
  public Map<String, Integer> dropped() {
    Map<String, Integer> values = new TreeMap<>();
    Set<Slice> left = new HashSet<>(dropped);
    left.remove(Slice.WHOLE);
    left.forEach(slice -> values.merge(slice.segment(), 1, Integer::sum));
    return new TreeMap<>(values);
  }

  /** How the rows of a table are protected. */
  public ProtectedRows rows(Contract table) {
    return new ProtectedRows(this, new Fields(table));
  }
}
