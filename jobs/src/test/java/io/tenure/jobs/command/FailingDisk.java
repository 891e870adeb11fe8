package io.tenure.jobs.command;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;

/**
 * A local folder behind the scheme {@code failing} that can be full, or closed to writers: what
 * permission bits and quotas do, for every user and on every machine.
 */
public final class FailingDisk extends RawLocalFileSystem {
  private static final URI NAME = URI.create("failing:///");

  /** Bytes that fit yet. */
  static final AtomicLong ROOM = new AtomicLong(Long.MAX_VALUE);

  /** The part of a path below which nobody may write; null: none. */
  static volatile String closed;

  /** The name of what cannot be removed; null: none. */
  static volatile String fixed;

  /** Told of each folder before it is listed. */
  static volatile Consumer<Path> listing = folder -> {};

  /** What was renamed, by the old names. */
  static final List<Path> RENAMED = Collections.synchronizedList(new ArrayList<>());

  /** The same for those who ask for the other interface of Hadoop. */
  public static final class AsFileContext extends DelegateToFileSystem {
    public AsFileContext(URI name, Configuration hadoop) throws IOException, URISyntaxException {
      super(NAME, new FailingDisk(), hadoop, "failing", false);
    }
  }

  /** Makes {@code failing:/…} known. */
  static void mount(Configuration hadoop) {
    hadoop.set("fs.failing.impl", FailingDisk.class.getName());
    hadoop.set("fs.AbstractFileSystem.failing.impl", AsFileContext.class.getName());
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "failing";
  }

  /** Without rights and owners, which Hadoop looks for by the path of another scheme. */
  @Override
  public FileStatus[] listStatus(Path directory) throws IOException {
    listing.accept(directory);
    return Arrays.stream(super.listStatus(directory))
        .map(
            file ->
                new FileStatus(
                    file.getLen(),
                    file.isDirectory(),
                    file.getReplication(),
                    file.getBlockSize(),
                    file.getModificationTime(),
                    file.getPath()))
        .toArray(FileStatus[]::new);
  }

  /** Says what local disks say, which throw nothing. */
  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    return !path.getName().equals(fixed) && super.delete(path, recursive);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    RENAMED.add(from);
    return super.rename(from, to);
  }

  @Override
  protected OutputStream createOutputStream(Path file, boolean append) throws IOException {
    return metered(file, super.createOutputStream(file, append));
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path file, boolean append, FsPermission permission) throws IOException {
    return metered(file, super.createOutputStreamWithMode(file, append, permission));
  }

  private static OutputStream metered(Path file, OutputStream out) throws IOException {
    if (closed != null && file.toString().contains(closed)) {
      out.close();
      throw new AccessControlException(
          "Permission denied: user=tenure, access=WRITE, inode=" + file);
    }
    return new Metered(out);
  }

  /** Writes as long as there is room. */
  private static final class Metered extends OutputStream {
    private final OutputStream out;

    Metered(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      if (ROOM.addAndGet(-count) < 0) {
        throw new IOException("No space left on device");
      }
      out.write(bytes, from, count);
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
