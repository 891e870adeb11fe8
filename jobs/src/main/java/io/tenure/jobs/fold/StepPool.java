package io.tenure.jobs.fold;

import io.tenure.common.history.OpenHistory;
import java.util.Arrays;

/**
 * The events of many users and days that are steps of funnels, in flat arrays. Those of a user and
 * day are chained, the last one added first; a place is the number of an event, plus one.
 */
final class StepPool {
  private static final int INITIAL_EVENTS = 1 << 10;

  /** How many events back one that can only begin funnels looks for another one like it. */
  private static final int LOOK_BACK = 4;

  private final boolean hasIds;
  private long[] instants = new long[INITIAL_EVENTS];
  private long[] activities = new long[INITIAL_EVENTS];
  private int[] previous = new int[INITIAL_EVENTS];

  /** Null where events have no ids. */
  private String[] ids;

  private int size;

  /** Takes an event. */
  interface Taker {
    void take(long instant, long activities, String id);
  }

  StepPool(boolean ids) {
    this.hasIds = ids;
    this.ids = ids ? new String[INITIAL_EVENTS] : null;
  }

  void clear() {
    if (hasIds) {
      Arrays.fill(ids, 0, size, null);
    }
    size = 0;
  }

  /** Memory taken by events, in bytes. */
  long bytes() {
    return size * (2L * Long.BYTES + Integer.BYTES + (hasIds ? 8L * Long.BYTES : 0));
  }

  /**
   * Adds an event.
   *
   * @param last the place of the last one of the same user and day; 0 for none
   * @return the place of this one
   */
  int add(int last, long instant, long which, String id) {
    if (size == instants.length) {
      int capacity = Math.multiplyExact(size, 2);
      instants = Arrays.copyOf(instants, capacity);
      activities = Arrays.copyOf(activities, capacity);
      previous = Arrays.copyOf(previous, capacity);
      ids = hasIds ? Arrays.copyOf(ids, capacity) : null;
    }
    instants[size] = instant;
    activities[size] = which;
    previous[size] = last;
    if (hasIds) {
      ids[size] = id;
    }
    return ++size;
  }

  /**
   * For an event of which only the first of its activities matters: whether one like it was found
   * not far back, which then is the first of the two.
   */
  boolean keepsFirst(int last, long instant, long which, String id) {
    int place = last;
    for (int back = 0; place > 0 && back < LOOK_BACK; back++) {
      int at = place - 1;
      if (activities[at] == which) {
        int order = Long.compare(instant, instants[at]);
        if (order == 0) {
          order = OpenHistory.compareIds(id, id(at));
        }
        if (order < 0) {
          instants[at] = instant;
          if (hasIds) {
            ids[at] = id;
          }
        }
        return true;
      }
      place = previous[at];
    }
    return false;
  }

  /** All events of a user and day. */
  void each(int last, Taker taker) {
    for (int place = last; place > 0; place = previous[place - 1]) {
      taker.take(instants[place - 1], activities[place - 1], id(place - 1));
    }
  }

  private String id(int at) {
    return hasIds ? ids[at] : null;
  }
}
