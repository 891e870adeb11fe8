package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The events of one user and day that are steps of funnels, while they are still coming in, in any
 * order and any number of parts.
 */
final class StepEvents {
  private int size;
  private long[] instants = new long[4];
  private long[] activities = new long[4];

  /** Allocated once an event with an id comes. */
  private String[] ids;

  void add(long instant, long activities, String id) {
    if (size == instants.length) {
      int capacity = Math.multiplyExact(size, 2);
      instants = Arrays.copyOf(instants, capacity);
      this.activities = Arrays.copyOf(this.activities, capacity);
      ids = ids == null ? null : Arrays.copyOf(ids, capacity);
    }
    instants[size] = instant;
    this.activities[size] = activities;
    if (id != null && ids == null) {
      ids = new String[instants.length];
    }
    if (ids != null) {
      ids[size] = id;
    }
    size++;
  }

  void addAll(StepEvents other) {
    for (int at = 0; at < other.size; at++) {
      add(other.instants[at], other.activities[at], other.id(at));
    }
  }

  private String id(int at) {
    return ids == null ? null : ids[at];
  }

  /**
   * The positions of events in their order, without those that no merging can make matter: where an
   * event can only begin funnels, every later one of the same activities.
   */
  private int[] ordered(FunnelSteps steps) {
    if (size == 1) {
      return new int[] {0};
    }
    Comparator<Integer> order =
        Comparator.<Integer>comparingLong(at -> instants[at])
            .thenComparing(this::id, OpenHistory::compareIds)
            .thenComparing(at -> activities[at], Long::compareUnsigned);
    long repeated = steps.repeatedActivities();
    Set<Long> begun = new HashSet<>();
    return IntStream.range(0, size)
        .boxed()
        .sorted(order)
        .filter(at -> (activities[at] & repeated) != 0 || begun.add(activities[at]))
        .mapToInt(at -> at)
        .toArray();
  }

  private boolean isTied(int at, int before) {
    return instants[at] == instants[before] && OpenHistory.compareIds(id(at), id(before)) == 0;
  }

  /**
   * The sequence, once every event of the day is in.
   *
   * <p>Where events of the same activities follow one another with nothing between them, only so
   * many are kept as one user can need. Who comes to them from a step before, or begins with the
   * first of the day, takes the earliest. Who may begin with any of them and goes on to what comes
   * later begins as late as possible, and takes the last. And who begins with any of them and takes
   * several steps among them takes the first that are close enough. Events that are tied with
   * others have no order among them, so that there only those within the tie follow one another.
   */
  StepSequence close(FunnelSteps steps) {
    int[] order = ordered(steps);
    int[] before = inRow(order);
    List<FunnelSteps.Path> everyEntry = steps.ofEveryEntry();
    boolean[] kept = new boolean[order.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && before[to] > 0) {
        to++;
      }
      int most = steps.mostInRow(activities[order[from]]);
      Arrays.fill(kept, from, Math.min(from + most, to), true);
      if (!everyEntry.isEmpty()) {
        Arrays.fill(kept, Math.max(from, to - most), to, true);
        everyEntry.forEach(new Row(order, from, to, kept)::keepClose);
      }
      from = to;
    }
    StepSequence.Builder sequence = new StepSequence.Builder(order.length);
    int last = -1;
    for (int at = 0; at < order.length; at++) {
      if (kept[at]) {
        boolean tied = last >= 0 && isTied(order[at], last);
        last = order[at];
        sequence.add(instants[last], activities[last], tied);
      }
    }
    return sequence.build();
  }

  /** Events of the same activities that follow one another: those of {@code [from, to)}. */
  private final class Row {
    private final int[] order;
    private final int from;
    private final int to;
    private final boolean[] kept;

    Row(int[] order, int from, int to, boolean[] kept) {
      this.order = order;
      this.from = from;
      this.to = to;
      this.kept = kept;
    }

    /** Keeps, for each number of first steps that these serve, the first that are close enough. */
    void keepClose(FunnelSteps.Path funnel) {
      int leading = funnel.leadingSteps(activities[order[from]]);
      for (int count = 2; count <= Math.min(leading, to - from); count++) {
        int first = from;
        while (first + count <= to
            && instants[order[first + count - 1]] - instants[order[first]] > funnel.window()) {
          first++;
        }
        Arrays.fill(kept, Math.min(first, to), Math.min(first + count, to), true);
      }
    }
  }

  /**
   * Of each event how many of its activities come right before it: nothing can lie between those
   * that are tied, and between those that are tied with no other activities.
   */
  private int[] inRow(int[] order) {
    boolean[] alone = new boolean[order.length];
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && isTied(order[to], order[from])) {
        to++;
      }
      // Tied events are in the order of their activities.
      Arrays.fill(alone, from, to, activities[order[from]] == activities[order[to - 1]]);
      from = to;
    }
    int[] before = new int[order.length];
    for (int at = 1; at < order.length; at++) {
      boolean follows =
          activities[order[at]] == activities[order[at - 1]]
              && (isTied(order[at], order[at - 1]) || (alone[at] && alone[at - 1]));
      before[at] = follows ? before[at - 1] + 1 : 0;
    }
    return before;
  }

  /** Writes the events in their order; {@link #read} reads them back. */
  void write(ByteWriter out, FunnelSteps steps) {
    int[] order = ordered(steps);
    out.varint(order.length);
    boolean any = IntStream.of(order).anyMatch(at -> id(at) != null);
    out.varint(any ? 1 : 0);
    long previous = 0;
    for (int at : order) {
      out.zigzag(instants[at] - previous);
      previous = instants[at];
      out.varint(activities[at]);
      if (any) {
        out.optionalString(id(at));
      }
    }
  }

  static StepEvents read(ByteReader in) {
    StepEvents events = new StepEvents();
    int size = in.length();
    boolean ids = in.varint() == 1;
    long instant = 0;
    for (int at = 0; at < size; at++) {
      instant += in.zigzag();
      events.add(instant, in.varint(), ids ? in.optionalString() : null);
    }
    return events;
  }
}
