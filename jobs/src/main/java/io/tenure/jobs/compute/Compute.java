package io.tenure.jobs.compute;

import io.tenure.common.encoding.Texts;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.RowOrder;
import io.tenure.common.table.SparkSchema;
import io.tenure.jobs.metric.Cell;
import io.tenure.jobs.metric.Cells;
import io.tenure.jobs.metric.Metric;
import io.tenure.jobs.metric.Onward;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.StorageLevels;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import scala.Tuple2;

/**
 * Histories into tables: one pass over the users for all metrics together, then only sums.
 *
 * <p>Cells are added up by the tasks of one job. Those of a small table are then unfolded into rows
 * here, which takes less time than planning a query; those of a large one by further tasks; a table
 * of users by a second pass that knows finished cells. Holds the finished cells until it is closed.
 */
public final class Compute implements AutoCloseable {
  /** A table of no more sums than this is unfolded here: some hundred megabytes of rows. */
  private static final long SUMS_AT_HAND = 500_000;

  /**
   * The same for a table whose rows follow its cells, which are all that is held: 130 megabytes.
   */
  private static final long SUMS_IN_ORDER = 16_000_000;

  /** Of such a table, sums that make up a file, and files at most: they are written at once. */
  private static final long SUMS_PER_PART = 3_000_000;

  private static final int PARTS_IN_ORDER = 3;

  /** Sums that make up a file of a large table: some tens of megabytes of it. */
  private static final long SUMS_PER_FILE = 4_000_000;

  /** The same for a table of users; fewer users than that are shared by all tasks, but few. */
  private static final long USERS_PER_FILE = 2_000_000;

  private static final int FEW_FILES = 4;

  private final Dataset<Row> state;
  private final List<Metric> metrics;
  private final int end;
  private final String runId;
  private final JavaRDD<CellBlock> blocks;
  private final Map<String, Size> sizes = new TreeMap<>();

  /** The cells of small tables. */
  private final Map<String, List<CellBlock>> atHand;

  private final Map<String, UserTable> listing = new ConcurrentHashMap<>();

  /** Of those that several tables read, the cells. */
  private final Map<String, List<Cell>> decoded = new ConcurrentHashMap<>();

  private final SeenActivities seen;

  private Compute(
      Dataset<Row> state,
      List<Metric> metrics,
      int end,
      String runId,
      JavaRDD<CellBlock> blocks,
      SeenActivities seen) {
    this.seen = seen;
    this.state = state;
    this.metrics = metrics;
    this.end = end;
    this.runId = runId;
    this.blocks = blocks.persist(StorageLevels.MEMORY_AND_DISK);
    this.blocks
        .map(block -> new Tuple2<>(block.table(), new Size(block.cells(), block.sums())))
        .collect()
        .forEach(size -> sizes.merge(size._1(), size._2(), Size::plus));
    Set<String> small =
        metrics.stream()
            .flatMap(metric -> metric.tables().stream())
            .map(Contract::name)
            .filter(this::isSmall)
            .map(table -> owner(table).cellsOf(table))
            .collect(Collectors.toCollection(TreeSet::new));
    this.atHand =
        this.blocks.filter(block -> small.contains(block.table())).collect().stream()
            .collect(Collectors.groupingBy(CellBlock::table));
  }

  /**
   * Adds up all users.
   *
   * @param state rows of {@link io.tenure.jobs.fold.Fold#STATE}
   * @param end the day, an epoch day, that starts when knowledge ends
   * @param earlier the cells of a run to go on from, for metrics that can
   */
  public static Compute of(
      Dataset<Row> state,
      List<Metric> metrics,
      int end,
      String runId,
      Optional<EarlierCells> earlier) {
    JavaRDD<InternalRow> histories = UserTable.histories(state, "history");
    int shares = Math.max(1, histories.getNumPartitions());
    List<Onward.Adding> adding = new ArrayList<>();
    List<Iterator<Cell>> kept = new ArrayList<>();
    for (Metric metric : metrics) {
      Optional<Onward> onward = earlier.flatMap(cells -> cells.onward(metric));
      adding.add(onward.map(Onward::rest).orElse(metric::add));
      onward.ifPresent(rest -> kept.add(earlier.get().kept(metric, rest)));
    }
    Broadcast<List<List<CellBlock>>> keptCells =
        JavaSparkContext.fromSparkContext(state.sparkSession().sparkContext())
            .broadcast(CellBlock.byShare(kept, shares));
    SeenActivities seen = new SeenActivities(0);
    state.sparkSession().sparkContext().register(seen);
    JavaRDD<CellBlock> blocks =
        histories
            .mapPartitionsToPair(users -> CellBlock.shares(addUp(users, adding, end, seen), shares))
            .partitionBy(new HashPartitioner(shares))
            .mapPartitionsWithIndex(
                (share, parts) -> {
                  CellSums sums = new CellSums();
                  keptCells.value().get(share).forEach(sums::add);
                  parts.forEachRemaining(part -> sums.add(part._2()));
                  return sums.blocks();
                },
                true);
    return new Compute(state, metrics, end, runId, blocks, seen);
  }

  /**
   * The cells of those metrics that a later run can go on with, for {@link EarlierCells#read}.
   * Empty if they are too many for this process to hold: then the next run adds up everything.
   *
   * @param build what the program is made of
   */
  public Optional<byte[]> lasting(String build) {
    Set<String> sources =
        metrics.stream()
            .filter(metric -> metric.onward(new Onward.Earlier(end, end)).isPresent())
            .flatMap(metric -> EarlierCells.sources(metric).stream())
            .collect(Collectors.toSet());
    if (!sources.stream().allMatch(this::isSmall)) {
      return Optional.empty();
    }
    return Optional.of(
        EarlierCells.write(
            build,
            sources,
            sources.stream()
                .flatMap(source -> atHand.getOrDefault(source, List.of()).stream())
                .toList()));
  }

  private static Iterator<Cell> addUp(
      Iterator<InternalRow> histories, List<Onward.Adding> metrics, int end, SeenActivities seen) {
    Cells cells = new Cells();
    long activities = 0;
    Texts texts = new Texts();
    Iterator<byte[]> byBirth = new ByBirth(histories);
    while (byBirth.hasNext()) {
      History history = History.decode(byBirth.next(), texts).before(end);
      activities |= history.allActivities();
      for (Onward.Adding metric : metrics) {
        metric.add(history, cells);
      }
    }
    seen.add(activities);
    return cells.iterator();
  }

  /** The activities that any user had, as a mask of their bits. */
  public long activities() {
    return seen.value();
  }

  /** The number of finished cells. */
  public long cells() {
    return sizes.values().stream().mapToLong(Size::cells).sum();
  }

  private record Size(long cells, long sums) implements Serializable {
    static final Size NONE = new Size(0, 0);

    Size plus(Size other) {
      return new Size(cells + other.cells, sums + other.sums);
    }
  }

  /** The size of the cells that become rows of a table. */
  private Size size(String table) {
    return sizes.getOrDefault(owner(table).cellsOf(table), Size.NONE);
  }

  /** Whether a table is better unfolded, or at least written, here than by tasks. */
  public boolean isSmall(Contract contract) {
    return users(contract)
        .map(users -> users.expected() <= SUMS_AT_HAND)
        .orElseGet(() -> isSmall(contract.name()));
  }

  /** A table of users; empty for a table of cells. */
  private Optional<UserTable> users(Contract contract) {
    Metric metric = owner(contract.name());
    return metric
        .listsUsersBy(contract.name())
        .map(
            known ->
                listing.computeIfAbsent(
                    contract.name(),
                    table ->
                        new UserTable(contract, metric.users(finished(known)), state, end, runId)));
  }

  private boolean isSmall(String table) {
    Metric metric = owner(table);
    String source = metric.cellsOf(table);
    Size size = size(table);
    if (!metric.followsCells(source)) {
      return size.sums() <= SUMS_AT_HAND;
    }
    // What is read off these cells has about as many rows as they are, and all are held.
    return size.sums() <= SUMS_IN_ORDER && (source.equals(table) || size.cells() <= SUMS_AT_HAND);
  }

  /** The rows of a small table, sorted: one part after the other, each for a file. */
  public List<? extends Iterator<Object[]>> parts(Contract contract) {
    Optional<UserTable> users = users(contract);
    if (users.isPresent()) {
      return users.get().atHand(FEW_FILES);
    }
    String table = contract.name();
    Metric metric = owner(table);
    List<Cell> cells = cellsAtHand(metric, table);
    if (metric.followsCells(table)) {
      int parts = (int) Math.min(PARTS_IN_ORDER, 1 + size(table).sums() / SUMS_PER_PART);
      return RowsOfCells.parts(
          cells, cell -> unfolded(metric, List.of(cell)), RowOrder.of(contract), parts);
    }
    List<Object[]> rows = new ArrayList<>();
    if (metric.joinsCells(table)) {
      Map<Cell.Key, List<Cell>> values = new LinkedHashMap<>();
      cells.forEach(
          cell ->
              values
                  .computeIfAbsent(metric.together(cell.key()), key -> new ArrayList<>())
                  .add(cell));
      values.values().forEach(together -> unfold(metric, together, runId, rows));
    } else {
      cells.forEach(cell -> unfold(metric, List.of(cell), runId, rows));
    }
    rows.sort(RowOrder.of(contract));
    return List.of(rows.iterator());
  }

  private List<Cell> finished(String table) {
    return isSmall(table) ? cellsAtHand(owner(table), table) : cells(table).collect();
  }

  /** Cells that become rows of several tables are decoded once. */
  private List<Cell> cellsAtHand(Metric metric, String table) {
    String source = metric.cellsOf(table);
    long readers =
        metric.tables().stream()
            .filter(other -> metric.cellsOf(other.name()).equals(source) && isSmall(other))
            .count();
    List<Cell> cells =
        readers == 1 ? decode(source) : decoded.computeIfAbsent(source, this::decode);
    return cells.stream().map(cell -> cell.ofTable(table)).toList();
  }

  private List<Cell> decode(String source) {
    return atHand.getOrDefault(source, List.of()).stream()
        .flatMap(block -> block.decode().stream())
        .toList();
  }

  private List<Object[]> unfolded(Metric metric, List<Cell> cells) {
    List<Object[]> rows = new ArrayList<>();
    unfold(metric, cells, runId, rows);
    return rows;
  }

  /** The rows of a table of any size, in few files, each sorted. */
  public Dataset<Row> dataset(Contract contract) {
    Optional<UserTable> users = users(contract);
    if (users.isPresent()) {
      long files = Math.max(FEW_FILES, users.get().expected() / USERS_PER_FILE);
      return sorted(users.get().rows().map(RowFactory::create), files, contract);
    }
    Metric metric = owner(contract.name());
    String run = runId;
    JavaRDD<Cell> cells = cells(contract.name());
    JavaRDD<Row> rows =
        metric.joinsCells(contract.name())
            ? cells
                .groupBy(cell -> metric.together(cell.key()))
                .values()
                .flatMap(values -> rows(metric, values, run))
            : cells.flatMap(cell -> rows(metric, List.of(cell), run));
    return sorted(rows, 1 + size(contract.name()).sums() / SUMS_PER_FILE, contract);
  }

  private Dataset<Row> sorted(JavaRDD<Row> rows, long files, Contract contract) {
    Column[] grain =
        contract.grain().stream().map(org.apache.spark.sql.functions::col).toArray(Column[]::new);
    // Users are read by as many tasks as there are partitions, and only then brought together.
    boolean shuffled = files < rows.getNumPartitions() && users(contract).isPresent();
    return state
        .sparkSession()
        .createDataFrame(rows.coalesce(Math.toIntExact(files), shuffled), SparkSchema.of(contract))
        .sortWithinPartitions(grain);
  }

  private JavaRDD<Cell> cells(String table) {
    String source = owner(table).cellsOf(table);
    return blocks
        .filter(block -> block.table().equals(source))
        .flatMap(block -> block.ofTable(table).decode().iterator());
  }

  private Metric owner(String table) {
    return metrics.stream()
        .filter(
            metric -> metric.tables().stream().anyMatch(contract -> contract.name().equals(table)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No metric fills " + table));
  }

  private static Iterator<Row> rows(Metric metric, Iterable<Cell> together, String runId) {
    List<Cell> cells = new ArrayList<>();
    together.forEach(cells::add);
    List<Object[]> rows = new ArrayList<>();
    unfold(metric, cells, runId, rows);
    return rows.stream().map(RowFactory::create).iterator();
  }

  private static void unfold(
      Metric metric, List<Cell> cells, String runId, Collection<Object[]> rows) {
    metric.rows(cells, values -> rows.add(UserTable.withRun(values, runId)));
  }

  @Override
  public void close() {
    blocks.unpersist(false);
  }
}
