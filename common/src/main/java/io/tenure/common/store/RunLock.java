package io.tenure.common.store;

import io.tenure.common.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One run per output at a time, on a local file system: a lock of the operating system on {@code
 * _lock}, which it takes back when the process ends, however it ends. The file says who holds it.
 */
final class RunLock implements Lock {
  /**
   * Who holds what this process holds. To open the file once more and close it would set the lock
   * free: it is the process's, whichever channel took it.
   */
  private static final Map<Path, String> HELD = new ConcurrentHashMap<>();

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param owner who takes it and when, for whoever finds it taken
   * @throws UserError of storage, if it is held, by another process or by this one
   */
  static RunLock take(Path output, String owner) {
    try {
      Files.createDirectories(output);
      Path file = output.toRealPath().resolve("_lock");
      String holder = HELD.putIfAbsent(file, owner);
      if (holder != null) {
        throw held(output, holder);
      }
      FileChannel channel = null;
      try {
        channel =
            FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
          throw held(output, Files.readString(file).strip());
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((owner + "\n").getBytes(StandardCharsets.UTF_8)), 0);
        return new RunLock(file, channel);
      } catch (IOException | RuntimeException e) {
        if (channel != null) {
          channel.close();
        }
        HELD.remove(file);
        throw e;
      }
    } catch (IOException e) {
      throw StorageFailure.of("lock", output.toString(), e);
    }
  }

  private static UserError held(Path output, String owner) {
    return UserError.storage(
        "Cannot lock %s: a run is going on (%s). Wait for it to end, or end it."
            .formatted(output, owner),
        null);
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
    } finally {
      HELD.remove(file);
    }
  }
}
