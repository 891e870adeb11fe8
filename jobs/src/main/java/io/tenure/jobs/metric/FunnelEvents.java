package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import io.tenure.common.history.StepSequence;
import java.util.Arrays;
import java.util.List;

/**
 * The events of one user that are steps of one funnel, in their order: by instant, then by id; what
 * these leave open is settled in favour of the funnel: by the lowest and then by the highest step
 * that an event can serve, then by the list of all of them.
 */
final class FunnelEvents {
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
    if (lowest != 0 || highest != 0) {
      return lowest != 0 ? lowest : highest;
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

  /** The local day of an event, an epoch day. */
  int day(int at) {
    return days[at];
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
    for (int at = entry + 1; at < size && steps < reached.length && instants[at] <= until; at++) {
      if ((served[at] >>> steps & 1) == 1) {
        reached[steps++] = instants[at];
      }
    }
    return steps;
  }
}
