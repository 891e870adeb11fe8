package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;
import java.util.Arrays;

/**
 * The events of one user and day that are steps of funnels, in their order: by instant, then by id,
 * those without one first. Not all of them: what is left out cannot change where any funnel leads,
 * as {@link StepEvents#close} shows.
 */
public final class StepSequence {
  /** Of a day without such events. */
  static final StepSequence EMPTY = new StepSequence(new long[0], new long[0]);

  /**
   * In a mark, beside the bits of the activities: neither instant nor id tells it from the last.
   */
  private static final long TIED = Long.MIN_VALUE;

  private final long[] instants;
  private final long[] marks;

  private StepSequence(long[] instants, long[] marks) {
    this.instants = instants;
    this.marks = marks;
  }

  /** The number of events. */
  public int size() {
    return instants.length;
  }

  /** When the {@code at}-th event was: microseconds since 1970-01-01T00:00Z. */
  public long instant(int at) {
    return instants[at];
  }

  /** Which activities the {@code at}-th event is, of those that are steps: bit by bit. */
  public long activities(int at) {
    return marks[at] & ~TIED;
  }

  /**
   * Whether nothing says that the {@code at}-th event came after the one before it: both are of the
   * same instant, and of the same id or none.
   */
  public boolean isTied(int at) {
    return (marks[at] & TIED) != 0;
  }

  /** Gathers the events of a sequence, one after the other. */
  static final class Builder {
    private final long[] instants;
    private final long[] marks;
    private int size;

    Builder(int capacity) {
      instants = new long[capacity];
      marks = new long[capacity];
    }

    void add(long instant, long activities, boolean tied) {
      instants[size] = instant;
      marks[size++] = tied ? activities | TIED : activities;
    }

    StepSequence build() {
      return size == 0
          ? EMPTY
          : new StepSequence(Arrays.copyOf(instants, size), Arrays.copyOf(marks, size));
    }
  }

  /** Writes the sequences of the days of a history. */
  static void write(ByteWriter out, StepSequence[] days) {
    long previous = 0;
    for (StepSequence day : days) {
      out.varint(day.size());
      for (int at = 0; at < day.size(); at++) {
        out.zigzag(day.instants[at] - previous);
        previous = day.instants[at];
        // The tie moves to the lowest bit, where it costs no byte.
        out.varint(Long.rotateLeft(day.marks[at], 1));
      }
    }
  }

  static StepSequence[] read(ByteReader in, int days) {
    StepSequence[] sequences = new StepSequence[days];
    long previous = 0;
    for (int day = 0; day < days; day++) {
      int size = in.length();
      Builder events = new Builder(size);
      for (int at = 0; at < size; at++) {
        previous += in.zigzag();
        long mark = Long.rotateRight(in.varint(), 1);
        events.add(previous, mark & ~TIED, (mark & TIED) != 0);
      }
      sequences[day] = events.build();
    }
    return sequences;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepSequence that
        && Arrays.equals(instants, that.instants)
        && Arrays.equals(marks, that.marks);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(instants) + Arrays.hashCode(marks);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < size(); at++) {
      text.append(isTied(at) ? "=" : " ").append(instants[at]).append(':').append(activities(at));
    }
    return text.toString();
  }
}
