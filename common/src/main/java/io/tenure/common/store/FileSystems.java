package io.tenure.common.store;

import io.tenure.common.UserError;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** File systems of paths, some of which come in jars of their own. */
public final class FileSystems {
  private FileSystems() {}

  /**
   * The file system that a path is of.
   *
   * @throws UserError of usage, if its jars were not given
   */
  public static FileSystem of(Path path, Configuration hadoop) throws IOException {
    try {
      return path.getFileSystem(hadoop);
    } catch (NoClassDefFoundError e) {
      throw without(path, e);
    } catch (RuntimeException e) {
      // How Hadoop says that it knows the scheme, and has no class for it.
      if (e.getCause() instanceof ClassNotFoundException missing) {
        throw without(path, missing);
      }
      throw e;
    }
  }

  private static UserError without(Path path, Throwable missing) {
    return UserError.usage(
        "Cannot use %s: Java has no class for %s:// (%s). Give its jars: TENURE_CLASSPATH has them for scripts/tenure, --packages or --jars for spark-submit."
            .formatted(path, path.toUri().getScheme(), UserError.firstLine(missing)));
  }
}
