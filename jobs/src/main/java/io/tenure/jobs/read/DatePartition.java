package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.tenure.common.UserError;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The folders by date that a log is laid out in, such as {@code dt=2024-03-01} or {@code
 * dt=20240301}. Used to read less, never to decide the day of an event: the partition may be in
 * another zone, so a day of slack is kept.
 */
final class DatePartition {
  /** Days that a partition may be away from the local days of the events in it. */
  static final int SLACK_DAYS = 1;

  private static final DateTimeFormatter COMPACT = DateTimeFormatter.BASIC_ISO_DATE;
  private static final String HIVE_NULL = "__HIVE_DEFAULT_PARTITION__";

  private final String column;
  private final InputFiles files;
  private final DataType type;

  /**
   * @param schema of the rows; partition columns have the type Spark reads out of the folders
   */
  DatePartition(String column, StructType schema, InputFiles files) {
    String name =
        InputSchema.column(schema, column)
            .orElseThrow(
                () -> InputSchema.missingColumn(schema, "input.partition", column, column));
    this.column = name;
    this.files = files;
    this.type = schema.apply(name).dataType();
    files.files().stream()
        .filter(file -> FolderLayout.value(name, file, files).isEmpty())
        .findFirst()
        .ifPresent(
            outside -> {
              throw UserError.input(
                  "Cannot use input.partition '%s': %s is in no folder %s=… below input.path. Remove input.partition."
                      .formatted(column, outside.path(), name));
            });
    files.files().forEach(this::date);
  }

  /** The date of a file's folder; empty for the folder of rows without date. */
  Optional<LocalDate> date(InputFile file) {
    String text = FolderLayout.value(column, file, files).orElse(HIVE_NULL);
    if (text.equals(HIVE_NULL)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          text.contains("-") ? LocalDate.parse(text) : LocalDate.parse(text, COMPACT));
    } catch (DateTimeException e) {
      throw UserError.input(
          "Cannot use input.partition '%s': the folder of %s is no date (2024-03-01 or 20240301)."
              .formatted(column, file.path()));
    }
  }

  /** The greatest date of a folder. */
  Optional<LocalDate> last(InputFiles files) {
    return last(files, LocalDate.MAX);
  }

  /** The greatest date of a folder up to a day. */
  Optional<LocalDate> last(InputFiles files, LocalDate upTo) {
    return files.files().stream()
        .flatMap(file -> date(file).stream())
        .filter(date -> !date.isAfter(upTo))
        .max(LocalDate::compareTo);
  }

  /** The files that may hold events up to a day. */
  List<InputFile> upTo(LocalDate asOf, InputFiles files) {
    LocalDate bound = asOf.plusDays(SLACK_DAYS);
    return files.files().stream()
        .filter(file -> date(file).map(date -> !date.isAfter(bound)).orElse(true))
        .toList();
  }

  /** The same choice as a predicate that Spark prunes folders by. */
  Column readUpTo(LocalDate asOf) {
    LocalDate bound = asOf.plusDays(SLACK_DAYS);
    Column partition = col(Mapping.quoted(column));
    if (type.equals(DataTypes.DateType)) {
      return partition.isNull().or(partition.leq(lit(bound)));
    }
    if (type.equals(DataTypes.StringType)) {
      // Both spellings sort as text like the dates they spell.
      return partition
          .isNull()
          .or(partition.contains("-").and(partition.leq(bound.toString())))
          .or(not(partition.contains("-")).and(partition.leq(bound.format(COMPACT))));
    }
    if (type.equals(DataTypes.IntegerType) || type.equals(DataTypes.LongType)) {
      return partition.isNull().or(partition.leq(Integer.parseInt(bound.format(COMPACT))));
    }
    throw UserError.input(
        "Cannot use input.partition '%s': it is %s, not a date.".formatted(column, type.sql()));
  }
}
