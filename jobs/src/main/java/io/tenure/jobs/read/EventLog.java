package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;

import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.ErasureList;
import io.tenure.common.store.StateManifest;
import io.tenure.jobs.read.InputFiles.InputFile;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * The input, opened: its files are listed, its schema compared with the config, nothing read yet.
 */
public final class EventLog {
  /** Times in numbers were hardly written before; a unit that is too small ends in 1970. */
  private static final LocalDate NUMBERS_ARE_LATER = LocalDate.parse("1980-01-01");

  private final TenureConfig config;
  private final ErasureList erasures;
  private final Aliases aliases;
  private final People people;
  private final InputFiles files;
  private final Optional<Footers> footers;
  private final Map<String, String> schemas;
  private final Dataset<Row> rows;
  private final Column file;
  private final Events events;
  private final Optional<DatePartition> partition;
  private final List<String> warnings = new ArrayList<>();

  private EventLog(
      SparkSession spark,
      TenureConfig config,
      ErasureList erasures,
      Map<String, StateManifest.KnownFile> known) {
    InputConfig input = config.input();
    Places.requireApart(config, spark.sparkContext().hadoopConfiguration());
    this.config = config;
    this.erasures = erasures;
    this.aliases = IdentitiesTable.read(spark, config);
    this.people = new People(spark, erasures.erased(), aliases);
    this.files =
        InputFiles.list("input.path", input.path(), spark.sparkContext().hadoopConfiguration());
    this.footers =
        InputSchema.hasFooters(input)
            ? Optional.of(Footers.read(spark, input.format(), files, known))
            : Optional.empty();
    this.schemas = footers.map(Footers::schemas).orElse(Map.of());
    InputSchema schema = InputSchema.of(spark, input, footers);
    FolderLayout layout = FolderLayout.of("input.path", input.path(), files);
    this.rows = schema.rows(spark, input, files, layout);
    // By name, a column of the log that is called _metadata would be meant.
    this.file = rows.metadataColumn("_metadata").getField("file_path");
    this.events = schema.resolved(() -> new Events(rows, file, config, people));
    IdentitiesTable.requireLikeUsers(config, aliases, events.userType());
    schema.requireOneType(events.types().keySet());
    this.partition =
        input.partition().map(column -> new DatePartition(column, rows.schema(), files));
    warnAboutMissing(schema);
    warnAboutFolders(schema, layout);
  }

  /**
   * Opens the input of a config. The session's time zone must be the config's.
   *
   * @param erasures whose rows to leave out
   * @throws UserError of input, if files or columns are missing or of the wrong type; of usage, if
   *     the output is in the input
   */
  public static EventLog open(SparkSession spark, TenureConfig config, ErasureList erasures) {
    return open(spark, config, erasures, Map.of());
  }

  /**
   * Opens the input of a config, of which an earlier run knows some files.
   *
   * @param known by the files' URIs: those that are unchanged are not opened to see their schema
   * @throws UserError of input, if files or columns are missing or of the wrong type
   */
  public static EventLog open(
      SparkSession spark,
      TenureConfig config,
      ErasureList erasures,
      Map<String, StateManifest.KnownFile> known) {
    return new EventLog(spark, config, erasures, known);
  }

  /** Which ids stand for another user. */
  public Aliases aliases() {
    return aliases;
  }

  /** Whose rows are left out. */
  public ErasureList erasures() {
    return erasures;
  }

  private void warnAboutMissing(InputSchema schema) {
    InputConfig input = config.input();
    schema
        .missing()
        .forEach(
            (column, file) -> {
              if (column.equalsIgnoreCase(input.user()) || column.equalsIgnoreCase(input.time())) {
                throw UserError.input(
                    "Cannot read %s: it has no column '%s', which other files of input.path have."
                        .formatted(file, column));
              }
              if (events.types().containsKey(column)) {
                warnings.add(
                    "column '%s' is missing in some files (such as %s): NULL there"
                        .formatted(column, file));
              }
            });
  }

  private void warnAboutFolders(InputSchema schema, FolderLayout layout) {
    for (String column : layout.columns(files)) {
      boolean inFiles =
          schema.fileSchema().flatMap(columns -> InputSchema.column(columns, column)).isPresent();
      if (inFiles && events.types().containsKey(column)) {
        warnings.add(
            "column '%s' is in the files and in the names of folders: what the folders say counts"
                .formatted(column));
      }
    }
  }

  public InputFiles files() {
    return files;
  }

  /** What a careful person would want to know before they trust the run. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The schema of a file in the notation of its footer; empty for formats without. */
  public Optional<String> schemaOf(InputFile file) {
    return Optional.ofNullable(schemas.get(file.path()));
  }

  /** Rows in the files by their footers; empty for formats without. */
  public Optional<Long> footerRows() {
    return footers.map(all -> all.footers().stream().mapToLong(Footers.Footer::rows).sum());
  }

  /** The files that a run as of a day reads. */
  public List<InputFile> filesToRead(LocalDate asOf) {
    return partition.map(dates -> dates.upTo(asOf, files)).orElse(files.files());
  }

  /** Whether folders by date let a run read less. */
  public boolean isPartitioned() {
    return partition.isPresent();
  }

  /** Every row up to a day, with its verdict: see {@link Events}. */
  public Judged judged(LocalDate asOf) {
    return pruned(asOf).judged(asOf);
  }

  /** The rows of some files, with their verdicts. */
  public Judged judged(LocalDate asOf, Collection<InputFile> only) {
    return of(only).judged(asOf);
  }

  /** The rejected rows of some files: see {@link RejectedEvents#CONTRACT}. */
  public Dataset<Row> rejected(LocalDate asOf, Collection<InputFile> only) {
    return of(only).rejected(asOf);
  }

  /**
   * Requires that Spark reads all that is in some files; to be asked before they are counted.
   *
   * @throws UserError of input
   */
  public void requireReadWhole(Collection<InputFile> only) {
    JsonValues.requireOneEach(rows.sparkSession(), config.input(), only);
  }

  /**
   * Requires that files were read as they were listed: see {@link ListedFiles}.
   *
   * @param read rows, by the files' URIs
   * @throws UserError of storage
   */
  public void requireRead(Collection<InputFile> opened, Map<String, Long> read) {
    ListedFiles.requireRead(
        footers, opened, read, rows.sparkSession().sparkContext().hadoopConfiguration());
  }

  private Events of(Collection<InputFile> only) {
    if (only.size() == files.files().size()) {
      return events;
    }
    Object[] paths = only.stream().map(InputFile::uri).toArray();
    return new Events(rows.where(file.isin(paths)), file, config, people);
  }

  private Events pruned(LocalDate asOf) {
    return partition
        .map(dates -> new Events(rows.where(dates.readUpTo(asOf)), file, config, people))
        .orElse(events);
  }

  /** See {@link Events#isTimeText}. */
  public boolean isTimeText() {
    return events.isTimeText();
  }

  public DataType timeType() {
    return events.timeType();
  }

  /** See {@link Events#types}. */
  public Map<String, String> types() {
    return events.types();
  }

  /**
   * The last day that counts.
   *
   * @param wanted the day that was asked for; null: {@link #lastCoveredDay}
   * @param today the local day on which the run starts
   */
  public AsOf asOf(LocalDate wanted, LocalDate today) {
    return wanted == null
        ? lastCoveredDay(today.minusDays(1))
        : new AsOf(wanted, "as told", warning(wanted, today));
  }

  /** Of a day that was asked for, why not all of it may be there. */
  private Optional<String> warning(LocalDate wanted, LocalDate today) {
    if (!wanted.isBefore(today)) {
      return Optional.of(
          "%s is not over, it is %s in %s: what has not happened yet counts as if it never did"
              .formatted(wanted, today, config.timezone()));
    }
    return partition
        .flatMap(dates -> dates.last(files, goesOnUntil(today.minusDays(1))))
        .filter(last -> coveredByFolder(last).isBefore(wanted))
        .map(
            last ->
                "the last folder is %s, so %s is not covered: what has not arrived counts as if it never happened"
                    .formatted(last, wanted));
  }

  /**
   * The last day that the input covers completely.
   *
   * <p>With folders by date: the last folder's day, or the day before where local days end after
   * the folder's. Otherwise by the latest event: its day may be going on still, so the day before
   * it; or the day itself, if events carry days only. Never later than yesterday.
   *
   * <p>What is of the next two days says that yesterday is covered, unless the log ended long
   * before. What is dated later still is of a wrong clock, and says nothing.
   *
   * @param yesterday the local day before the one on which the run starts
   */
  public AsOf lastCoveredDay(LocalDate yesterday) {
    Optional<LocalDate> folder = partition.flatMap(dates -> dates.last(files));
    if (folder.isPresent()) {
      return coveredByFolders(folder.get(), yesterday);
    }
    Latest rows = latest(yesterday);
    Optional<LocalDate> latest = rows.day();
    if (latest.isEmpty()) {
      throw UserError.input(
          "Cannot choose the as-of day: no row up to %s has a user and a plausible time. Say"
                  .formatted(yesterday)
              + " --as-of, or correct input.user, input.time and input.time-unit.");
    }
    if (config.input().timeUnit().isPresent() && latest.get().isBefore(NUMBERS_ARE_LATER)) {
      throw UserError.input(
          "The latest event is on %s: input.time-unit '%s' makes too little of the numbers in input.time. Correct it; if events are that old, say --as-of."
              .formatted(
                  latest.get(), config.input().timeUnit().get().name().toLowerCase(Locale.ROOT)));
    }
    if (rows.goesOn() && !isLongBefore(latest.get(), yesterday)) {
      return new AsOf(yesterday, "yesterday; events go on after it");
    }
    String ahead = rows.goesOn() || rows.isAhead() ? "; later ones are ahead of the clock" : "";
    return events.timeType().equals(DataTypes.DateType)
        ? new AsOf(latest.get(), "the last day with an event" + ahead)
        : new AsOf(
            latest.get().minusDays(1),
            "the latest event is on %s, a day that may be going on; --as-of %s includes it%s"
                .formatted(latest.get(), latest.get(), ahead));
  }

  private AsOf coveredByFolders(LocalDate last, LocalDate yesterday) {
    // What is dated later still is of a wrong clock.
    LocalDate near =
        partition.flatMap(dates -> dates.last(files, goesOnUntil(yesterday))).orElse(last);
    String ahead = last.isAfter(near) ? "; later ones are ahead of the clock" : "";
    LocalDate covered = coveredByFolder(near);
    if (!covered.isAfter(yesterday)) {
      return new AsOf(covered, "the last folder is " + near + ahead);
    }
    return partition
        .flatMap(dates -> dates.last(files, yesterday))
        .filter(before -> isLongBefore(before, yesterday))
        .map(
            before ->
                new AsOf(
                    coveredByFolder(before),
                    "the last folder is %s; later ones are ahead of the clock".formatted(before)))
        .orElseGet(() -> new AsOf(yesterday, "yesterday; folders go on to " + near + ahead));
  }

  /** The last day that something may be of on the day after, in whatever zone. */
  private static LocalDate goesOnUntil(LocalDate yesterday) {
    return yesterday.plusDays(2);
  }

  private static boolean isLongBefore(LocalDate day, LocalDate yesterday) {
    return day.isBefore(yesterday.minusDays(AsOf.LONG_SILENCE));
  }

  /** Folders are taken to be UTC days; local times and days are taken to be in their own zone. */
  private LocalDate coveredByFolder(LocalDate folder) {
    boolean local =
        events.timeType() instanceof TimestampNTZType
            || events.timeType().equals(DataTypes.DateType);
    boolean endsInTime =
        local
            || !folder
                .plusDays(1)
                .atStartOfDay(config.timezone())
                .toInstant()
                .isAfter(folder.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    return endsInTime ? folder : folder.minusDays(1);
  }

  /**
   * The events up to yesterday, and what is later.
   *
   * @param day of the last event up to yesterday
   * @param goesOn whether there are events of the next two days
   * @param isAhead whether there are later ones still
   */
  private record Latest(Optional<LocalDate> day, boolean goesOn, boolean isAhead) {}

  private Latest latest(LocalDate yesterday) {
    Column accepted = col("reason").equalTo(lit(Reason.ACCEPTED.ordinal()));
    Column known = accepted.and(to_date(col("time")).leq(lit(yesterday)));
    Row found =
        judged(goesOnUntil(yesterday))
            .rows()
            .agg(
                date_format(max(when(known, col("time"))), "yyyy-MM-dd"),
                max(accepted.and(not(known))),
                max(col("reason").equalTo(lit(Reason.AFTER_AS_OF.ordinal()))))
            .head();
    return new Latest(
        Optional.ofNullable(found.getString(0)).map(LocalDate::parse),
        Boolean.TRUE.equals(found.get(1)),
        Boolean.TRUE.equals(found.get(2)));
  }
}
