package io.tenure.jobs.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A log in a folder: written once, then found again by its name.
 *
 * <pre>
 * FOLDER/NAME/dt=2020-01-01/events.parquet   user_id, event_time, event_name, country, platform,
 *                                            plan, payload; by time
 * </pre>
 *
 * @param path of the folder with the days
 * @param events rows in all files
 * @param bytes of all files
 * @param files how many there are
 */
record BenchLog(LogSpec spec, Path path, long events, long bytes, long files) {

  /** Writes a log into a folder, or finds it there. */
  static BenchLog of(Path folder, LogSpec spec) throws IOException, SQLException {
    Path path = folder.resolve(spec.name());
    if (!Files.isDirectory(path)) {
      Path aside = folder.resolve(spec.name() + ".unfinished");
      Folders.delete(aside);
      write(aside, spec);
      Files.move(aside, path);
    }
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement();
        ResultSet rows =
            sql.executeQuery(
                "SELECT sum(num_rows) FROM parquet_file_metadata('%s/**/*.parquet')"
                    .formatted(path))) {
      rows.next();
      List<Path> files = files(path);
      long bytes = 0;
      for (Path file : files) {
        bytes += Files.size(file);
      }
      return new BenchLog(spec, path, rows.getLong(1), bytes, files.size());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private static void write(Path folder, LogSpec spec) throws IOException, SQLException {
    Map<String, String> values =
        Map.of(
            "seed", Long.toString(spec.seed()),
            "users", Long.toString(spec.users()),
            "days", Integer.toString(spec.days()),
            "countries", Integer.toString(spec.countries()),
            "heavy", Long.toString(spec.heavyEvents()),
            "first", spec.day(0).toString());
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement()) {
      for (String statement : Sql.script("log-users.sql", values)) {
        sql.execute(statement);
      }
      String day = Sql.text("log-day.sql", values);
      Files.createDirectories(folder);
      switch (spec.layout()) {
        case DAILY -> writeDays(sql, folder, spec, day, 1);
        case MANY_FILES -> writeDays(sql, folder, spec, day, LogSpec.FILES_A_DAY);
        case ONE_FILE -> {
          writeDays(sql, folder.resolve("days"), spec, day, 1);
          sql.execute(
              "COPY (SELECT * FROM read_parquet('%s/days/*/*.parquet', hive_partitioning = false))"
                      .formatted(folder)
                  + " TO '%s/events.parquet' (FORMAT parquet)".formatted(folder));
          Folders.delete(folder.resolve("days"));
        }
      }
    }
  }

  private static void writeDays(Statement sql, Path folder, LogSpec spec, String query, int parts)
      throws IOException, SQLException {
    for (int number = 0; number < spec.days(); number++) {
      Path day = Files.createDirectories(folder.resolve(spec.folder(number)));
      String events = query.replace("<day>", Integer.toString(number));
      if (parts == 1) {
        sql.execute(copy(events, day.resolve("events.parquet")));
      } else {
        sql.execute("CREATE OR REPLACE TEMP TABLE one_day AS " + events);
        for (int part = 0; part < parts; part++) {
          sql.execute(
              copy(
                  "SELECT * FROM one_day WHERE hash(user_id) %% %d = %d".formatted(parts, part),
                  day.resolve("events-%02d.parquet".formatted(part))));
        }
      }
    }
  }

  private static String copy(String query, Path file) {
    return "COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION snappy)".formatted(query, file);
  }

  /** Reads every file once, so that all who are measured find them in the page cache. */
  void warm() throws IOException {
    for (Path file : files(path)) {
      try (InputStream in = Files.newInputStream(file)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
