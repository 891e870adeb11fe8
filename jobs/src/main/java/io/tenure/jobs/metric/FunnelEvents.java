package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import io.tenure.common.history.StepSequence;
import java.util.Arrays;
import java.util.List;

/**
 * The events of one user that are steps of one funnel, in their order: by local day, instant, then
 * by id. What these leave open is settled by the lowest and then by the highest step that an event
 * can serve, then by how many it can, fewest first, then by the list of them: mostly, but not
 * always, this leads as far as any order could.
 */
final class FunnelEvents {
  /**
   * Further than instants run against the order of days: clocks are put back by hours at most, and
   * times that a zone leaves out are moved by a day.
   */
  private static final long DISORDER = 2 * 86_400_000_000L;

  private int size;
  private long[] instants = new long[8];
  private int[] days = new int[8];

  /** Bit s: the event can serve step s, from 0. */
  private int[] served = new int[8];

  private FunnelEvents() {}

  /**
   * @param steps of each step the bit of its activity
   */
  static FunnelEvents of(History history, List<Integer> steps) {
    FunnelEvents events = new FunnelEvents();
    for (int at = 0; at < history.size(); at++) {
      StepSequence sequence = history.steps(at);
      int tie = events.size;
      for (int event = 0; event < sequence.size(); event++) {
        if (!sequence.isTied(event)) {
          tie = events.size;
        }
        int serves = served(sequence.activities(event), steps);
        if (serves != 0) {
          events.insert(tie, sequence.instant(event), history.day(at), serves);
        }
      }
    }
    return events;
  }

  private static int served(long activities, List<Integer> steps) {
    int served = 0;
    for (int step = 0; step < steps.size(); step++) {
      served |= (int) (activities >>> steps.get(step) & 1) << step;
    }
    return served;
  }

  /** Adds an event at its place among those from {@code tie} on, which are of the same instant. */
  private void insert(int tie, long instant, int day, int serves) {
    if (size == instants.length) {
      instants = Arrays.copyOf(instants, 2 * size);
      days = Arrays.copyOf(days, 2 * size);
      served = Arrays.copyOf(served, 2 * size);
    }
    int place = size++;
    for (; place > tie && compare(served[place - 1], serves) > 0; place--) {
      served[place] = served[place - 1];
    }
    served[place] = serves;
    instants[size - 1] = instant;
    days[size - 1] = day;
  }

  private static int compare(int left, int right) {
    int lowest =
        Integer.compare(Integer.numberOfTrailingZeros(left), Integer.numberOfTrailingZeros(right));
    int highest =
        Integer.compare(Integer.numberOfLeadingZeros(right), Integer.numberOfLeadingZeros(left));
    int many = Integer.compare(Integer.bitCount(left), Integer.bitCount(right));
    if (lowest != 0 || highest != 0 || many != 0) {
      return lowest != 0 ? lowest : highest != 0 ? highest : many;
    }
    // Where the two lists differ first, the one with that step in it goes on with the lower step.
    int first = Integer.lowestOneBit(left ^ right);
    return first == 0 ? 0 : (left & first) != 0 ? -1 : 1;
  }

  /** The first event from a place on that can serve the first step; -1 if there is none. */
  int entry(int from) {
    for (int at = from; at < size; at++) {
      if ((served[at] & 1) == 1) {
        return at;
      }
    }
    return -1;
  }

  /** When an event was, in microseconds since 1970-01-01T00:00Z. */
  long instant(int at) {
    return instants[at];
  }

  /** The local day of an event, an epoch day. */
  int day(int at) {
    return days[at];
  }

  /** The last event of the days before {@code end} that can serve the first step; -1 for none. */
  int lastEntry(int end) {
    int at = size - 1;
    while (at >= 0 && (days[at] >= end || (served[at] & 1) == 0)) {
      at--;
    }
    return at;
  }

  /**
   * Of all events that can serve the first step, the one that leads furthest: by which the furthest
   * step is reached first, and of those the last.
   *
   * <p>Remembers of each step the last such event that leads to it: whoever begins later has all
   * that comes before them, and time left for longest.
   *
   * @param from the first event that may be it
   * @param end a day: only events of days before may be it
   * @param steps how many there are
   * @param window as of {@link #follow}
   */
  int furthestEntry(int from, int end, int steps, long window) {
    int[] begun = new int[steps];
    Arrays.fill(begun, -1);
    int furthest = 0;
    int entry = -1;
    for (int at = from; at < size && furthest < steps; at++) {
      // From the last step down, so that an event serves one of them.
      for (int step = steps - 1; step >= 1; step--) {
        int start = begun[step - 1];
        if ((served[at] >>> step & 1) == 1
            && start >= 0
            && instants[at] <= instants[start] + window) {
          begun[step] = Math.max(begun[step], start);
          if (step + 1 > furthest) {
            furthest = step + 1;
            entry = start;
          }
        }
      }
      if ((served[at] & 1) == 1 && days[at] < end) {
        begun[0] = at;
        entry = furthest == 0 ? at : entry;
        furthest = Math.max(furthest, 1);
      } else if (days[at] >= end
          && (begun[0] < 0 || instants[at] - DISORDER > instants[begun[0]] + window)) {
        break;
      }
    }
    return entry;
  }

  /**
   * Goes from step to step, each time to the first event that serves the next one. No other choice
   * leads further: who is at a step earlier has all the events before them that others have.
   *
   * @param entry the event that serves the first step
   * @param window how long after it others count, its end included, in microseconds
   * @param reached takes the instant of each step that is reached
   * @return the number of steps reached
   */
  int follow(int entry, long window, long[] reached) {
    long until = instants[entry] + window;
    reached[0] = instants[entry];
    int steps = 1;
    for (int at = entry + 1;
        at < size && steps < reached.length && instants[at] - DISORDER <= until;
        at++) {
      if ((served[at] >>> steps & 1) == 1 && instants[at] <= until) {
        reached[steps++] = instants[at];
      }
    }
    return steps;
  }
}
