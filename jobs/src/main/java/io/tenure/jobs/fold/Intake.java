package io.tenure.jobs.fold;

/** Where the events of a task come from. */
interface Intake {
  /** Whether there is more to take in. */
  boolean hasNext();

  /** Takes in some rows: accepted events into the histories, and the fate of every row. */
  void next(OpenHistories histories);

  /** What was found so far. */
  ReadFacts facts();
}
