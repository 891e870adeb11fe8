package io.tenure.common.history;

import io.tenure.common.encoding.ByteReader;
import io.tenure.common.encoding.ByteWriter;

/** An open history as bytes: what a shuffle carries between the parts of one history. */
final class OpenHistoryCode {
  // What is written of a value.
  private static final int NO_VALUE = 0;
  private static final int SAME_VALUE = 1;
  private static final int OTHER_VALUE = 2;

  private OpenHistoryCode() {}

  static byte[] encode(OpenHistory history) {
    int size = history.size;
    int dimensions = history.values.length;
    ByteWriter out = new ByteWriter(16 + size * (4 + 8 * dimensions));
    out.varint(size);
    boolean ids = hasIds(history);
    out.varint(ids ? 1 : 0);
    int previous = 0;
    // Times are written as what they differ by from the one before, which is little.
    long reference = 0;
    String[] latest = new String[dimensions];
    for (int at = 0; at < size; at++) {
      out.zigzag(history.days[at] - previous);
      previous = history.days[at];
      out.varint(history.activities[at]);
      if (history.openings != null) {
        out.zigzag(history.openingTimes[at] - reference);
        out.varint(history.openings[at]);
        reference = history.openingTimes[at];
        if (ids) {
          out.optionalString(history.openingIds == null ? null : history.openingIds[at]);
        }
      }
      if (history.amounts != null) {
        out.zigzag(history.amounts[at]);
      }
      for (int dimension = 0; dimension < dimensions; dimension++) {
        String value = history.values[dimension][at];
        if (value == null) {
          out.varint(NO_VALUE);
          continue;
        }
        // Values change rarely: one that stays is a single byte.
        boolean stays = value.equals(latest[dimension]);
        out.varint(stays ? SAME_VALUE : OTHER_VALUE);
        if (!stays) {
          out.optionalString(value);
          latest[dimension] = value;
        }
        out.zigzag(history.valueTimes[dimension][at] - reference);
        reference = history.valueTimes[dimension][at];
        if (ids) {
          out.optionalString(history.valueIds == null ? null : history.valueIds[dimension][at]);
        }
      }
      for (int[] ofDays : history.counts) {
        out.varint(ofDays[at]);
      }
      if (history.steps != null) {
        writeSteps(history, at, out);
      }
    }
    return out.toByteArray();
  }

  private static void writeSteps(OpenHistory history, int at, ByteWriter out) {
    StepEvents steps = history.steps[at];
    out.varint(steps == null ? 0 : 1);
    if (steps != null) {
      steps.write(out, history.shape.steps());
    }
  }

  /** An id that lost to an event without one may have left nothing behind. */
  private static boolean hasIds(OpenHistory history) {
    if (history.openingIds != null) {
      for (int at = 0; at < history.size; at++) {
        if (history.openingIds[at] != null) {
          return true;
        }
      }
    }
    if (history.valueIds != null) {
      for (String[] dimension : history.valueIds) {
        for (int at = 0; at < history.size; at++) {
          if (dimension[at] != null) {
            return true;
          }
        }
      }
    }
    return false;
  }

  static OpenHistory decode(byte[] bytes, HistoryShape shape) {
    ByteReader in = new ByteReader(bytes);
    int size = in.length();
    OpenHistory history = new OpenHistory(shape, size);
    boolean ids = in.varint() == 1;
    history.size = size;
    if (ids) {
      history.valueIds = new String[shape.dimensions()][history.days.length];
      history.openingIds = shape.openings() ? new String[history.days.length] : null;
    }
    int previous = 0;
    long reference = 0;
    String[] latest = new String[shape.dimensions()];
    for (int at = 0; at < size; at++) {
      previous += (int) in.zigzag();
      history.days[at] = previous;
      history.activities[at] = in.varint();
      if (shape.openings()) {
        reference += in.zigzag();
        history.openingTimes[at] = reference;
        history.openings[at] = in.varint();
        if (ids) {
          history.openingIds[at] = in.optionalString();
        }
      }
      if (shape.amounts()) {
        history.amounts[at] = in.zigzag();
      }
      for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
        long kind = in.varint();
        if (kind == NO_VALUE) {
          history.valueTimes[dimension][at] = Long.MIN_VALUE;
          continue;
        }
        if (kind == OTHER_VALUE) {
          latest[dimension] = in.optionalString();
        }
        history.values[dimension][at] = latest[dimension];
        reference += in.zigzag();
        history.valueTimes[dimension][at] = reference;
        if (ids) {
          history.valueIds[dimension][at] = in.optionalString();
        }
      }
      for (int[] ofDays : history.counts) {
        ofDays[at] = in.length();
      }
      if (history.steps != null && in.varint() == 1) {
        history.steps[at] = StepEvents.read(in);
      }
    }
    return history;
  }
}
