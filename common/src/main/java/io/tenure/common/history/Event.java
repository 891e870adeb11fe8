package io.tenure.common.history;

/**
 * One accepted event of one user, reused from row to row by whoever reads them.
 *
 * <p>Mutable and bare on purpose: it exists once per task, not once per event.
 */
public final class Event {
  /** The local day, as an epoch day. */
  public int day;

  /** Orders the events of a day: microseconds, on whichever clock the input uses throughout. */
  public long time;

  /**
   * When it happened, in microseconds since 1970-01-01T00:00Z; only looked at if it is a step of a
   * funnel.
   */
  public long instant;

  /** The activities this event is: bit i for the i-th activity of the config. */
  public long activities;

  /** Breaks ties between events at the same time; null when the input names none. */
  public String id;

  /** Unscaled amount at the config's scale; 0 when there is none. */
  public long amount;

  /** The value of each dimension; null where this event has none. */
  public final String[] segments;

  public Event(int dimensions) {
    this.segments = new String[dimensions];
  }
}
