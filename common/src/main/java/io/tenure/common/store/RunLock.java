package io.tenure.common.store;

import io.tenure.common.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One run per output at a time, on a local file system: a lock of the operating system on {@code
 * _lock}, which it takes back when the process ends, however it ends. The file says who holds it.
 */
final class RunLock implements Output.Lock {
  private final FileChannel channel;

  private RunLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param owner who takes it and when, for whoever finds it taken
   * @throws UserError of storage, if another process holds it
   */
  static RunLock take(Path output, String owner) {
    Path file = output.resolve("_lock");
    try {
      Files.createDirectories(output);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw UserError.storage(
            "Cannot lock %s: a run is going on (%s). Wait for it to end, or end it."
                .formatted(output, Files.readString(file).strip()),
            null);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
      return new RunLock(channel);
    } catch (IOException e) {
      throw StorageFailure.of("lock", output.toString(), e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  @Override
  public void requireHeld() {
    // The operating system takes it from nobody who lives.
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw UserError.storage("Cannot release the lock of the output: " + e, e);
    }
  }
}
