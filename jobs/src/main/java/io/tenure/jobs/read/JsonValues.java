package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.InputConfig.Format;
import io.tenure.common.store.Globs;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Whether lines of JSON, or files of it, are of one value each. Of several, Spark reads the first
 * and says nothing of the others.
 */
final class JsonValues {
  private static final String END = "the end, says Tenure";

  private JsonValues() {}

  /**
   * Requires it of some files.
   *
   * @throws UserError of input, naming a file in which something follows a value
   */
  static void requireOneEach(SparkSession spark, InputConfig input, Collection<InputFile> files) {
    boolean comments = isTrue(input, "allowComments");
    boolean encoded =
        ReaderOptions.option(input, "encoding")
            .or(() -> ReaderOptions.option(input, "charset"))
            .filter(encoding -> !encoding.equalsIgnoreCase("UTF-8"))
            .isPresent();
    if (input.format() != Format.JSON || files.isEmpty() || comments || encoded) {
      return;
    }
    boolean whole = isTrue(input, "multiLine");
    Dataset<Row> texts =
        spark
            .read()
            .options(
                ReaderOptions.option(input, "lineSep")
                    .map(separator -> Map.of("lineSep", separator))
                    .orElse(Map.of()))
            .option("wholetext", Boolean.toString(whole))
            .text(files.stream().map(file -> Globs.literal(file.path())).toArray(String[]::new));
    Column text = col("value");
    Column first = get_json_object(text, "$");
    // Put into an array before a last element, a single value has that behind it, and nothing else.
    Column next = get_json_object(concat(lit("["), text, lit(",\"" + END + "\"]")), "$[1]");
    List<Row> found =
        texts
            .where(first.isNotNull().and(not(next.eqNullSafe(lit(END)))))
            .select(texts.metadataColumn("_metadata").getField("file_path"))
            .limit(1)
            .collectAsList();
    if (!found.isEmpty()) {
      String file = found.get(0).getString(0);
      throw UserError.input(
          whole
              ? "Cannot read %s: more follows its first value, and would not be read. Where each line is a value, remove multiLine from input.options; otherwise put all values into an array."
                  .formatted(file)
              : "Cannot read %s: in a line of it more follows the first value, and would not be read. Write one value a line, or an array of them."
                  .formatted(file));
    }
  }

  private static boolean isTrue(InputConfig input, String name) {
    return ReaderOptions.option(input, name).filter("true"::equalsIgnoreCase).isPresent();
  }
}
