package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.FileSystems;
import io.tenure.common.store.Output;
import io.tenure.common.store.StorageFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Option;

/** Which config a command works by. */
final class CommonOptions {
  private static final String DEFAULT = "tenure.yaml";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The config: any local or Hadoop path. Default: tenure.yaml in this directory."
              + " conf/tenure.reference.yaml explains it.")
  private String file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Overrides a key of the config; may be repeated. Example: --set retention.0.cohort=recurring")
  private List<String> overrides = new ArrayList<>();

  TenureConfig config() {
    if (file != null) {
      return ConfigLoader.load(read("config", file), file, overrides);
    }
    java.nio.file.Path here = java.nio.file.Path.of(DEFAULT);
    if (!Files.exists(here)) {
      throw UserError.usage(
          "Give the config with -c FILE: there is no %s in this directory.".formatted(DEFAULT));
    }
    return ConfigLoader.load(read("config", "file:" + here.toAbsolutePath()), DEFAULT, overrides);
  }

  /**
   * The config's output, for commands that need no Spark; its file system is configured as Spark's
   * would be.
   */
  Output output() {
    return output(config());
  }

  /** The same of a config that is loaded. */
  static Output output(TenureConfig config) {
    return Output.open(config.output(), SparkHadoopUtil.get().conf());
  }

  /**
   * The text of a file that the command line names.
   *
   * @param what it is, for the error
   * @throws UserError of usage, if it cannot be read, or is not UTF-8
   */
  static String read(String what, String file) {
    try {
      Path path = new Path(file);
      try (FSDataInputStream in = FileSystems.of(path, SparkHadoopUtil.get().conf()).open(path)) {
        return decoded(what, file, in.readAllBytes());
      }
    } catch (IOException | IllegalArgumentException e) {
      if (StorageFailure.isUnreached(e)) {
        throw StorageFailure.of("read", "the %s '%s'".formatted(what, file), e);
      }
      throw UserError.usage(
          "Cannot read the %s '%s': %s. Check the path, and that this user may read it."
              .formatted(what, file, UserError.firstLine(e)));
    }
  }

  /** A decoder left to itself would put other characters in the place of what it does not know. */
  private static String decoded(String what, String file, byte[] bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, true);
    text.flip();
    if (result.isError()) {
      throw UserError.usage(
          "Cannot read the %s '%s': line %d is not UTF-8. Convert the file, and try again."
              .formatted(what, file, 1 + text.chars().filter(sign -> sign == '\n').count()));
    }
    return text.toString();
  }
}
