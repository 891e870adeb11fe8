package io.tenure.common.history;

import java.util.stream.Stream;

/** The union of some days of one history with all days of another. */
final class HistoryUnion {
  private final History left;
  private final int[] kept;
  private final History right;
  private final int size;

  /**
   * @param kept positions in {@code left}, ascending
   */
  HistoryUnion(History left, int[] kept, History right) {
    this.left = left;
    this.kept = kept;
    this.right = right;
    this.size = kept.length + right.size();
  }

  History history() {
    History united =
        new History(
            new int[size],
            new long[size],
            left.openings == null ? null : new long[size],
            left.amounts == null ? null : new long[size],
            Stream.generate(ValueRuns::new).limit(left.segments.length).toArray(ValueRuns[]::new),
            left.steps == null ? null : new StepSequence[size],
            left.counts == null ? null : new int[left.counts.length][size]);
    int fromLeft = 0;
    int fromRight = 0;
    for (int to = 0; to < size; to++) {
      boolean takeLeft =
          fromRight == right.size()
              || (fromLeft < kept.length && left.day(kept[fromLeft]) < right.day(fromRight));
      copy(takeLeft ? left : right, takeLeft ? kept[fromLeft++] : fromRight++, united, to);
      if (to > 0 && united.days[to] == united.days[to - 1]) {
        throw new IllegalArgumentException("Both histories hold the day " + united.days[to]);
      }
    }
    return united;
  }

  private static void copy(History source, int from, History target, int to) {
    target.days[to] = source.days[from];
    target.activities[to] = source.activities[from];
    if (target.openings != null) {
      target.openings[to] = source.openings[from];
    }
    if (target.amounts != null) {
      target.amounts[to] = source.amounts[from];
    }
    if (target.steps != null) {
      target.steps[to] = source.steps[from];
    }
    if (target.counts != null) {
      for (int counted = 0; counted < target.counts.length; counted++) {
        target.counts[counted][to] = source.counts[counted][from];
      }
    }
    for (int dimension = 0; dimension < target.segments.length; dimension++) {
      target.segments[dimension].add(source.segments[dimension].at(from), 1);
    }
  }
}
