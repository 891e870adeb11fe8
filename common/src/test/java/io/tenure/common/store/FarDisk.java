package io.tenure.common.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** A local folder behind the scheme {@code far}: a file system without locks of its own. */
public final class FarDisk extends RawLocalFileSystem {
  private static final URI NAME = URI.create("far:///");

  /** The name of files that are there and may not be read; null: none. */
  static volatile String unreadable;

  /** The name of files and directories that cannot be removed; null: none. */
  static volatile String fixed;

  private static final AtomicInteger OPENED = new AtomicInteger();

  /** The instances up to this one do nothing any more. */
  private static volatile int closed;

  private final int number = OPENED.incrementAndGet();

  /** Closes what is open, as Hadoop does when the process is told to end. */
  static void closeAllOpen() {
    closed = OPENED.get();
  }

  /** What was renamed, by the old names. */
  static final List<Path> RENAMED = Collections.synchronizedList(new ArrayList<>());

  /** The same for those who ask for the other interface of Hadoop. */
  public static final class AsFileContext extends DelegateToFileSystem {
    public AsFileContext(URI name, Configuration hadoop) throws IOException, URISyntaxException {
      super(NAME, new FarDisk(), hadoop, "far", false);
    }
  }

  /** Settings under which {@code far:/…} is known. */
  static Configuration hadoop() {
    Configuration hadoop = new Configuration(false);
    hadoop.set("fs.far.impl", FarDisk.class.getName());
    hadoop.set("fs.far.impl.disable.cache", "true");
    hadoop.set("fs.AbstractFileSystem.far.impl", AsFileContext.class.getName());
    return hadoop;
  }

  @Override
  public URI getUri() {
    return NAME;
  }

  @Override
  public String getScheme() {
    return "far";
  }

  /** Exclusive where it must not overwrite, which local disks behind Hadoop are not. */
  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int buffer,
      short replication,
      long block,
      Progressable progress)
      throws IOException {
    if (!overwrite) {
      Files.createDirectories(pathToFile(file).toPath().getParent());
      Files.createFile(pathToFile(file).toPath());
    }
    return super.create(file, permission, true, buffer, replication, block, progress);
  }

  /** Says what local disks say, which is that there is no such file. */
  @Override
  public FSDataInputStream open(Path file, int buffer) throws IOException {
    if (number <= closed) {
      throw new IOException("Filesystem closed");
    }
    if (file.getName().equals(unreadable) && pathToFile(file).exists()) {
      throw new FileNotFoundException(pathToFile(file) + " (Permission denied)");
    }
    return super.open(file, buffer);
  }

  /** Without rights and owners, which Hadoop looks for by the path of another scheme. */
  @Override
  public FileStatus[] listStatus(Path directory) throws IOException {
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

  static Path at(java.nio.file.Path path) {
    return new Path("far://" + path);
  }
}
