package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.common.encoding.Sha256;
import io.tenure.common.store.FileSystems;
import io.tenure.common.store.Globs;
import io.tenure.common.store.StorageFailure;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.security.AccessControlException;

/**
 * The files of the input, as they were listed once: what a run read, and by which the next run
 * tells what is new.
 *
 * @param files sorted by path
 * @param paths what Spark's reader must be given to list the same files
 * @param roots the files and folders that a path or glob names
 */
public record InputFiles(List<InputFile> files, List<String> paths, Set<Path> roots) {
  /** What {@code hdfs dfs -put} calls a file until it is whole. */
  private static final String BEING_COPIED = "._COPYING_";

  /**
   * A file of the input.
   *
   * @param path fully qualified
   * @param size bytes
   * @param modified milliseconds since 1970-01-01T00:00Z, by the file system's clock
   */
  public record InputFile(String path, long size, long modified) implements Serializable {
    /** The path as Spark spells it beside a row: a URI, with what a URI cannot hold escaped. */
    public String uri() {
      return new Path(path).toUri().toString();
    }
  }

  /**
   * Lists the files under a path or glob, below folders too. As Spark does, leaves out names that
   * start with {@code _} or a dot; of what a glob matches, too, unless its last name starts so; and
   * those of files that are being copied to HDFS.
   *
   * @param key of the config, for the errors
   * @throws UserError of input, if there are none or they cannot be listed
   */
  public static InputFiles list(String key, String pathOrGlob, Configuration hadoop) {
    List<InputFile> files = new ArrayList<>();
    Set<Path> named = new HashSet<>();
    List<String> paths = List.of(pathOrGlob);
    try {
      Path pattern = new Path(pathOrGlob);
      FileSystem fileSystem = FileSystems.of(pattern, hadoop);
      FileStatus[] roots = fileSystem.globStatus(pattern);
      if (roots != null) {
        List<FileStatus> all = new ArrayList<>(List.of(roots));
        if (isLocal(fileSystem) && Globs.isGlob(pathOrGlob)) {
          addUnseenOf(fileSystem, pattern, all);
        }
        List<FileStatus> wanted =
            all.stream().filter(root -> !isHidden(root.getPath()) || isHidden(pattern)).toList();
        for (FileStatus root : wanted) {
          named.add(root.getPath());
          collect(fileSystem, root, files);
        }
        if (wanted.size() < all.size()) {
          // Spark would descend into folders among the others.
          paths = wanted.stream().map(root -> Globs.literal(root.getPath().toString())).toList();
        }
      }
    } catch (FileNotFoundException e) {
      throw UserError.storage(
          "Cannot list %s '%s': a part of it vanished. Run again.".formatted(key, pathOrGlob), e);
    } catch (IOException | IllegalArgumentException e) {
      if (StorageFailure.mayPass(e)) {
        throw StorageFailure.of("list", "%s '%s'".formatted(key, pathOrGlob), e);
      }
      throw unlisted(key, pathOrGlob, e);
    }
    if (files.isEmpty()) {
      throw UserError.input(
          "Cannot read "
              + key
              + " '"
              + pathOrGlob
              + "'"
              + where(pathOrGlob, hadoop)
              + ": no such file or folder, or nothing in it. Name a path or glob that holds files.");
    }
    files.sort(Comparator.comparing(InputFile::path));
    return new InputFiles(List.copyOf(files), paths, Set.copyOf(named));
  }

  /** What a relative path is relative to. */
  private static String where(String pathOrGlob, Configuration hadoop) {
    try {
      Path pattern = new Path(pathOrGlob);
      return pattern.isAbsolute()
          ? ""
          : " in " + FileSystems.of(pattern, hadoop).getWorkingDirectory();
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean isHidden(Path path) {
    String name = path.getName();
    return name.startsWith("_") || name.startsWith(".") || name.endsWith(BEING_COPIED);
  }

  static UserError unlisted(String key, String pathOrGlob, Exception e) {
    String reason = UserError.firstLine(e);
    return UserError.input(
        "Cannot list %s '%s': %s. %s"
            .formatted(
                key,
                pathOrGlob,
                reason,
                reason.contains("Relative path in absolute URI")
                    ? "Hadoop lists no names with a colon: rename the file or folder."
                    : "Check the path, and that this user may read it."),
        e);
  }

  private static void collect(FileSystem fileSystem, FileStatus status, List<InputFile> files)
      throws IOException {
    if (status.isFile()) {
      files.add(file(status));
      return;
    }
    if (isFlat(fileSystem, status.getPath())) {
      collectAll(fileSystem, status.getPath(), files);
      return;
    }
    List<FileStatus> children = new ArrayList<>(List.of(fileSystem.listStatus(status.getPath())));
    if (isLocal(fileSystem)) {
      addUnseen(fileSystem, status.getPath(), name -> true, children);
    }
    for (FileStatus child : children) {
      if (!isHidden(child.getPath())) {
        collect(fileSystem, child, files);
      }
    }
  }

  private static boolean isLocal(FileSystem fileSystem) {
    return fileSystem.getScheme().equals("file");
  }

  /** The same for what a glob matches by its last name. */
  private static void addUnseenOf(FileSystem fileSystem, Path pattern, List<FileStatus> roots)
      throws IOException {
    PathFilter filter;
    FileStatus[] folders;
    try {
      filter = new GlobFilter(pattern.getName());
      folders = pattern.getParent() == null ? null : fileSystem.globStatus(pattern.getParent());
    } catch (IOException e) {
      return; // of braces across folders, neither half is a pattern
    }
    for (FileStatus folder : folders == null ? new FileStatus[0] : folders) {
      if (folder.isDirectory()) {
        Path path = folder.getPath();
        addUnseen(fileSystem, path, name -> filter.accept(new Path(path, name)), roots);
      }
    }
  }

  /**
   * Of a local folder Hadoop, and so Spark, passes over whatever it cannot look at. What came since
   * it was listed can be looked at.
   */
  private static void addUnseen(
      FileSystem fileSystem, Path folder, Predicate<String> wanted, List<FileStatus> seen)
      throws IOException {
    Set<Path> known = new HashSet<>();
    seen.forEach(status -> known.add(status.getPath()));
    try (DirectoryStream<java.nio.file.Path> all =
        Files.newDirectoryStream(java.nio.file.Path.of(folder.toUri().getPath()))) {
      for (java.nio.file.Path local : all) {
        Path path = new Path(folder, new Path(null, null, local.getFileName().toString()));
        if (!known.contains(path) && !isHidden(path) && wanted.test(path.getName())) {
          try {
            seen.add(fileSystem.getFileStatus(path));
          } catch (FileNotFoundException e) {
            if (Files.exists(local, LinkOption.NOFOLLOW_LINKS)) {
              throw cannotBeLookedAt(local);
            }
          } catch (AccessControlException e) {
            throw cannotBeLookedAt(local);
          }
        }
      }
    } catch (AccessDeniedException | DirectoryIteratorException e) {
      throw new IOException("Permission denied: " + folder, e);
    }
  }

  private static IOException cannotBeLookedAt(java.nio.file.Path path) {
    return new IOException(
        "%s cannot be looked at: a link to nothing, in a folder without the right to enter it, or with a name that the locale of this process cannot spell (LC_ALL=C.UTF-8 can)"
            .formatted(path));
  }

  /** Whether folders are but beginnings of names: all below one is listed a thousand at once. */
  private static boolean isFlat(FileSystem fileSystem, Path folder) throws IOException {
    return fileSystem.getScheme().startsWith("s3")
        || fileSystem.hasPathCapability(
            folder, CommonPathCapabilities.DIRECTORY_LISTING_INCONSISTENT);
  }

  private static void collectAll(FileSystem fileSystem, Path folder, List<InputFile> files)
      throws IOException {
    RemoteIterator<LocatedFileStatus> all = fileSystem.listFiles(folder, true);
    while (all.hasNext()) {
      FileStatus status = all.next();
      if (!isHiddenBelow(folder, status.getPath())) {
        files.add(file(status));
      }
    }
  }

  private static boolean isHiddenBelow(Path folder, Path path) {
    for (Path at = path; at != null && !at.equals(folder); at = at.getParent()) {
      if (isHidden(at)) {
        return true;
      }
    }
    return false;
  }

  private static InputFile file(FileStatus status) {
    return new InputFile(
        status.getPath().toString(), status.getLen(), status.getModificationTime());
  }

  /** The size of all files in bytes. */
  public long bytes() {
    return files.stream().mapToLong(InputFile::size).sum();
  }

  /** A fingerprint of the listing: path, size and modification time of every file. */
  public String hash() {
    Sha256 hash = new Sha256();
    for (InputFile file : files) {
      hash.add(file.path() + "\t" + file.size() + "\t" + file.modified() + "\n");
    }
    return hash.hex();
  }
}
