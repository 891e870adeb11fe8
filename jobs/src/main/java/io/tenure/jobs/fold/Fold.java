package io.tenure.jobs.fold;

import static org.apache.spark.sql.functions.col;

import io.tenure.common.history.HistoryShape;
import io.tenure.jobs.fold.JudgedRow.Clock;
import io.tenure.jobs.fold.JudgedRow.Layout;
import java.time.ZoneId;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Judged rows into histories, in one shuffle.
 *
 * <ol>
 *   <li>Each task folds its rows into one partial history per user.
 *   <li>Partial histories are shuffled by user and sorted: Spark spills what does not fit.
 *   <li>Each task merges the parts of a user, one user at a time.
 * </ol>
 *
 * <p>So a user with a tenth of all events is a few parts after step 1, and a user with a long life
 * is one entry per day.
 */
public final class Fold {
  /** Rows of the state: a user and what is known of them; without user, what reading found. */
  public static final StructType STATE =
      new StructType()
          .add("user", DataTypes.StringType, true)
          .add("history", DataTypes.BinaryType, false);

  private static final StructType PARTS =
      new StructType()
          .add("user", DataTypes.BinaryType, true)
          .add("part", DataTypes.BinaryType, false);

  private final HistoryShape shape;
  private final ZoneId zone;
  private final int partitions;
  private final long taskMemory;

  /**
   * @param zone the zone whose local days are counted
   * @param partitions tasks after the shuffle
   * @param taskMemory bytes that one task may use for partial histories
   */
  public Fold(HistoryShape shape, ZoneId zone, int partitions, long taskMemory) {
    this.shape = shape;
    this.zone = zone;
    this.partitions = partitions;
    this.taskMemory = taskMemory;
  }

  /**
   * The state: one row per user, and rows without user that hold {@link ReadFacts}.
   *
   * @param judged the rows of {@link io.tenure.jobs.read.Events}
   * @param timeType the type of their column {@code time}
   * @param ids whether they have event ids, so that duplicates must be left out
   */
  public Dataset<Row> state(Dataset<Row> judged, DataType timeType, boolean ids) {
    SparkSession spark = judged.sparkSession();
    Dataset<Row> rows = ids ? Deduplication.arranged(judged, partitions) : judged;
    Layout layout = new Layout(Clock.of(timeType), zone, ids, shape.amounts(), shape.dimensions());
    HistoryShape sent = shape;
    long budget = taskMemory;
    Dataset<Row> parts =
        spark.createDataFrame(
            rows.queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(
                    part -> {
                      ReadFacts facts = new ReadFacts();
                      return new FoldTask(
                          ids ? new Deduplication(part, layout, facts) : part,
                          sent,
                          layout,
                          facts,
                          budget);
                    }),
            PARTS);
    Dataset<Row> arranged =
        parts.repartition(partitions, col("user")).sortWithinPartitions(col("user"));
    return spark
        .createDataFrame(
            arranged
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(part -> new MergeTask(part, sent)),
            new StructType()
                .add("user", DataTypes.BinaryType, true)
                .add("history", DataTypes.BinaryType, false))
        .select(col("user").cast(DataTypes.StringType), col("history"));
  }

  /** What reading found, from a stored state. */
  public static ReadFacts facts(Dataset<Row> state) {
    ReadFacts facts = new ReadFacts();
    for (Row row : state.where(col("user").isNull()).select("history").collectAsList()) {
      facts.merge(ReadFacts.decode(row.getAs(0)));
    }
    return facts;
  }
}
