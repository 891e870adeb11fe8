package io.tenure.jobs.read;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.timestamp_micros;
import static org.apache.spark.sql.functions.try_multiply;
import static org.apache.spark.sql.functions.when;

import io.tenure.common.UserError;
import io.tenure.common.config.InputConfig;
import io.tenure.jobs.read.Mapping.Mapped;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampNTZType;

/** When an event happened, from what the input has for it. */
final class EventTime {
  private EventTime() {}

  /**
   * The time, as a timestamp, a timestamp without zone, or a date.
   *
   * @throws UserError if the column is of a type that cannot mean what the config says
   */
  static Column of(Mapped raw, InputConfig input) {
    DataType type = raw.type();
    if (input.timeUnit().isPresent()) {
      return sinceEpoch(raw, input.timeUnit().get());
    }
    if (type.equals(DataTypes.TimestampType)
        || type.equals(DataTypes.DateType)
        || type instanceof TimestampNTZType) {
      return raw.column();
    }
    if (type.equals(DataTypes.StringType)) {
      return when(beginsWithDate(raw.column()), raw.column()).try_cast(DataTypes.TimestampType);
    }
    if (type instanceof NumericType) {
      throw UserError.usage(
          "Invalid input.time: '%s' is a number (%s) and its unit is not said. Set input.time-unit"
                  .formatted(raw.text(), type.sql())
              + " to seconds, milliseconds or microseconds.");
    }
    throw UserError.input(
        "Cannot use input.time '%s': it is %s. A time is a timestamp, a date, text or a number."
            .formatted(raw.text(), type.sql()));
  }

  /**
   * Whether a text that may be a time begins with a year of four digits and a month. Spark takes
   * "12:30" for a time of the day of the run, and "202501" for the year 202501.
   */
  private static Column beginsWithDate(Column text) {
    // Such a place of the hyphen and of no colon is enough where the text can be cast; the pattern
    // is for texts that begin with white space.
    return text.substr(5, 1)
        .equalTo("-")
        .and(not(text.substr(1, 4).contains(":")))
        .or(text.rlike("^[\\s\\p{Cntrl}]+[0-9]{4}-"));
  }

  private static Column sinceEpoch(Mapped raw, InputConfig.TimeUnit unit) {
    DataType type = raw.type();
    if (!(type instanceof NumericType) && !type.equals(DataTypes.StringType)) {
      throw UserError.usage(
          "Invalid input.time-unit: input.time '%s' is %s, not a number. Remove input.time-unit."
              .formatted(raw.text(), type.sql()));
    }
    // Fractions of a unit are kept: 1.5 seconds are 1,500,000 microseconds.
    DecimalType exact = DataTypes.createDecimalType(38, 6);
    Column micros = try_multiply(raw.column().try_cast(exact), lit(unit.micros()));
    if (!(type.equals(DataTypes.StringType)
        || type instanceof DecimalType
        || type.equals(DataTypes.DoubleType)
        || type.equals(DataTypes.FloatType))) {
      micros = try_multiply(raw.column().cast(DataTypes.LongType), lit(unit.micros()));
    }
    return timestamp_micros(micros.try_cast(DataTypes.LongType));
  }
}
