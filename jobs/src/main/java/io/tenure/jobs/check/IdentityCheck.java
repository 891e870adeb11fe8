package io.tenure.jobs.check;

import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.check.Judgement.Breaches;
import io.tenure.jobs.check.Judgement.Key;
import io.tenure.jobs.check.Judgement.Outcome;
import java.time.LocalDate;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/**
 * Runs identities against the tables of a run, as they were written: all of them in one pass over
 * all tables, one shuffle, and only sums.
 */
public final class IdentityCheck {
  private IdentityCheck() {}

  /**
   * Runs those identities whose tables are all there.
   *
   * @param tables where the files of each table are
   */
  public static List<Outcome> run(
      SparkSession spark, List<Identity> identities, Map<Contract, String> tables) {
    Set<String> names = tables.keySet().stream().map(Contract::name).collect(Collectors.toSet());
    Judgement judgement = new Judgement(Judgement.checkable(identities, names));
    // The plans are bare scans of small tables: compiling them costs more than it saves.
    SparkSession plain = spark.newSession();
    plain.conf().set("spark.sql.codegen.wholeStage", "false");
    plain.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    plain.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
    List<JavaPairRDD<Key, Sums>> terms = new ArrayList<>();
    tables.forEach(
        (contract, path) -> {
          if (judgement.concerns(contract.name())) {
            terms.add(terms(plain, judgement, contract, path));
          }
        });
    Map<Integer, Breaches> breaches = new HashMap<>();
    terms.stream()
        .reduce(JavaPairRDD::union)
        .ifPresent(
            all ->
                all.reduceByKey(Sums::plus, spark.sparkContext().defaultParallelism())
                    .mapPartitions(sums -> List.of(Judgement.breaches(entries(sums))).iterator())
                    .collect()
                    .forEach(
                        some ->
                            some.forEach(
                                (identity, more) ->
                                    breaches.merge(identity, more, Breaches::plus))));
    return judgement.outcomes(breaches);
  }

  private static JavaPairRDD<Key, Sums> terms(
      SparkSession spark, Judgement judgement, Contract contract, String path) {
    String table = contract.name();
    StructType schema = SparkSchema.of(contract);
    return spark
        .read()
        .schema(schema)
        .parquet(path)
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .flatMapToPair(
            row -> {
              List<Tuple2<Key, Sums>> terms = new ArrayList<>();
              judgement.read(
                  table,
                  new StoredLine(row, schema),
                  (key, term) -> terms.add(new Tuple2<>(key, term)));
              return terms.iterator();
            });
  }

  private static Iterator<Map.Entry<Key, Sums>> entries(Iterator<Tuple2<Key, Sums>> pairs) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return pairs.hasNext();
      }

      @Override
      public Map.Entry<Key, Sums> next() {
        Tuple2<Key, Sums> pair = pairs.next();
        return new SimpleImmutableEntry<>(pair._1(), pair._2());
      }
    };
  }

  /** A row as Spark's reader gives it. */
  private record StoredLine(InternalRow row, StructType schema) implements Line {
    @Override
    public String text(String column) {
      int at = schema.fieldIndex(column);
      if (row.isNullAt(at)) {
        return null;
      }
      return schema.apply(at).dataType().equals(DataTypes.StringType)
          ? row.getUTF8String(at).toString()
          : String.valueOf(
              schema.apply(at).dataType().equals(DataTypes.DateType)
                  ? day(column)
                  : number(column));
    }

    @Override
    public LocalDate day(String column) {
      int at = schema.fieldIndex(column);
      return row.isNullAt(at) ? null : LocalDate.ofEpochDay(row.getInt(at));
    }

    @Override
    public Long number(String column) {
      int at = schema.fieldIndex(column);
      if (row.isNullAt(at)) {
        return null;
      }
      return schema.apply(at).dataType().equals(DataTypes.LongType)
          ? row.getLong(at)
          : Long.valueOf(row.getInt(at));
    }

    @Override
    public boolean flag(String column) {
      return row.getBoolean(schema.fieldIndex(column));
    }
  }
}
