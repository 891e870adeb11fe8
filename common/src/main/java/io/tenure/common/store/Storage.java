package io.tenure.common.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.tenure.common.UserError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The few things done with files, on whatever file system a path is of. What fails is a {@link
 * UserError} of storage that names the path.
 */
final class Storage {
  private static final String CONDITIONAL =
      Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;

  private final FileSystem files;

  private Storage(FileSystem files) {
    this.files = files;
  }

  static Storage of(Path path, Configuration hadoop) throws IOException {
    FileSystem files = FileSystems.of(path, hadoop);
    // Checksum files of small JSON files would have to be replaced in step with them.
    files.setWriteChecksum(false);
    return new Storage(files);
  }

  /** Does something by a file system of its own, which nobody else has closed. */
  void anew(Consumer<Storage> work) {
    try (FileSystem own = FileSystem.newInstance(files.getUri(), files.getConf())) {
      own.setWriteChecksum(false);
      work.accept(new Storage(own));
    } catch (IOException e) {
      throw failed("use", new Path(files.getUri()), e);
    }
  }

  Path qualified(Path path) {
    return files.makeQualified(path);
  }

  /**
   * Whether something has this name.
   *
   * @throws UserError of storage, if that cannot be told: a folder on the way may be closed to us
   */
  boolean exists(Path path) {
    try {
      Path qualified = files.makeQualified(path);
      return isLocal(qualified) ? existsLocally(local(qualified)) : files.exists(path);
    } catch (IOException e) {
      throw failed("look for", path, e);
    }
  }

  /** Hadoop takes what it may not look at for absent. */
  private static boolean existsLocally(java.nio.file.Path path) throws IOException {
    try {
      Files.readAttributes(path, BasicFileAttributes.class);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** When a file was last modified, in milliseconds since 1970-01-01T00:00Z. */
  Optional<Long> modified(Path path) {
    try {
      return Optional.of(files.getFileStatus(path).getModificationTime());
    } catch (FileNotFoundException e) {
      exists(path); // or it cannot be told
      return Optional.empty();
    } catch (IOException e) {
      throw failed("look for", path, e);
    }
  }

  /** Whether of several processes that create a file, only one can succeed. */
  boolean createsExclusively(Path path) {
    try {
      return !isObjectStore(path) || hasConditionalWrites(path);
    } catch (IOException e) {
      throw failed("look for", path, e);
    }
  }

  /** S3A has them from Hadoop 3.4.2 on, if the store does and fs.s3a.create.conditional.enabled. */
  private boolean hasConditionalWrites(Path path) throws IOException {
    return files.hasPathCapability(path, CONDITIONAL);
  }

  /** Creates a file, if the store can do so exclusively; false if it is there already. */
  boolean create(Path path, Object content) {
    try {
      var builder = files.createFile(path).overwrite(false).recursive();
      if (hasConditionalWrites(path)) {
        builder.opt(CONDITIONAL, true);
      }
      try (FSDataOutputStream out = builder.build()) {
        out.write(Json.write(content));
      }
      return true;
    } catch (IOException e) {
      // Stores differ in what they throw; a file that is there says it all.
      if (exists(path)) {
        return false;
      }
      throw failed("write", path, e);
    }
  }

  /** A record; empty if there is no such file. */
  <T> Optional<T> find(Path path, Class<T> type) throws JsonProcessingException {
    Optional<byte[]> content = find(path);
    return content.isPresent() ? Optional.of(Json.read(content.get(), type)) : Optional.empty();
  }

  /**
   * A record; empty if there is no such file, or it holds something else.
   *
   * @throws UserError of storage, if it is the record of a later version
   */
  <T> Optional<T> findUsable(Path path, Class<T> type) {
    try {
      return find(path, type);
    } catch (JsonProcessingException e) {
      if (e instanceof UnrecognizedPropertyException) {
        throw noRecord(path, e);
      }
      return Optional.empty();
    }
  }

  /** What a file holds; empty if there is no such file. */
  Optional<byte[]> find(Path path) {
    try {
      return Optional.of(content(path));
    } catch (FileNotFoundException e) {
      return findAgain(path);
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  /**
   * Of a file that was not found: local disks say the same of one that is there and may not be
   * read.
   */
  private Optional<byte[]> findAgain(Path path) {
    if (!exists(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(content(path)); // it may have come since
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  private byte[] content(Path path) throws IOException {
    try (FSDataInputStream in = files.open(path)) {
      return in.readAllBytes();
    }
  }

  /** A record that must be there. */
  <T> T read(Path path, Class<T> type) {
    try {
      return find(path, type)
          .orElseThrow(
              () ->
                  UserError.storage(
                      "Cannot read %s: it is not there. Go back to another run with `rollback`, or `run --full`."
                          .formatted(path),
                      null));
    } catch (JsonProcessingException e) {
      throw noRecord(path, e);
    }
  }

  private static UserError noRecord(Path path, JsonProcessingException e) {
    return UserError.storage(
        e instanceof UnrecognizedPropertyException unknown
            ? "Cannot read %s: this version of Tenure does not know '%s' in it. Use the version that wrote it, or a later one."
                .formatted(path, unknown.getPropertyName())
            : "Cannot read %s: it is no record of Tenure (%s). Go back to another run with `rollback`, or `run --full`."
                .formatted(path, e.getOriginalMessage()),
        e);
  }

  void write(Path path, Object content) {
    write(path, Json.write(content));
  }

  void write(Path path, byte[] content) {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(content);
    } catch (IOException e) {
      throw failed("write", path, e);
    }
  }

  /** Replaces a file so that a reader sees the old content or the new one. */
  void replace(Path path, Object content) {
    replace(path, ".new", content);
  }

  /**
   * @param suffix of the name under which the new content is written before it replaces the old
   */
  void replace(Path path, String suffix, Object content) {
    replace(path, suffix, Json.write(content));
  }

  void replace(Path path, String suffix, byte[] content) {
    try {
      if (isLocal(path)) {
        java.nio.file.Path target = local(path);
        java.nio.file.Path fresh = target.resolveSibling(target.getFileName() + suffix);
        Files.createDirectories(target.getParent());
        Files.write(fresh, content);
        force(fresh);
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        force(target.getParent());
      } else if (isObjectStore(path)) {
        write(path, content); // the object appears when it is closed
      } else {
        Path fresh = path.suffix(suffix);
        write(fresh, content);
        FileContext.getFileContext(path.toUri(), files.getConf())
            .rename(fresh, path, Options.Rename.OVERWRITE);
      }
    } catch (IOException e) {
      throw failed("replace", path, e);
    }
  }

  /**
   * Has all that is below a directory on the disk itself, where it outlasts the machine. On a local
   * file system; others keep a file that is closed by their own rules.
   */
  void force(Path directory) {
    if (!isLocal(files.makeQualified(directory))) {
      return;
    }
    try (Stream<java.nio.file.Path> all = Files.walk(local(directory))) {
      for (java.nio.file.Path each : (Iterable<java.nio.file.Path>) all::iterator) {
        force(each);
      }
    } catch (IOException e) {
      throw failed("write", directory, e);
    }
  }

  /** The same of the names in a directory alone. */
  void forceNames(Path directory) {
    Path qualified = files.makeQualified(directory);
    if (isLocal(qualified)) {
      try {
        force(local(qualified));
      } catch (IOException e) {
        throw failed("write", directory, e);
      }
    }
  }

  /** A file or, for the names in it, a directory. */
  private static void force(java.nio.file.Path path) throws IOException {
    try (FileChannel open = FileChannel.open(path, StandardOpenOption.READ)) {
      open.force(true);
    }
  }

  private boolean isObjectStore(Path path) throws IOException {
    return files.hasPathCapability(path, "fs.capability.directory.listing.inconsistent")
        || files.getScheme().startsWith("s3");
  }

  /** Whether there is a file without anything in it. */
  boolean isEmptyFile(Path path) {
    try {
      FileStatus status = files.getFileStatus(path);
      return status.isFile() && status.getLen() == 0;
    } catch (IOException e) {
      throw failed("look for", path, e);
    }
  }

  /** Whether there is a file, and no directory, at a path. */
  boolean isFile(Path path) {
    try {
      return files.getFileStatus(path).isFile();
    } catch (IOException e) {
      return false; // whoever uses the path finds out why it cannot be looked at
    }
  }

  /** Removes a file or a directory; nothing if there is none. */
  void delete(Path path) {
    try {
      // Local disks do not throw what they refuse.
      if (!files.delete(path, true) && exists(path)) {
        throw new IOException(
            "Permission denied, or something in it is in use: it, or a part of it, is still there");
      }
    } catch (IOException e) {
      throw failed("remove", path, e);
    }
  }

  /** What is in a directory; nothing if there is none. */
  FileStatus[] list(Path directory) {
    try {
      return files.listStatus(directory);
    } catch (FileNotFoundException e) {
      exists(directory); // or it cannot be told
      return new FileStatus[0];
    } catch (IOException e) {
      throw failed("list", directory, e);
    }
  }

  /** All files below a directory; none if there is no such directory. */
  Set<Path> files(Path directory) {
    Set<Path> found = new HashSet<>();
    try {
      if (isLocal(files.makeQualified(directory))) {
        collectLocally(directory, found);
      } else {
        RemoteIterator<LocatedFileStatus> each = files.listFiles(directory, true);
        while (each.hasNext()) {
          found.add(each.next().getPath());
        }
      }
    } catch (FileNotFoundException e) {
      exists(directory); // or it cannot be told
      return Set.of();
    } catch (IOException e) {
      throw failed("list", directory, e);
    }
    return found;
  }

  /** Where a file is, Hadoop tells with its permissions: by a process for each on local disks. */
  private void collectLocally(Path directory, Set<Path> found) throws IOException {
    for (FileStatus each : files.listStatus(directory)) {
      if (each.isDirectory()) {
        collectLocally(each.getPath(), found);
      } else {
        found.add(each.getPath());
      }
    }
  }

  static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  static UserError failed(String what, Path path, IOException e) {
    return StorageFailure.of(what, path.toString(), e);
  }
}
