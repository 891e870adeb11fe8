package io.tenure.jobs.read;

import io.tenure.common.UserError;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Globs;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where the input and the output of a config are to one another. */
final class Places {
  private Places() {}

  /**
   * Refuses an output in the input, whose tables would be read as events. A glob is not looked at.
   *
   * @throws UserError of usage
   */
  static void requireApart(TenureConfig config, Configuration hadoop) {
    if (Globs.isGlob(config.input().path())) {
      return;
    }
    try {
      FileSystem here = FileSystem.get(hadoop);
      URI root = here.getUri();
      Path input = new Path(config.input().path()).makeQualified(root, here.getWorkingDirectory());
      Path output = new Path(config.output()).makeQualified(root, here.getWorkingDirectory());
      if (isWithin(output, input)) {
        throw UserError.usage(
            "Invalid output: '%s' is in input.path '%s', so its tables would be read as events. Put the output elsewhere."
                .formatted(config.output(), config.input().path()));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw InputFiles.unlisted("input.path", config.input().path(), e);
    }
  }

  private static boolean isWithin(Path inner, Path outer) {
    for (Path path = inner; path != null; path = path.getParent()) {
      if (Objects.equals(path, outer)) {
        return true;
      }
    }
    return false;
  }
}
