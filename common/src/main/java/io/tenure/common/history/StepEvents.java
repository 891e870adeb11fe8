package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
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

  int size() {
    return size;
  }

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
    long later = steps.laterActivities();
    Set<Long> begun = new HashSet<>();
    return IntStream.range(0, size)
        .boxed()
        .sorted(order)
        .filter(at -> (activities[at] & later) != 0 || begun.add(activities[at]))
        .mapToInt(at -> at)
        .toArray();
  }

  private boolean isTied(int at, int before) {
    return instants[at] == instants[before] && OpenHistory.compareIds(id(at), id(before)) == 0;
  }

  /**
   * The sequence, once every event of the day is in.
   *
   * <p>Where events of the same activities follow one another with nothing between them, only as
   * many of the first are kept as one user can need: a funnel comes to them from a step before, or
   * begins with the first of the day, and takes the earliest that it can. Events that are tied with
   * others have no order among them, so that there the same holds only within the tie.
   */
  StepSequence close(FunnelSteps steps) {
    int[] order = ordered(steps);
    StepSequence.Builder kept = new StepSequence.Builder(order.length);
    long run = 0;
    int inRun = 0;
    for (int from = 0; from < order.length; ) {
      int to = from + 1;
      while (to < order.length && isTied(order[to], order[to - 1])) {
        to++;
      }
      // Tied events are in the order of their activities, so that equal ones stand together.
      boolean alike = activities[order[from]] == activities[order[to - 1]];
      boolean goesOn = alike && activities[order[from]] == run;
      int count = goesOn ? inRun : 0;
      boolean first = true;
      for (int at = from; at < to; at++) {
        long activity = activities[order[at]];
        if (at > from && activity != activities[order[at - 1]]) {
          count = 0;
        }
        if (count < steps.mostInRow(activity)) {
          kept.add(instants[order[at]], activity, !first);
          first = false;
        }
        count++;
      }
      // Activities are never none, so that 0 is no run.
      run = alike ? activities[order[from]] : 0;
      inRun = count;
      from = to;
    }
    return kept.build();
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
