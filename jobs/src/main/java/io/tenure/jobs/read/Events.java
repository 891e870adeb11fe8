package io.tenure.jobs.read;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.btrim;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.contains;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lpad;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.HistoryLayout;
import io.tenure.jobs.read.Mapping.Mapped;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;

/**
 * The input's rows in Tenure's terms, each with a verdict: one projection, no filter, so that every
 * row is counted exactly once.
 *
 * <p>Columns, in this order: {@code reason} INT (ordinal of {@link Reason}), {@code user} STRING,
 * {@code time} (TIMESTAMP, TIMESTAMP_NTZ or DATE), {@code activities} BIGINT, {@code id} STRING
 * that sorts as the ids do, {@code amount} DECIMAL(18,4), then {@code segment_0}, … STRING; and,
 * where rows have ids and so lose their place on the way, {@code file} STRING.
 */
public final class Events {
  static final DecimalType AMOUNT = DataTypes.createDecimalType(18, InputConfig.AMOUNT_SCALE);

  /** What a blank text is made of: the white space of ASCII, as the reference says. */
  public static final String WHITE_SPACE = " \t\n\u000B\f\r";

  /** What Spark puts in the place of bytes that are no text: users with such differ no more. */
  public static final String UNREADABLE = "\uFFFD";

  /** What the config calls the name of an event. */
  private static final String EVENT = "event";

  private final TenureConfig config;
  private final Dataset<Row> rows;
  private final Column file;
  private final Mapping mapping;
  private final Mapped user;
  private final Mapped rawTime;
  private final Column time;
  private final DataType timeType;
  private final Optional<Mapped> id;
  private final Optional<Mapped> amount;
  private final List<Mapped> segments = new ArrayList<>();
  private final List<Mapped> scores;
  private final List<Column> activities = new ArrayList<>();
  private final Optional<Column> where;
  private final Optional<Column> brokenLine;
  private final People people;
  private final Map<String, String> types;

  /**
   * Resolves the mapping against the rows.
   *
   * @param rows the rows as they are in the files; the session's zone is the config's
   * @param file the path of the file that a row is in
   * @param people whom the ids of the rows stand for
   * @throws UserError if a column is missing, or of a type that cannot mean what the config says
   */
  Events(Dataset<Row> rows, Column file, TenureConfig config, People people) {
    InputConfig input = config.input();
    this.config = config;
    this.file = file;
    this.people = people;
    Mapping raw = new Mapping(rows);
    Optional<Mapped> name = input.event().map(text -> raw.resolve("input.event", text));
    boolean isNamed = isNamed(rows.schema(), name.isPresent());
    this.rows = isNamed ? rows.withColumn(EVENT, nameOf(name)) : rows;
    this.mapping = new Mapping(this.rows, rows.schema());
    this.where = input.where().map(text -> mapping.predicate("input.where", text).column());
    this.brokenLine = ReaderOptions.brokenLine(input).map(org.apache.spark.sql.functions::col);
    // Of a broken line it is told who its user may be, lest it be somebody erased.
    this.user = where(where, scalar(mapping.resolve("input.user", input.user())));
    this.rawTime = ofEvents(mapping.resolve("input.time", input.time()));
    this.time = EventTime.of(rawTime, input);
    this.timeType = this.rows.select(time).schema().fields()[0].dataType();
    this.id =
        input.eventId().map(text -> ofEvents(scalar(mapping.resolve("input.event-id", text))));
    this.amount =
        input.amount().map(text -> ofEvents(number(mapping.resolve("input.amount", text))));
    HistoryLayout.values(config)
        .forEach((key, text) -> segments.add(ofEvents(scalar(mapping.resolve(key, text)))));
    this.scores = segments.subList(HistoryLayout.firstScore(config), segments.size());
    scores.forEach(Events::number);
    HistoryLayout.predicates(config)
        .forEach((key, text) -> activities.add(ofEvents(mapping.predicate(key, text)).column()));
    this.types = new TreeMap<>(mapping.types());
    if (isNamed) {
      types.remove(EVENT);
    }
    types.putAll(raw.types());
  }

  /** The same of rows that are events alone: an expression may fail on what the others hold. */
  private Mapped ofEvents(Mapped mapped) {
    return where(brokenLine.map(Column::isNull), where(where, mapped));
  }

  /** The same where a condition holds, and NULL elsewhere. A column alone fails nowhere. */
  private static Mapped where(Optional<Column> condition, Mapped mapped) {
    return condition.isEmpty() || mapped.isColumn()
        ? mapped
        : new Mapped(
            mapped.key(),
            mapped.text(),
            false,
            when(condition.get(), mapped.column()),
            mapped.type());
  }

  /**
   * The types of the columns that the config speaks of, as all files together have them. Where they
   * change, files that did not change may say something else: an id 7 becomes 7.0.
   */
  Map<String, String> types() {
    return types;
  }

  /** The type that users have in the log. */
  DataType userType() {
    return user.type();
  }

  /**
   * Whether {@code event} is what the config says it is, and not a column of the log: activities
   * may say it whatever the log calls the name, or if there is none. A column of that name that has
   * fields is no name, and stays for its fields' sake.
   */
  private static boolean isNamed(StructType schema, boolean configured) {
    Optional<String> column = InputSchema.column(schema, EVENT);
    return column.isEmpty()
        || (configured && !(schema.apply(column.get()).dataType() instanceof StructType));
  }

  private static Column nameOf(Optional<Mapped> name) {
    return name.map(mapped -> mapped.column().cast(DataTypes.StringType)).orElse(lit(EVENT));
  }

  /** What {@code time} is: an instant, a local date and time, or a local day. */
  public DataType timeType() {
    return timeType;
  }

  /** Whether a time is written as text, of which it depends on every row whether it is one. */
  public boolean isTimeText() {
    return rawTime.type().equals(DataTypes.StringType);
  }

  /** Whether rows carry an event id. */
  public boolean hasIds() {
    return id.isPresent();
  }

  /**
   * Every row with its verdict.
   *
   * @param asOf the last local day that counts
   */
  public Judged judged(LocalDate asOf) {
    return new Judged(
        rows.select(columns(asOf).toArray(Column[]::new)), timeType, hasIds(), sure(asOf));
  }

  /** Only where the verdict depends on nothing but a plain user and a plain time. */
  private Optional<Judged.Sure> sure(LocalDate asOf) {
    boolean plain =
        where.isEmpty()
            && brokenLine.isEmpty()
            && amount.isEmpty()
            && scores.isEmpty()
            && !people.hasAliases()
            && rawTime.type().equals(timeType)
            && user.type().equals(DataTypes.StringType)
            && lastHourAgain(asOf).isEmpty();
    return plain
        ? Optional.of(
            new Judged.Sure(
                number(config.input().earliest()), number(asOf.plusDays(1)), people.erased()))
        : Optional.empty();
  }

  /** The first moment of a local day as the number that a column of times holds. */
  private long number(LocalDate day) {
    if (timeType.equals(DataTypes.DateType)) {
      return day.toEpochDay();
    }
    return timeType instanceof TimestampNTZType
        ? SECONDS.toMicros(day.atStartOfDay().toEpochSecond(ZoneOffset.UTC))
        : SECONDS.toMicros(day.atStartOfDay(config.timezone()).toEpochSecond());
  }

  /** The rejected rows: where they stand, why they were rejected, and their mapped values. */
  public Dataset<Row> rejected(LocalDate asOf) {
    return RejectedEvents.of(rows, file, reason(asOf), mapped());
  }

  private Map<String, Column> mapped() {
    Map<String, Column> columns = new java.util.LinkedHashMap<>();
    // As text, by which users are told apart: a binary one would be written in base64.
    columns.put("user", userText());
    columns.put("time", rawTime.column());
    id.ifPresent(mapped -> columns.put("event_id", mapped.column()));
    amount.ifPresent(mapped -> columns.put("amount", mapped.column()));
    for (Mapped score : scores) {
      columns.put(score.key(), score.column());
    }
    return columns;
  }

  private List<Column> columns(LocalDate asOf) {
    List<Column> columns = new ArrayList<>();
    columns.add(reason(asOf).as("reason"));
    columns.add(people.user(userText()).as("user"));
    columns.add(time.as("time"));
    columns.add(activityMask().as("activities"));
    columns.add(id.map(Events::ordered).orElse(lit(null).cast(DataTypes.StringType)).as("id"));
    columns.add(decimalAmount().orElse(lit(null).cast(AMOUNT)).as("amount"));
    for (int dimension = 0; dimension < segments.size(); dimension++) {
      Mapped mapped = segments.get(dimension);
      Column value =
          scores.contains(mapped)
              ? twoDigits(wholeScore(mapped))
              : mapped.column().cast(DataTypes.StringType);
      columns.add(value.as("segment_" + dimension));
    }
    if (hasIds()) {
      columns.add(file.as("file"));
    }
    return columns;
  }

  /**
   * The id of an event as a text that sorts as the id does: whole numbers are written with as many
   * digits as the greatest has, from the smallest negative one on. A blank text is no id.
   */
  private static Column ordered(Mapped id) {
    if (id.type() instanceof IntegralType) {
      Column fromSmallest = id.column().cast(DataTypes.LongType).bitwiseXOR(lit(Long.MIN_VALUE));
      return lpad(hex(fromSmallest), Long.BYTES * 2, "0");
    }
    if (id.type() instanceof DecimalType decimal && decimal.scale() == 0) {
      return ordered(id.column(), decimal.precision());
    }
    Column text = id.column().cast(DataTypes.StringType);
    // The first comparison spares most rows the second.
    return when(text.geq("!").or(not(isBlank(text))), text);
  }

  private static Column isBlank(Column text) {
    return btrim(text, lit(WHITE_SPACE)).equalTo("");
  }

  /** A whole number of so many digits: its sign, then how far it is from the smallest such. */
  private static Column ordered(Column number, int digits) {
    Column greatest = lit(BigDecimal.TEN.pow(digits).subtract(BigDecimal.ONE));
    return when(number.lt(lit(0)), concat(lit("0"), padded(greatest.plus(number), digits)))
        .otherwise(concat(lit("1"), padded(number, digits)));
  }

  private static Column padded(Column number, int digits) {
    return lpad(number.cast(DataTypes.StringType), digits, "0");
  }

  /** The id as the event has it, which may be an alias. */
  private Column userText() {
    return user.column().cast(DataTypes.StringType);
  }

  /** Checked in the order of {@link Reason}. */
  private Column reason(LocalDate asOf) {
    Column verdict = otherwise(isAfter(asOf), Reason.AFTER_AS_OF, lit(Reason.ACCEPTED.ordinal()));
    for (Mapped score : scores) {
      Column unparseable = score.column().isNotNull().and(wholeScore(score).isNull());
      verdict = otherwise(unparseable, Reason.UNPARSEABLE_SCORE, verdict);
    }
    if (amount.isPresent()) {
      Column unparseable =
          amount.get().column().isNotNull().and(decimalAmount().orElseThrow().isNull());
      verdict = otherwise(unparseable, Reason.UNPARSEABLE_AMOUNT, verdict);
    }
    Column noUser = userText().isNull();
    if (user.type() instanceof StringType) {
      noUser = noUser.or(isBlank(userText())).or(contains(userText(), lit(UNREADABLE)));
    }
    if (user.type().equals(DataTypes.DoubleType) || user.type().equals(DataTypes.FloatType)) {
      double inexact = user.type().equals(DataTypes.DoubleType) ? 0x1p53 : 0x1p24;
      noUser = noUser.or(not(abs(user.column()).lt(inexact)));
    }
    verdict = otherwise(noUser, Reason.MISSING_USER, verdict);
    verdict =
        otherwise(time.lt(startOf(config.input().earliest())), Reason.TIME_OUT_OF_RANGE, verdict);
    if (!rawTime.type().equals(timeType)) {
      Reason lost =
          rawTime.type() instanceof NumericType
              ? Reason.TIME_OUT_OF_RANGE
              : Reason.UNPARSEABLE_TIME;
      verdict = otherwise(time.isNull(), lost, verdict);
    }
    verdict = otherwise(rawTime.column().isNull(), Reason.MISSING_TIME, verdict);
    if (!people.erased().isNobody()) {
      verdict = otherwise(people.isErased(userText()), Reason.ERASED_USER, verdict);
    }
    if (where.isPresent()) {
      verdict = otherwise(not(coalesce(where.get(), lit(false))), Reason.FILTERED, verdict);
    }
    if (brokenLine.isPresent()) {
      Column broken = brokenLine.get().isNotNull();
      if (!people.erased().isNobody()) {
        // Nothing is said of them: what can be read of the line may be who it is.
        broken = broken.and(not(coalesce(people.isErased(userText()), lit(false))));
      }
      verdict = otherwise(broken, Reason.BROKEN_LINE, verdict);
    }
    return verdict;
  }

  private Column isAfter(LocalDate asOf) {
    LocalDate next = asOf.plusDays(1);
    Column after = time.geq(startOf(next));
    return lastHourAgain(asOf)
        .map(
            again -> {
              Instant midnightAgain = next.atStartOfDay().toInstant(again.getOffsetAfter());
              return after.and(
                  not(time.geq(lit(again.getInstant())).and(time.lt(lit(midnightAgain)))));
            })
        .orElse(after);
  }

  /**
   * The change by which the end of a day comes once more after the next day has begun: until 2011
   * the clocks of America/St_Johns went from 00:01 back to 23:01.
   */
  private Optional<ZoneOffsetTransition> lastHourAgain(LocalDate day) {
    if (!timeType.equals(DataTypes.TimestampType)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
            config.timezone().getRules().getTransition(day.plusDays(1).atStartOfDay()))
        .filter(ZoneOffsetTransition::isOverlap);
  }

  private static Column otherwise(Column condition, Reason reason, Column verdict) {
    return when(condition, lit(reason.ordinal())).otherwise(verdict);
  }

  /** The first moment of a local day, as a literal comparable to the time. */
  private Column startOf(LocalDate day) {
    if (timeType.equals(DataTypes.DateType)) {
      return lit(day);
    }
    return timeType instanceof TimestampNTZType
        ? lit(day.atStartOfDay())
        : lit(day.atStartOfDay(config.timezone()).toInstant());
  }

  private Column activityMask() {
    Column mask = lit(0L);
    for (int index = 0; index < activities.size(); index++) {
      Column bit = when(activities.get(index), lit(1L << index)).otherwise(lit(0L));
      mask = mask.bitwiseOR(bit);
    }
    return mask;
  }

  private Optional<Column> decimalAmount() {
    return amount.map(mapped -> mapped.column().try_cast(AMOUNT));
  }

  /** A number as a text that sorts as it does. */
  private static Column twoDigits(Column number) {
    return lpad(number.cast(DataTypes.StringType), 2, "0");
  }

  /** A score as an INT; NULL if it is no whole number from 0 to 10. */
  private static Column wholeScore(Mapped score) {
    Column number = score.column().try_cast(DataTypes.DoubleType);
    return when(number.between(0, 10).and(number.equalTo(floor(number))), number)
        .cast(DataTypes.IntegerType);
  }

  private static Mapped scalar(Mapped mapped) {
    String type = mapped.type().typeName();
    if (type.startsWith("array")
        || type.startsWith("map")
        || type.startsWith("struct")
        || type.startsWith("variant")) {
      throw UserError.input(
          "Cannot use %s '%s': it is %s, not a single value. Name a field of it."
              .formatted(mapped.key(), mapped.text(), mapped.type().sql()));
    }
    return mapped;
  }

  private static Mapped number(Mapped mapped) {
    if (mapped.type() instanceof NumericType || mapped.type().equals(DataTypes.StringType)) {
      return mapped;
    }
    throw UserError.input(
        "Cannot use %s '%s': it is %s, not a number."
            .formatted(mapped.key(), mapped.text(), mapped.type().sql()));
  }
}
