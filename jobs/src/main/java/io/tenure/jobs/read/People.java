package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.udf;

import io.tenure.common.store.Erased;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Whom the ids in the events stand for: aliases for their user, those of erased users for nobody.
 * Where there are neither, an id is a user, and no row pays for the question.
 */
final class People {
  private final Erased erased;
  private final boolean anyAlias;
  private final UserDefinedFunction userOf;
  private final UserDefinedFunction isErased;

  People(SparkSession spark, Erased erased, Aliases aliases) {
    this.erased = erased;
    this.anyAlias = !aliases.isEmpty();
    Broadcast<Aliases> shared =
        anyAlias
            ? JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(aliases)
            : null;
    this.userOf = udf((UDF1<String, String>) id -> shared.value().user(id), DataTypes.StringType);
    this.isErased = udf((UDF1<String, Boolean>) erased::contains, DataTypes.BooleanType);
  }

  /** Tells erased users from others. */
  Erased erased() {
    return erased;
  }

  /** Whether any id stands for another. */
  boolean hasAliases() {
    return anyAlias;
  }

  /** The user that an id stands for. */
  Column user(Column id) {
    return anyAlias ? userOf.apply(id) : id;
  }

  /** Whether an id, or the user it stands for, was erased. */
  Column isErased(Column id) {
    Column itself = isErased.apply(id);
    return anyAlias ? itself.or(isErased.apply(user(id))) : itself;
  }
}
