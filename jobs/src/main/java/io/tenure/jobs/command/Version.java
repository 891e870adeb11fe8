package io.tenure.jobs.command;

import io.tenure.common.history.History;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.spark.sql.SparkSession;

/** What computed a run. */
final class Version {
  private static final String CLASSES = "io/tenure/";
  private static final Optional<String> BUILD = own();

  private Version() {}

  static String tenure() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  static Map<String, String> all(SparkSession spark) {
    return new TreeMap<>(
        Map.of("tenure", tenure(), "spark", spark.version(), "java", Runtime.version().toString()));
  }

  /**
   * A fingerprint of Tenure's classes, because a version stays the same while its code changes;
   * empty where they cannot be looked at.
   */
  static Optional<String> build() {
    return BUILD;
  }

  private static Optional<String> own() {
    List<Path> places = new ArrayList<>();
    try {
      for (Class<?> module : List.of(Version.class, History.class)) {
        CodeSource source = module.getProtectionDomain().getCodeSource();
        if (source == null || !source.getLocation().getProtocol().equals("file")) {
          return Optional.empty();
        }
        places.add(Path.of(source.getLocation().toURI()));
      }
      return Optional.of(fingerprint(places));
    } catch (IOException | URISyntaxException e) {
      return Optional.empty();
    }
  }

  /**
   * A fingerprint of classes.
   *
   * @param places folders and archives; packed or not, the same classes have the same fingerprint
   */
  static String fingerprint(List<Path> places) throws IOException {
    Map<String, Long> classes = new TreeMap<>();
    for (Path place : places) {
      classes.putAll(Files.isDirectory(place) ? inFolder(place) : inArchive(place));
    }
    CRC32 all = new CRC32();
    classes.forEach((name, sum) -> all.update((name + sum).getBytes(StandardCharsets.UTF_8)));
    return "%08x-%d".formatted(all.getValue(), classes.size());
  }

  private static Map<String, Long> inArchive(Path archive) throws IOException {
    Map<String, Long> classes = new TreeMap<>();
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      zip.stream()
          .filter(entry -> entry.getName().startsWith(CLASSES))
          .filter(entry -> entry.getName().endsWith(".class"))
          .forEach((ZipEntry entry) -> classes.put(entry.getName(), entry.getCrc()));
    }
    return classes;
  }

  private static Map<String, Long> inFolder(Path folder) throws IOException {
    Map<String, Long> classes = new TreeMap<>();
    Path own = folder.resolve(CLASSES);
    try (Stream<Path> files = Files.walk(own)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        CRC32 sum = new CRC32();
        sum.update(Files.readAllBytes(file));
        classes.put(folder.relativize(file).toString(), sum.getValue());
      }
    }
    return classes;
  }
}
