package io.tenure.common.config;

import io.tenure.common.config.InputConfig.DeletedFiles;
import io.tenure.common.config.InputConfig.Format;
import io.tenure.common.config.InputConfig.TimeUnit;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The key {@code input}. */
final class InputLoader {
  private static final LocalDate EARLIEST = LocalDate.of(1970, 1, 2);

  private static final Map<String, TimeUnit> SHORT_UNITS =
      Map.of("s", TimeUnit.SECONDS, "ms", TimeUnit.MILLISECONDS, "us", TimeUnit.MICROSECONDS);

  private InputLoader() {}

  static InputConfig load(Section root) {
    Section input =
        root.section(
            "input",
            "path",
            "format",
            "options",
            "user",
            "time",
            "time-unit",
            "event",
            "event-id",
            "amount",
            "where",
            "partition",
            "history-starts",
            "earliest",
            "deleted-files");
    return new InputConfig(
        input.required("path", "where the events are: any Hadoop path or glob"),
        input.oneOf("format", ConfigLoader.labels(Format.values(), Format::label), Format.PARQUET),
        input.find("options").map(InputLoader::options).orElse(Map.of()),
        input.required("user", "the column that identifies a user"),
        input.required("time", "the column that holds the time of an event"),
        input.find("time-unit").map(InputLoader::timeUnit),
        input.find("event").map(Value::text),
        input.find("event-id").map(Value::text),
        input.find("amount").map(Value::bareText),
        input.find("where").map(Value::bareText),
        input.find("partition").map(Value::text),
        input.find("history-starts").map(Value::date),
        input.find("earliest").map(Value::date).orElse(EARLIEST),
        input.oneOf(
            "deleted-files",
            ConfigLoader.labels(DeletedFiles.values(), DeletedFiles::label),
            DeletedFiles.REMOVED));
  }

  private static Map<String, String> options(Value value) {
    Map<String, String> options = new LinkedHashMap<>();
    value.entries().forEach((name, option) -> options.put(name, option.option()));
    return Collections.unmodifiableMap(options);
  }

  private static TimeUnit timeUnit(Value value) {
    TimeUnit shortUnit = SHORT_UNITS.get(value.bareText());
    return shortUnit != null
        ? shortUnit
        : value.oneOf(ConfigLoader.labels(TimeUnit.values(), TimeUnit::label));
  }
}
