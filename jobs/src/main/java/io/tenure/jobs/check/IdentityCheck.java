package io.tenure.jobs.check;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.check.Judgement.Breaches;
import io.tenure.jobs.check.Judgement.Key;
import io.tenure.jobs.check.Judgement.Outcome;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Runs identities against the tables of a run, as they were written: all of them in one pass over
 * all tables, one shuffle, and only sums.
 */
public final class IdentityCheck {
  /** More rows than this are judged by many tasks; so many fit into a small memory. */
  private static final long ROWS_OF_ONE_TASK = 300_000;

  private IdentityCheck() {}

  /**
   * Runs those identities whose tables are all there.
   *
   * @param tables where the files of each table are
   * @param rows the rows of all tables together
   */
  public static List<Outcome> run(
      SparkSession spark, List<Identity> identities, Map<Contract, String> tables, long rows) {
    Set<String> names = tables.keySet().stream().map(Contract::name).collect(Collectors.toSet());
    Judgement judgement = new Judgement(Judgement.checkable(identities, names));
    // The plans are bare scans of small tables: compiling them costs more than it saves.
    SparkSession plain = spark.newSession();
    plain.conf().set("spark.sql.codegen.wholeStage", "false");
    plain.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    plain.conf().set("spark.sql.parquet.enableVectorizedReader", "false");
    Map<Integer, Breaches> breaches = new HashMap<>();
    tables.entrySet().stream()
        .filter(table -> judgement.concerns(table.getKey().name()))
        .map(table -> lines(plain, table.getKey(), table.getValue()))
        .reduce(JavaRDD::union)
        .map(lines -> rows <= ROWS_OF_ONE_TASK ? alone(judgement, lines) : shared(judgement, lines))
        .ifPresent(
            found ->
                found
                    .collect()
                    .forEach(
                        some ->
                            some.forEach(
                                (identity, more) ->
                                    breaches.merge(identity, more, Breaches::plus))));
    return judgement.outcomes(breaches);
  }

  /** One task reads everything: nothing is sent about. */
  private static JavaRDD<Map<Integer, Breaches>> alone(
      Judgement judgement, JavaRDD<StoredLine> lines) {
    return lines
        .coalesce(1)
        .mapPartitions(
            all -> {
              Judgement.Tally tally = judgement.new Tally();
              all.forEachRemaining(line -> tally.read(line.table(), line));
              return List.of(tally.breaches()).iterator();
            });
  }

  /** Each key is added up by one of many tasks. */
  private static JavaRDD<Map<Integer, Breaches>> shared(
      Judgement judgement, JavaRDD<StoredLine> lines) {
    return lines
        .flatMapToPair(
            line -> {
              List<Tuple2<Key, Sums>> terms = new ArrayList<>();
              judgement.read(line.table(), line, (key, term) -> terms.add(new Tuple2<>(key, term)));
              return terms.iterator();
            })
        .reduceByKey(Sums::plus)
        .mapPartitions(sums -> List.of(Judgement.breaches(entries(sums))).iterator());
  }

  private static JavaRDD<StoredLine> lines(SparkSession spark, Contract contract, String path) {
    String table = contract.name();
    Map<String, Integer> positions = new HashMap<>();
    contract
        .columns()
        .forEach(column -> positions.put(column.name(), contract.index(column.name())));
    ColumnType[] types = contract.columns().stream().map(Column::type).toArray(ColumnType[]::new);
    return spark
        .read()
        .schema(SparkSchema.of(contract))
        .parquet(path)
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .map(row -> new StoredLine(table, row, positions, types));
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
  private record StoredLine(
      String table, InternalRow row, Map<String, Integer> positions, ColumnType[] types)
      implements Line, Serializable {
    @Override
    public String text(String column) {
      int at = positions.get(column);
      if (row.isNullAt(at)) {
        return null;
      }
      return switch (types[at]) {
        case STRING -> row.getUTF8String(at).toString();
        case DATE -> day(column).toString();
        default -> number(column).toString();
      };
    }

    @Override
    public LocalDate day(String column) {
      int at = positions.get(column);
      return row.isNullAt(at) ? null : LocalDate.ofEpochDay(row.getInt(at));
    }

    @Override
    public Long number(String column) {
      int at = positions.get(column);
      if (row.isNullAt(at)) {
        return null;
      }
      return types[at] == ColumnType.BIGINT ? row.getLong(at) : Long.valueOf(row.getInt(at));
    }

    @Override
    public boolean flag(String column) {
      return row.getBoolean(positions.get(column));
    }
  }
}
