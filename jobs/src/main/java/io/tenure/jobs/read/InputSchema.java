package io.tenure.jobs.read;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.InputConfig.Format;
import io.tenure.common.store.Globs;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The schema of the input's files, all of them.
 *
 * <p>Spark takes the schema of one file for that of all, and reads a column that a file lacks, or
 * has in another type, as NULL or as an error in the middle of a run. So the footers are compared
 * first: types that widen without loss are widened (see {@link WiderType}), others cannot be read
 * together.
 *
 * @param fileSchema the columns in the files; absent for formats that Spark infers by reading
 * @param missing for a column that only some files have, one file without it
 * @param conflicts for a column whose types in two files cannot be read together, what they are
 * @param unreadable for a column that Spark does not read in some file, its type and the file
 */
record InputSchema(
    Optional<StructType> fileSchema,
    Map<String, String> missing,
    Map<String, String> conflicts,
    Map<String, String> unreadable) {
  private static final Pattern NO_COLUMN = Pattern.compile("no column '([^']+)'");

  /** The schema of an ORC file of no bytes, as Hive writes where it has no rows. */
  private static final String NOTHING = "struct<>";

  /** The footer says it, but not to those who read Parquet by way of Spark. */
  private static final String OF_NULLS =
      " A column of no values at all, as Arrow and pandas write it where it was given no type, passes for INT: give it one there.";

  /** Spark numbers the columns of files that it was not told to have a header. */
  private static final String HEADER =
      " If the first line of the files names them, say so: input.options {header: true}.";

  static InputSchema of(SparkSession spark, InputConfig input, Optional<Footers> footers) {
    if (footers.isEmpty()) {
      return new InputSchema(Optional.empty(), Map.of(), Map.of(), Map.of());
    }
    Map<String, StructField> merged = new LinkedHashMap<>();
    Map<String, String> source = new LinkedHashMap<>();
    Map<String, String> names = new LinkedHashMap<>();
    boolean isCaseSensitive = Boolean.parseBoolean(spark.conf().get("spark.sql.caseSensitive"));
    // What tells columns apart, as for Spark.
    UnaryOperator<String> key =
        column -> isCaseSensitive ? column : column.toLowerCase(Locale.ROOT);
    Map<String, StructType> schemas = new LinkedHashMap<>();
    Map<String, String> unreadable =
        new TreeMap<>(isCaseSensitive ? null : String.CASE_INSENSITIVE_ORDER);
    footers
        .get()
        .fileBySchema()
        .forEach(
            (footer, file) -> {
              if (!footer.equals(NOTHING)) {
                Optional<ReadableColumns> some =
                    input.format() == Format.PARQUET
                        ? ReadableColumns.of(spark, footer)
                        : Optional.empty();
                some.ifPresent(
                    columns ->
                        columns
                            .unreadable()
                            .forEach(
                                (name, type) ->
                                    unreadable.putIfAbsent(name, type + " of " + file)));
                schemas.put(
                    file,
                    some.map(ReadableColumns::schema)
                        .orElseGet(
                            () ->
                                load(input, spark.read(), List.of(Globs.literal(file))).schema()));
              }
            });
    Map<String, String> conflicts = new TreeMap<>();
    schemas.forEach(
        (file, schema) -> {
          for (StructField field : schema.fields()) {
            // Columns of one name in other letters are one, as for Spark.
            String name = names.computeIfAbsent(key.apply(field.name()), unseen -> field.name());
            DataType known = merged.containsKey(name) ? merged.get(name).dataType() : null;
            Optional<DataType> type =
                known == null
                    ? Optional.of(field.dataType().asNullable())
                    : WiderType.of(known, field.dataType(), key);
            if (type.isPresent()) {
              merged.put(name, DataTypes.createStructField(name, type.get(), true));
              source.putIfAbsent(name, file);
            } else {
              conflicts.putIfAbsent(
                  name,
                  "it is %s in %s and %s in %s"
                      .formatted(known.sql(), source.get(name), field.dataType().sql(), file));
            }
          }
        });
    Map<String, String> missing = new TreeMap<>();
    schemas.forEach(
        (file, schema) -> {
          Set<String> there =
              Arrays.stream(schema.fieldNames()).map(key).collect(Collectors.toSet());
          names.forEach(
              (known, name) -> {
                if (!there.contains(known)) {
                  missing.putIfAbsent(name, file);
                }
              });
        });
    // Where some files have it otherwise, the others would be read as NULL.
    merged.keySet().removeIf(unreadable::containsKey);
    return new InputSchema(
        Optional.of(new StructType(merged.values().toArray(StructField[]::new))),
        missing,
        conflicts,
        unreadable);
  }

  /**
   * What is made of the columns.
   *
   * @throws UserError of input, if it takes one that Spark does not read
   */
  <T> T resolved(Supplier<T> made) {
    try {
      return made.get();
    } catch (UserError e) {
      Matcher asked = NO_COLUMN.matcher(e.getMessage());
      String type = asked.find() ? unreadable.get(asked.group(1)) : null;
      throw type == null ? e : unreadable(asked.group(1), type);
    }
  }

  private static UserError unreadable(String column, String type) {
    return UserError.input(
        "Cannot read column '%s': Spark does not read the type %s. %s"
            .formatted(
                column,
                type,
                type.contains("TIMESTAMP(NANOS")
                    ? "Write the file with microseconds."
                    : "Write the column as a text."));
  }

  /**
   * Refuses columns that are read, and cannot be.
   *
   * @param columns those that the config speaks of
   * @throws UserError of input, if two files disagree about one of them
   */
  void requireOneType(Set<String> columns) {
    conflicts.forEach(
        (column, types) -> {
          if (columns.contains(column)) {
            throw UserError.input(
                "Cannot read column '%s': %s. Rewrite one of them, or read them apart.%s"
                    .formatted(column, types, types.contains(" INT in ") ? OF_NULLS : ""));
          }
        });
  }

  /** The rows of the input as they are in the files, partition columns included. */
  Dataset<Row> rows(SparkSession spark, InputConfig input, InputFiles files, FolderLayout layout) {
    DataFrameReader reader = spark.read().options(layout.options());
    fileSchema.ifPresent(reader::schema);
    Dataset<Row> inferred = load(input, reader, files.paths());
    StructType texts = withTexts(inferred.schema(), layout.columns(files));
    Dataset<Row> rows =
        texts.equals(inferred.schema())
            ? inferred
            : load(input, reader.schema(texts), files.paths());
    return ReaderOptions.brokenLine(input)
        .map(
            column ->
                load(
                    input,
                    reader.schema(withBrokenLines(rows.schema(), column, input)),
                    files.paths()))
        .orElse(rows);
  }

  /**
   * The names of folders are texts. Spark makes numbers of them where it can: users 7 and 007, or
   * versions 1.1 and 1.10, would be one.
   */
  private static StructType withTexts(StructType schema, Set<String> folders) {
    return new StructType(
        Arrays.stream(schema.fields())
            .map(
                field ->
                    folders.contains(field.name()) && field.dataType() instanceof NumericType
                        ? DataTypes.createStructField(field.name(), DataTypes.StringType, true)
                        : field)
            .toArray(StructField[]::new));
  }

  /** Lines of JSON that are broken have brought the column already, those of CSV have not. */
  private static StructType withBrokenLines(StructType inferred, String column, InputConfig input) {
    List<StructField> fields =
        Arrays.stream(inferred.fields()).filter(field -> !field.name().equals(column)).toList();
    if (fields.isEmpty()) {
      throw UserError.input(
          "Cannot read input.path '%s' as %s: no line of it is. Check input.format, and input.options {multiLine: true} where a value goes over several lines."
              .formatted(input.path(), input.format().label()));
    }
    return new StructType(fields.toArray(StructField[]::new))
        .add(column, DataTypes.StringType, true);
  }

  private static Dataset<Row> load(InputConfig input, DataFrameReader reader, List<String> paths) {
    ReaderOptions.require(input);
    try {
      return reader
          .format(input.format().label())
          .options(ReaderOptions.defaults(input))
          .options(input.options())
          .load(paths.toArray(String[]::new));
    } catch (Exception e) {
      throw ReaderOptions.explained(input, e);
    }
  }

  /** Whether a config value names a column of these rows, and not an expression. */
  static Optional<String> column(StructType schema, String expression) {
    List<String> names = Arrays.asList(schema.fieldNames());
    if (names.contains(expression)) {
      return Optional.of(expression);
    }
    return names.stream().filter(name -> name.equalsIgnoreCase(expression)).findFirst();
  }

  static UserError missingColumn(StructType schema, String key, String value, String column) {
    List<String> names =
        Arrays.stream(schema.fieldNames()).filter(name -> !ReaderOptions.isOwn(name)).toList();
    String where = value.equals(column) ? key : key + " (" + value + ")";
    return UserError.input(
        "Cannot resolve %s: the input has no column '%s'%s"
            .formatted(
                where,
                column,
                Nearest.of(column, names)
                        .map(near -> "; did you mean '" + near + "'?")
                        .orElse(". Its columns are " + String.join(", ", names) + ".")
                    + (names.contains("_c0") ? HEADER : "")));
  }

  static boolean hasFooters(InputConfig input) {
    return input.format() == Format.PARQUET || input.format() == Format.ORC;
  }
}
