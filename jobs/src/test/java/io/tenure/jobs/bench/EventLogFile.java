package io.tenure.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Spark records of an application: a line of JSON an event. */
final class EventLogFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventLogFile() {}

  /** What its tasks wrote for other tasks to fetch. */
  static long shuffleBytes(Path file) throws IOException {
    long bytes = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("{\"Event\":\"SparkListenerTaskEnd\"")) {
          bytes +=
              JSON.readTree(line)
                  .at("/Task Metrics/Shuffle Write Metrics/Shuffle Bytes Written")
                  .asLong();
        }
      }
    }
    return bytes;
  }
}
