package io.tenure.jobs.compute;

import static org.apache.spark.sql.functions.col;

import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.metric.Cell;
import io.tenure.jobs.metric.Cells;
import io.tenure.jobs.metric.Metric;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.StorageLevels;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Histories into tables: one pass over the users for all metrics together, then only sums.
 *
 * <p>Holds the finished cells until it is closed.
 */
public final class Compute implements AutoCloseable {
  /** Sums that make up a file of a table: some tens of megabytes of rows. */
  private static final long SUMS_PER_FILE = 4_000_000;

  private final SparkSession spark;
  private final List<Metric> metrics;
  private final String runId;
  private final JavaPairRDD<Cell.Key, long[]> cells;
  private final Map<String, Sizes> cellsByTable;

  private Compute(
      SparkSession spark, List<Metric> metrics, String runId, JavaPairRDD<Cell.Key, long[]> cells) {
    this.spark = spark;
    this.metrics = metrics;
    this.runId = runId;
    this.cells = cells.persist(StorageLevels.MEMORY_AND_DISK);
    this.cellsByTable = new TreeMap<>(sizes());
  }

  /**
   * Adds up all users.
   *
   * @param state rows of {@link io.tenure.jobs.fold.Fold#STATE}
   * @param end the day, an epoch day, that starts when knowledge ends
   */
  public static Compute of(Dataset<Row> state, List<Metric> metrics, int end, String runId) {
    JavaPairRDD<Cell.Key, long[]> cells =
        state
            .where(col("user").isNotNull())
            .select("history")
            .queryExecution()
            .toRdd()
            .toJavaRDD()
            .mapPartitions(histories -> addUp(histories, metrics, end))
            .mapToPair(cell -> new Tuple2<>(cell.key(), cell.sums()))
            .reduceByKey(Cells::add);
    return new Compute(state.sparkSession(), metrics, runId, cells);
  }

  private static Iterator<Cell> addUp(
      Iterator<InternalRow> histories, List<Metric> metrics, int end) {
    Cells cells = new Cells();
    while (histories.hasNext()) {
      History history = History.decode(histories.next().getBinary(0)).before(end);
      for (Metric metric : metrics) {
        metric.add(history, cells);
      }
    }
    return cells.iterator();
  }

  /** The number of finished cells. */
  public long cells() {
    return cellsByTable.values().stream().mapToLong(Sizes::cells).sum();
  }

  private record Sizes(long cells, long sums) implements Serializable {
    static Sizes add(Sizes left, Sizes right) {
      return new Sizes(left.cells + right.cells, left.sums + right.sums);
    }
  }

  private Map<String, Sizes> sizes() {
    return cells
        .mapToPair(cell -> new Tuple2<>(cell._1().table(), new Sizes(1, cell._2().length)))
        .reduceByKey(Sizes::add)
        .collectAsMap();
  }

  /** The rows of a table, in few files, each sorted by the table's grain. */
  public Dataset<Row> table(Contract contract) {
    Metric metric = owner(contract);
    String run = runId;
    String name = contract.name();
    JavaRDD<Cell> finished =
        cells
            .filter(cell -> cell._1().table().equals(name))
            .map(cell -> new Cell(cell._1(), cell._2()));
    JavaRDD<Row> rows =
        metric.comparesValues()
            ? finished
                .groupBy(cell -> cell.key().ofDimension())
                .values()
                .flatMap(values -> rows(metric, values, run))
            : finished.flatMap(cell -> rows(metric, List.of(cell), run));
    int files =
        Math.toIntExact(
            1 + cellsByTable.getOrDefault(name, new Sizes(0, 0)).sums() / SUMS_PER_FILE);
    Column[] grain =
        contract.grain().stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
    return spark
        .createDataFrame(rows.coalesce(files), SparkSchema.of(contract))
        .sortWithinPartitions(grain);
  }

  private Metric owner(Contract contract) {
    return metrics.stream()
        .filter(
            metric ->
                metric.tables().stream().anyMatch(table -> table.name().equals(contract.name())))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No metric fills " + contract.name()));
  }

  private static Iterator<Row> rows(Metric metric, Iterable<Cell> together, String runId) {
    List<Cell> cells = new ArrayList<>();
    together.forEach(cells::add);
    List<Row> rows = new ArrayList<>();
    metric.rows(
        cells,
        values -> {
          Object[] withRun = Arrays.copyOf(values, values.length + 1);
          withRun[values.length] = runId;
          rows.add(RowFactory.create(withRun));
        });
    return rows.iterator();
  }

  @Override
  public void close() {
    cells.unpersist(false);
  }
}
