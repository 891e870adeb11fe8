package io.tenure.common.store;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tenure.common.calendar.DayRanges;
import io.tenure.common.calendar.LocalDays;
import java.time.LocalDate;
import java.time.zone.ZoneRules;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * What the histories of a run were made of: {@code _state/files.json}. The next run tells by it
 * which files are new, changed or gone, and which days they touch.
 *
 * @param format of the stored histories; another one is not read but rebuilt
 * @param configHash fingerprint of what decides the numbers
 * @param identities fingerprint of the aliases whose users the histories are of; null: none
 * @param zone what the clock of the timezone showed: see {@link #clock}
 * @param asOf ISO day up to which the histories hold every event of the files
 * @param files the files whose events are in the histories
 * @param schemas what the footers of the files say, each once; empty: was not kept
 * @param types of the columns that the config speaks of, as all files together have them; empty:
 *     was not kept
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record StateManifest(
    int format,
    String configHash,
    String identities,
    String zone,
    String asOf,
    List<File> files,
    List<String> schemas,
    Map<String, String> types) {
  /**
   * The format that this version writes. It is another one whenever histories, or the rejected rows
   * beside them, would say something else of the same events: those of before are made anew.
   */
  public static final int FORMAT = 6;

  /** What tells a file from a later one at its path. */
  public interface Seen {
    /** Bytes. */
    long size();

    /** Milliseconds since 1970-01-01T00:00Z. */
    long modified();

    /** Whether it is the file that it was: of the same size, and not written since. */
    default boolean isSameAs(long otherSize, long otherModified) {
      return size() == otherSize && modified() == otherModified;
    }
  }

  /**
   * A file.
   *
   * @param path as Spark spells it
   * @param size bytes
   * @param modified milliseconds since 1970-01-01T00:00Z
   * @param rows rows in it
   * @param rejected rows rejected of it, by reason
   * @param days the local days of its rows whose time can be read, rejected ones included, as
   *     ranges {@code first/last}, both included
   * @param schema its place among the schemas; null: was not kept, or the format has no footers
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record File(
      String path,
      long size,
      long modified,
      long rows,
      Map<String, Long> rejected,
      List<String> days,
      Integer schema)
      implements Seen {
    /**
     * Whether a run as of a day speaks of it: it holds rows of that day or earlier ones, or only
     * rows that tell no day.
     */
    public boolean concerns(LocalDate asOf) {
      return DayRanges.first(days).map(first -> !first.isAfter(asOf)).orElse(true);
    }

    /** Whether another file is this one, with as many rows. */
    public boolean holdsAsMuchAs(File other) {
      return other != null && isSameAs(other.size(), other.modified()) && rows == other.rows();
    }

    /** This file with the place of its schema. */
    public File withSchema(Integer place) {
      return new File(path, size, modified, rows, rejected, days, place);
    }
  }

  public StateManifest {
    schemas = schemas == null ? List.of() : List.copyOf(schemas);
    types = types == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(types));
  }

  /** The files by path. */
  public Map<String, File> byPath() {
    Map<String, File> byPath = new LinkedHashMap<>();
    files.forEach(file -> byPath.put(file.path(), file));
    return byPath;
  }

  /** The schemas of the files by path, of those whose schemas were kept. */
  public Map<String, KnownFile> known() {
    Map<String, KnownFile> known = new HashMap<>();
    for (File file : files) {
      if (file.schema() != null) {
        known.put(
            file.path(),
            new KnownFile(file.size(), file.modified(), file.rows(), schemas.get(file.schema())));
      }
    }
    return known;
  }

  /**
   * What the clock of a timezone showed over the days of some files: see {@link
   * LocalDays#fingerprint}.
   *
   * @param asOf the last day that counts
   */
  public static String clock(ZoneRules rules, List<File> files, LocalDate asOf) {
    LocalDate first =
        files.stream()
            .flatMap(file -> DayRanges.first(file.days()).stream())
            .filter(asOf::isAfter)
            .min(Comparator.naturalOrder())
            .orElse(asOf);
    return LocalDays.fingerprint(rules, first, asOf);
  }

  /** The last local day, up to some day, on which anything happened; empty if nothing did. */
  public Optional<LocalDate> lastDayUpTo(LocalDate day) {
    return files.stream()
        .flatMap(file -> DayRanges.last(file.days(), day).stream())
        .max(Comparator.naturalOrder());
  }

  /** The days of the rows of some files. */
  public static RoaringBitmap days(List<File> files) {
    RoaringBitmap days = new RoaringBitmap();
    files.forEach(file -> days.or(DayRanges.parse(file.days())));
    return days;
  }

  /** The longest time without any event between days, up to some day, with one. */
  public Optional<DayRanges.Gap> longestGap(LocalDate upTo) {
    return DayRanges.longestGap(days(files), upTo);
  }

  /**
   * What was found in the footer of a file that had this size at this time.
   *
   * @param schema in the format's own notation
   */
  public record KnownFile(long size, long modified, long rows, String schema) implements Seen {}
}
