package io.tenure.common.store;

import io.tenure.common.UserError;

/** One run at a time, until it is closed. */
interface Lock extends AutoCloseable {
  /**
   * Stops a run that has lost its lock without knowing.
   *
   * @throws UserError of storage, if it is not held any more
   */
  void requireHeld();

  @Override
  void close();
}
