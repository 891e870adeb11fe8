package io.tenure.jobs.bench;

/**
 * What one run took.
 *
 * @param seconds of the whole process, start-up included
 * @param cpuSeconds of all its threads, in user and system mode
 * @param workSeconds without start-up: from an open session to finished tables
 * @param peakBytes the most memory that was resident at once
 * @param shuffleBytes what Spark wrote for its shuffles; null where it was not recorded
 */
record Measured(
    double seconds, double cpuSeconds, double workSeconds, long peakBytes, Long shuffleBytes) {
  Measured withWorkSeconds(double other) {
    return new Measured(seconds, cpuSeconds, other, peakBytes, shuffleBytes);
  }
}
