package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.col;

import io.tenure.common.Nearest;
import io.tenure.common.UserError;
import io.tenure.common.config.IdentitiesConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.StorageFailure;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/**
 * Reads the table of aliases, whole: it is looked up for every event, so each process that reads
 * events holds it in memory.
 */
public final class IdentitiesTable {
  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]+");

  private IdentitiesTable() {}

  /**
   * The aliases of a config; none if it has no identities.
   *
   * @throws UserError of input, if the table is missing, lacks a column, or contradicts itself
   */
  public static Aliases read(SparkSession spark, TenureConfig config) {
    return config.identities().map(table -> read(spark, table)).orElse(Aliases.NONE);
  }

  private static Aliases read(SparkSession spark, IdentitiesConfig config) {
    Dataset<Row> table = open(spark, config.path());
    Column alias = column(table, "identities.alias", config.alias(), config.path());
    Column user = column(table, "identities.user", config.user(), config.path());
    Aliases.Builder aliases = new Aliases.Builder(config.path());
    for (Row row : table.select(alias, user).collectAsList()) {
      aliases.add(row.getString(0), row.getString(1));
    }
    return aliases.build();
  }

  /**
   * Refuses aliases none of which can stand in an event: where users are whole numbers, and no
   * alias is written as one, as with a column of floating-point numbers, which writes 7 as 7.0.
   *
   * @param users the type of {@code input.user}
   * @throws UserError of input
   */
  static void requireLikeUsers(TenureConfig config, Aliases aliases, DataType users) {
    if (users instanceof IntegralType
        && !aliases.isEmpty()
        && !aliases.anyOf(alias -> WHOLE_NUMBER.matcher(alias).matches())) {
      IdentitiesConfig table = config.identities().orElseThrow();
      throw UserError.input(
          String.format(
              Locale.ROOT,
              "Cannot use identities.alias: none of the %,d aliases in the column '%s' of %s is a whole number, as input.user is, so that no event has one; the first is '%s'. Make that column whole numbers, or texts of such.",
              aliases.size(),
              table.alias(),
              table.path(),
              aliases.first()));
    }
  }

  private static Dataset<Row> open(SparkSession spark, String path) {
    try {
      InputFiles files =
          InputFiles.list("identities.path", path, spark.sparkContext().hadoopConfiguration());
      FolderLayout layout = FolderLayout.of("identities.path", path, files);
      return spark.read().options(layout.options()).parquet(files.paths().toArray(String[]::new));
    } catch (Exception e) {
      // A type that Spark does not read is found out by a job, which wraps what it says.
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof AnalysisException || isDamaged(cause)) {
          throw unreadable(path, cause);
        }
      }
      throw e;
    }
  }

  private static boolean isDamaged(Throwable cause) {
    return cause instanceof SparkThrowable spark
        && String.valueOf(spark.getCondition()).startsWith("FAILED_READ_FILE")
        && !StorageFailure.mayPass(cause);
  }

  private static UserError unreadable(String path, Throwable why) {
    return UserError.input(
        "Cannot read identities.path '%s' as parquet: %s. Check the path; the table of aliases is Parquet."
            .formatted(path, UserError.firstLine(why)),
        why);
  }

  private static Column column(Dataset<Row> table, String key, String name, String path) {
    return InputSchema.column(table.schema(), name)
        .map(found -> text(table, found, key, path))
        .orElseThrow(() -> missing(List.of(table.columns()), key, name, path));
  }

  private static Column text(Dataset<Row> table, String name, String key, String path) {
    DataType type = table.schema().apply(name).dataType();
    if (type instanceof StructType || type instanceof ArrayType || type instanceof MapType) {
      throw UserError.input(
          "Cannot use %s: the column '%s' of %s is not a single value but %s. Name a column of ids."
              .formatted(key, name, path, type.simpleString()));
    }
    return col(Mapping.quoted(name)).cast(DataTypes.StringType);
  }

  private static UserError missing(List<String> columns, String key, String name, String path) {
    return UserError.input(
        "Cannot resolve %s: %s has no column '%s'%s"
            .formatted(
                key,
                path,
                name,
                Nearest.of(name, columns)
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse(". Its columns are " + String.join(", ", columns) + ".")));
  }
}
