package io.tenure.jobs.fold;

import io.tenure.common.store.TableReader;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * The files of a stored state: one for each partition of the shuffle that wrote it, sorted by user,
 * so that what is new can be shuffled alone and merged with them file by file.
 *
 * @param files by number of the partition
 */
public record StateFiles(List<Numbered> files) {
  private static final Pattern NAME = Pattern.compile(".*/part-(\\d+)-[^/]*");

  /** A file, and the number of its partition. */
  record Numbered(int number, String path) implements Serializable {}

  /**
   * The files of a state.
   *
   * @return empty if they are not one for each partition
   */
  public static Optional<StateFiles> of(Configuration hadoop, String folder) {
    List<Numbered> files = new ArrayList<>();
    for (String path : TableReader.open(hadoop, folder).paths()) {
      Matcher name = NAME.matcher(path);
      if (!name.matches() || Integer.parseInt(name.group(1)) != files.size()) {
        return Optional.empty();
      }
      files.add(new Numbered(files.size(), path));
    }
    return files.isEmpty() ? Optional.empty() : Optional.of(new StateFiles(files));
  }

  /**
   * Whether a fold may leave the state cut as it is: about as it would cut it. Every file more is a
   * task more, in this fold and in all that read the state.
   */
  boolean suit(int partitions) {
    return partitions <= 2 * files.size() && files.size() <= 2 * partitions;
  }
}
