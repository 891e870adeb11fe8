package io.tenure.common.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tenure.common.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The directory that runs are published in: the only code that knows its layout.
 *
 * <pre>
 *   runs/&lt;run-id&gt;/&lt;table&gt;/part-*.parquet   immutable once committed
 *   runs/&lt;run-id&gt;/_state/                   the histories, and what they were made of
 *   runs/&lt;run-id&gt;/run.json
 *   _current.json                           which run readers see: replacing it commits a run
 *   current -&gt; runs/&lt;run-id&gt;                on local file systems, for readers without JSON
 * </pre>
 *
 * <p>A run is written beside the committed ones and seen by nobody until the pointer names it, so a
 * crash at any moment leaves what was there before.
 */
public final class Output {
  /** The moments of publishing, each observable before it happens. */
  public enum Step {
    WRITE_RECORD,
    COMMIT,
    LINK,
    PRUNE
  }

  /** One run at a time, until it is closed. */
  public interface Lock extends AutoCloseable {
    @Override
    void close();
  }

  private final Path root;
  private final FileSystem files;
  private final Consumer<Step> before;

  private Output(Path root, FileSystem files, Consumer<Step> before) {
    this.root = root;
    this.files = files;
    this.before = before;
  }

  public static Output open(String path, Configuration hadoop) {
    return open(path, hadoop, step -> {});
  }

  /**
   * @param before told of each step of publishing just before it; what it throws stops publishing
   */
  public static Output open(String path, Configuration hadoop, Consumer<Step> before) {
    try {
      FileSystem files = new Path(path).getFileSystem(hadoop);
      // Checksum files of small JSON files would have to be replaced in step with them.
      files.setWriteChecksum(false);
      return new Output(files.makeQualified(new Path(path)), files, before);
    } catch (IOException | IllegalArgumentException e) {
      throw UserError.storage("Cannot open output '%s': %s".formatted(path, e.getMessage()), e);
    }
  }

  public String path() {
    return root.toString();
  }

  public String run(String runId) {
    return new Path(runs(), runId).toString();
  }

  public String table(String runId, String table) {
    return new Path(run(runId), table).toString();
  }

  /** Where the histories of a run are. */
  public String state(String runId) {
    return new Path(run(runId), "_state/histories").toString();
  }

  /** Writes what the histories of a run were made of. */
  public void writeManifest(String runId, StateManifest manifest) {
    try {
      write(manifestPath(runId), Json.write(manifest));
    } catch (IOException e) {
      throw failed("write", manifestPath(runId), e);
    }
  }

  /** What the histories of a run were made of; empty if the run kept none. */
  public Optional<StateManifest> manifest(String runId) {
    try {
      return files.exists(manifestPath(runId))
          ? Optional.of(Json.read(read(manifestPath(runId)), StateManifest.class))
          : Optional.empty();
    } catch (IOException e) {
      throw failed("read", manifestPath(runId), e);
    }
  }

  private Path manifestPath(String runId) {
    return new Path(run(runId), "_state/files.json");
  }

  /** Where people and BI tools find the tables of the current run. */
  public String readersPath(Pointer pointer) {
    return isLocal() ? new Path(root, "current").toUri().getPath() : run(pointer.runId());
  }

  private Path runs() {
    return new Path(root, "runs");
  }

  private Path pointerPath() {
    return new Path(root, "_current.json");
  }

  /** The pointer; empty if nothing was ever published here. */
  public Optional<Pointer> current() {
    try {
      if (!files.exists(pointerPath())) {
        return Optional.empty();
      }
      return Optional.of(Json.read(read(pointerPath()), Pointer.class));
    } catch (JsonProcessingException e) {
      throw UserError.storage(
          "Cannot read %s: it is no pointer of Tenure (%s). Restore it, or remove it to begin anew."
              .formatted(pointerPath(), e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw failed("read", pointerPath(), e);
    }
  }

  /** The record of a committed run. */
  public RunRecord record(String runId) {
    Path path = new Path(run(runId), "run.json");
    try {
      return Json.read(read(path), RunRecord.class);
    } catch (IOException e) {
      throw failed("read", path, e);
    }
  }

  /**
   * Takes the output for one run and clears away what crashed runs left.
   *
   * @param owner who takes it and when, for whoever finds it taken
   */
  public Lock lock(String owner) {
    Lock lock = isLocal() ? RunLock.take(localRoot(), owner) : () -> {};
    try {
      current().ifPresent(this::link);
      sweep();
      return lock;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** A run id that is not taken: the one proposed, or with a number behind it. */
  public String freeRunId(String proposed) {
    try {
      String id = proposed;
      for (int next = 2; files.exists(new Path(run(id))); next++) {
        id = proposed + "-" + next;
      }
      return id;
    } catch (IOException e) {
      throw failed("list", runs(), e);
    }
  }

  /** Commits a run whose tables and state are written, then drops the oldest runs. */
  public Pointer publish(RunRecord record, int keepRuns) {
    Path recordPath = new Path(run(record.runId()), "run.json");
    before.accept(Step.WRITE_RECORD);
    try {
      write(recordPath, Json.write(record));
    } catch (IOException e) {
      throw failed("write", recordPath, e);
    }
    List<String> runs = new ArrayList<>(current().map(Pointer::runs).orElse(List.of()));
    runs.add(record.runId());
    Pointer pointer =
        new Pointer(
            record.runId(),
            record.asOf(),
            record.configHash(),
            record.tables(),
            runs.subList(Math.max(0, runs.size() - keepRuns), runs.size()));
    before.accept(Step.COMMIT);
    try {
      replace(pointerPath(), Json.write(pointer));
    } catch (IOException e) {
      throw failed("replace", pointerPath(), e);
    }
    before.accept(Step.LINK);
    link(pointer);
    before.accept(Step.PRUNE);
    sweep();
    return pointer;
  }

  /** Removes the directories of runs that the pointer does not name. */
  private void sweep() {
    List<String> kept = current().map(Pointer::runs).orElse(List.of());
    try {
      if (!files.exists(runs())) {
        return;
      }
      for (FileStatus run : files.listStatus(runs())) {
        if (!kept.contains(run.getPath().getName())) {
          files.delete(run.getPath(), true);
        }
      }
    } catch (IOException e) {
      throw failed("clear", runs(), e);
    }
  }

  /** Points the symbolic link at the run, in one rename. */
  private void link(Pointer pointer) {
    if (!isLocal()) {
      return;
    }
    java.nio.file.Path link = localRoot().resolve("current");
    java.nio.file.Path fresh = localRoot().resolve("_current.link");
    java.nio.file.Path target = java.nio.file.Path.of("runs", pointer.runId());
    try {
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        return;
      }
      Files.deleteIfExists(fresh);
      Files.createSymbolicLink(fresh, target);
      Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | UnsupportedOperationException e) {
      throw UserError.storage("Cannot point %s at %s: %s".formatted(link, target, e), e);
    }
  }

  private boolean isLocal() {
    return "file".equals(root.toUri().getScheme());
  }

  private java.nio.file.Path localRoot() {
    return java.nio.file.Path.of(root.toUri().getPath());
  }

  private byte[] read(Path path) throws IOException {
    try (FSDataInputStream in = files.open(path)) {
      return in.readAllBytes();
    }
  }

  private void write(Path path, byte[] bytes) throws IOException {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(bytes);
    }
  }

  /** Replaces a file so that a reader sees the old content or the new one. */
  private void replace(Path path, byte[] bytes) throws IOException {
    if (isLocal()) {
      java.nio.file.Path target = java.nio.file.Path.of(path.toUri().getPath());
      java.nio.file.Path fresh = target.resolveSibling(target.getFileName() + ".new");
      Files.write(fresh, bytes);
      Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    // Object stores replace an object when it is closed; others rename over the old file.
    if (files.hasPathCapability(path, "fs.capability.directory.listing.inconsistent")
        || files.getScheme().startsWith("s3")) {
      write(path, bytes);
      return;
    }
    Path fresh = path.suffix(".new");
    write(fresh, bytes);
    org.apache.hadoop.fs.FileContext.getFileContext(path.toUri(), files.getConf())
        .rename(fresh, path, org.apache.hadoop.fs.Options.Rename.OVERWRITE);
  }

  private static UserError failed(String what, Path path, IOException e) {
    return UserError.storage("Cannot %s %s: %s".formatted(what, path, e.getMessage()), e);
  }
}
