package io.tenure.jobs.fold;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.tenure.common.history.HistoryShape;
import io.tenure.jobs.fold.JudgedRow.Clock;
import io.tenure.jobs.fold.JudgedRow.Layout;
import io.tenure.jobs.read.Judged;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.roaringbitmap.RoaringBitmap;

/**
 * Judged rows into histories, in one shuffle. What is stored already is shuffled with them only if
 * it is not cut as the shuffle would cut it.
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
          .add("part", DataTypes.BinaryType, false)
          .add("stored", DataTypes.BooleanType, false);

  private static final StructType MERGED =
      new StructType()
          .add("user", DataTypes.BinaryType, true)
          .add("history", DataTypes.BinaryType, false);

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
   * What an incremental fold starts from.
   *
   * @param state the stored state
   * @param files where all of it is, and nothing else; empty if there are no such files
   * @param recomputed the days that are folded anew and replace what is stored of them
   */
  public record Stored(Dataset<Row> state, Optional<StateFiles> files, RoaringBitmap recomputed) {}

  /**
   * The state: one row per user, and rows without user that hold {@link ReadFacts}.
   *
   * @param stored what to add to; empty for a rebuild
   */
  public Dataset<Row> state(Judged judged, Optional<Stored> stored) {
    SparkSession spark = judged.rows().sparkSession();
    RoaringBitmap recomputed = stored.map(Stored::recomputed).orElse(null);
    Dataset<Row> parts =
        spark.createDataFrame(tasks(judged, judged.ids(), recomputed, taskMemory), PARTS);
    Optional<StateFiles> inPlace =
        stored.flatMap(Stored::files).filter(files -> files.suit(partitions));
    if (inPlace.isPresent()) {
      return rows(
          spark,
          mergedInto(inPlace.get(), arranged(parts, inPlace.get().files().size()), recomputed));
    }
    Dataset<Row> all = stored.map(from -> parts.union(parts(from.state()))).orElse(parts);
    return rows(spark, merged(arranged(all, partitions), recomputed));
  }

  /** The state as it is stored: the users that are in it, and facts about them. */
  public Dataset<Row> state(Dataset<Row> stored) {
    JavaRDD<Part> parts = arranged(parts(stored), partitions);
    return rows(stored.sparkSession(), merged(parts, new RoaringBitmap()));
  }

  private static Dataset<Row> parts(Dataset<Row> stored) {
    return stored
        .where(col("user").isNotNull())
        .select(
            col("user").cast(DataTypes.BinaryType),
            col("history").as("part"),
            lit(true).as("stored"));
  }

  /** Parts shuffled by user and sorted. */
  private static JavaRDD<Part> arranged(Dataset<Row> parts, int partitions) {
    return parts
        .repartition(partitions, col("user"))
        .sortWithinPartitions(col("user"))
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .map(Part::of);
  }

  private JavaRDD<Row> merged(JavaRDD<Part> arranged, RoaringBitmap recomputed) {
    HistoryShape sent = shape;
    return arranged.mapPartitions(parts -> new MergeTask(parts, sent, recomputed));
  }

  /** As if the files had been shuffled, too: partition by partition, they were. */
  private JavaRDD<Row> mergedInto(
      StateFiles state, JavaRDD<Part> arranged, RoaringBitmap recomputed) {
    HistoryShape sent = shape;
    List<StateFiles.Numbered> files = state.files();
    int count = files.size();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(arranged.context());
    Broadcast<SerializableConfiguration> hadoop =
        context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
    // Of a plan without rows, Spark drops what would have cut it.
    JavaRDD<Part> fresh =
        arranged.getNumPartitions() == 0 ? context.parallelize(List.<Part>of(), count) : arranged;
    return fresh.zipPartitions(
        context.parallelize(files, count),
        (parts, file) ->
            new MergeTask(
                new StoredParts(parts, hadoop.value().value(), file.next(), count),
                sent,
                recomputed));
  }

  private static Dataset<Row> rows(SparkSession spark, JavaRDD<Row> merged) {
    return spark
        .createDataFrame(merged, MERGED)
        .select(col("user").cast(DataTypes.StringType), col("history"));
  }

  /** The parts of all histories, in rows of {@link #PARTS}. */
  private JavaRDD<Row> tasks(
      Judged judged, boolean deduplicated, RoaringBitmap recomputed, long budget) {
    Layout layout =
        new Layout(
            Clock.of(judged.timeType()), zone, judged.ids(), shape.amounts(), shape.dimensions());
    HistoryShape sent = shape;
    Optional<ColumnarScan> scan = ColumnarScan.of(judged, layout);
    if (scan.isPresent()) {
      ColumnarScan.Bindings bindings = scan.get().bindings();
      return scan.get()
          .batches()
          .mapPartitions(
              part ->
                  new FoldTask(new BatchIntake(part, bindings, recomputed), sent, layout, budget));
    }
    Dataset<Row> rows =
        deduplicated ? Deduplication.arranged(judged.rows(), partitions) : judged.rows();
    return rows.queryExecution()
        .toRdd()
        .toJavaRDD()
        .mapPartitions(
            part -> {
              ReadFacts facts = new ReadFacts();
              Iterator<InternalRow> left =
                  deduplicated ? new Deduplication(part, layout, facts) : part;
              return new FoldTask(
                  new RowIntake(left, layout, facts, recomputed), sent, layout, budget);
            });
  }

  /** What files hold, without folding them; duplicates are not told from other events. */
  public ReadFacts survey(Judged judged) {
    ReadFacts facts = new ReadFacts();
    tasks(judged, false, new RoaringBitmap(), 1)
        .collect()
        .forEach(found -> facts.merge(ReadFacts.decode((byte[]) found.get(1))));
    return facts;
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
