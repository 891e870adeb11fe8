package io.tenure.jobs.check;

import io.tenure.common.AtOnce;
import io.tenure.common.store.TableReader;
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
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Runs identities against the tables of a run, as they were written.
 *
 * <ol>
 *   <li>One pass over all tables adds up by fingerprints of keys. It takes little memory, and what
 *       it finds in order is in order.
 *   <li>Identities that it suspects are judged again by the keys themselves, to say what is wrong:
 *       by this process or, if there are too many rows for that, by tasks with one shuffle.
 * </ol>
 *
 * <p>Tables with too many rows even for the first pass go to the tasks at once.
 */
public final class IdentityCheck {
  /** More rows than this are judged by tasks; the sums of so many fit into a small memory. */
  private static final long ROWS_AT_HAND = 600_000;

  /** The same for sums by fingerprint: there are about as many as rows. */
  private static final long ROWS_BY_FINGERPRINT = 6_000_000;

  /** Files that are read at once. */
  private static final int READERS = 2;

  private IdentityCheck() {}

  /**
   * Runs those identities whose tables are all there.
   *
   * @param tables where the files of each table are
   * @param rows how many rows each table has
   */
  public static List<Outcome> run(
      SparkSession spark,
      List<Identity> identities,
      Map<Contract, String> tables,
      Map<String, Long> rows) {
    Set<String> names = tables.keySet().stream().map(Contract::name).collect(Collectors.toSet());
    Judgement all = new Judgement(Judgement.checkable(identities, names));
    BitSet suspects =
        count(all.concerned(tables), rows) <= ROWS_BY_FINGERPRINT
            ? suspects(spark, all, all.concerned(tables))
            : all.positions();
    if (suspects.isEmpty()) {
      return all.outcomes(Map.of());
    }
    Judgement judgement = all.only(suspects);
    Map<Contract, String> concerned = judgement.concerned(tables);
    return all.outcomes(
        count(concerned, rows) <= ROWS_AT_HAND
            ? atHand(spark, judgement, concerned)
            : shared(spark, judgement, concerned));
  }

  private static long count(Map<Contract, String> tables, Map<String, Long> rows) {
    return tables.keySet().stream().mapToLong(table -> rows.get(table.name())).sum();
  }

  private static BitSet suspects(
      SparkSession spark, Judgement judgement, Map<Contract, String> tables) {
    Queue<TableFile> files = new ConcurrentLinkedQueue<>(files(spark, tables));
    Map<Integer, Callable<SuspectSums>> readers = new TreeMap<>();
    for (int reader = 0; reader < READERS; reader++) {
      readers.put(reader, () -> sums(judgement, files));
    }
    return AtOnce.all(READERS, "Checking", readers).values().stream()
        .reduce(
            (sums, more) -> {
              sums.add(more);
              return sums;
            })
        .orElseThrow()
        .suspects();
  }

  /** Sums of as many files as this reader comes to. */
  private static SuspectSums sums(Judgement judgement, Queue<TableFile> files) {
    SuspectSums sums = new SuspectSums();
    for (TableFile file = files.poll(); file != null; file = files.poll()) {
      file.read(judgement.reader(file.table(), sums));
    }
    return sums;
  }

  private static Map<Integer, Breaches> atHand(
      SparkSession spark, Judgement judgement, Map<Contract, String> tables) {
    Judgement.Tally tally = judgement.new Tally();
    files(spark, tables).forEach(file -> file.read(tally.reader(file.table())));
    return tally.breaches();
  }

  /** The files of all tables, the largest first. */
  private static List<TableFile> files(SparkSession spark, Map<Contract, String> tables) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<TableFile> files = new ArrayList<>();
    tables.forEach(
        (contract, path) ->
            TableReader.open(hadoop, path)
                .each()
                .forEach(file -> files.add(new TableFile(contract, file))));
    files.sort(Comparator.comparingLong((TableFile file) -> file.rows().bytes()).reversed());
    return files;
  }

  /** A file of a table, which this process reads: nothing is sent about. */
  private record TableFile(Contract contract, TableReader rows) {
    String table() {
      return contract.name();
    }

    void read(Consumer<Line> reader) {
      List<String> columns =
          contract.columns().stream()
              .filter(column -> ReadLine.shows(column.type()))
              .map(Column::name)
              .toList();
      ColumnPlaces places = new ColumnPlaces(columns);
      try (TableReader.Rows lines = rows.rows(columns, Optional.empty())) {
        lines.forEachRemaining(line -> reader.accept(new ReadLine(places, line)));
      }
    }
  }

  private static Map<Integer, Breaches> shared(
      SparkSession spark, Judgement judgement, Map<Contract, String> tables) {
    // The plans are bare scans: compiling them costs more than it saves.
    SparkSession plain = spark.newSession();
    plain.conf().set("spark.sql.codegen.wholeStage", "false");
    plain.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    Map<Integer, Breaches> breaches = new HashMap<>();
    tables.entrySet().stream()
        .map(table -> lines(plain, table.getKey(), table.getValue()))
        .reduce(JavaRDD::union)
        .ifPresent(
            lines ->
                shared(judgement, lines)
                    .collect()
                    .forEach(
                        some ->
                            some.forEach(
                                (identity, more) ->
                                    breaches.merge(identity, more, Breaches::plus))));
    return breaches;
  }

  /** Each key is added up by one of many tasks. */
  private static JavaRDD<Map<Integer, Breaches>> shared(
      Judgement judgement, JavaRDD<StoredLine> lines) {
    return lines
        .flatMapToPair(
            line -> {
              List<Tuple2<Key, Sums>> terms = new ArrayList<>();
              judgement
                  .reader(
                      line.table(),
                      (identity, relation, key, term) ->
                          terms.add(new Tuple2<>(new Key(identity, relation, key), term)))
                  .accept(line);
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

  /** A row as its file has it. */
  private record ReadLine(ColumnPlaces places, Object[] row) implements Line {
    /** Whether a line speaks of values of a type: nothing is judged by rates. */
    static boolean shows(ColumnType type) {
      return type != ColumnType.DOUBLE && type != ColumnType.TIMESTAMP;
    }

    @Override
    public Object value(String column) {
      Object value = row[places.of(column)];
      return value instanceof Integer number ? Long.valueOf(number) : value;
    }
  }

  /** A row as Spark's reader gives it. */
  private record StoredLine(
      String table, InternalRow row, Map<String, Integer> positions, ColumnType[] types)
      implements Line, Serializable {
    @Override
    public Object value(String column) {
      int at = positions.get(column);
      if (row.isNullAt(at)) {
        return null;
      }
      return switch (types[at]) {
        case STRING -> row.getUTF8String(at).toString();
        case DATE -> LocalDate.ofEpochDay(row.getInt(at));
        case BIGINT -> row.getLong(at);
        case INT -> Long.valueOf(row.getInt(at));
        case BOOLEAN -> row.getBoolean(at);
        case MONEY ->
            row.getDecimal(at, ColumnType.MONEY_DIGITS, ColumnType.MONEY_SCALE).toJavaBigDecimal();
        case DOUBLE, TIMESTAMP ->
            throw new IllegalArgumentException("Nothing is judged by " + column);
      };
    }
  }
}
