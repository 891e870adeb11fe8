package io.tenure.jobs.compute;

import org.apache.spark.util.AccumulatorV2;

/**
 * Which activities anybody ever had, as a mask of their bits. A task that is repeated says the same
 * again, so this may be told beside the data.
 */
final class SeenActivities extends AccumulatorV2<Long, Long> {
  private static final long serialVersionUID = 1L;

  private long mask;

  SeenActivities(long mask) {
    this.mask = mask;
  }

  @Override
  public boolean isZero() {
    return mask == 0;
  }

  @Override
  public AccumulatorV2<Long, Long> copy() {
    return new SeenActivities(mask);
  }

  @Override
  public void reset() {
    mask = 0;
  }

  @Override
  public void add(Long more) {
    mask |= more;
  }

  @Override
  public void merge(AccumulatorV2<Long, Long> other) {
    mask |= other.value();
  }

  @Override
  public Long value() {
    return mask;
  }
}
