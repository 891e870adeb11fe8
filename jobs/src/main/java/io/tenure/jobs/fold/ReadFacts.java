package io.tenure.jobs.fold;

import io.tenure.jobs.read.Reason;
import io.tenure.jobs.read.Reason.Fate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * What reading found: file by file, how many rows met which fate and which days the file holds; and
 * the range of days of all histories.
 *
 * <p>A mergeable state like the histories, and carried with them through the same shuffle: counters
 * beside the data would count the rows of a repeated task twice.
 */
public final class ReadFacts {
  private static final Reason[] REASONS = Reason.values();

  /** What one file was found to hold. */
  public static final class FileFacts {
    private final long[] rows = new long[REASONS.length];
    private final RoaringBitmap days = new RoaringBitmap();

    /** The day noted last: rows of a file mostly share one. */
    private int lastDay = Integer.MIN_VALUE;

    void count(Reason reason) {
      rows[reason.ordinal()]++;
    }

    /** Counts a row, and notes the local day it is of. */
    void count(Reason reason, int day) {
      rows[reason.ordinal()]++;
      if (day != lastDay) {
        days.add(day);
        lastDay = day;
      }
    }

    public long rows(Reason reason) {
      return rows[reason.ordinal()];
    }

    public long rows() {
      long sum = 0;
      for (long count : rows) {
        sum += count;
      }
      return sum;
    }

    /**
     * The local days, epoch days, of the rows in the file whose time can be read: of events, also
     * of those after the as-of day, and of rejected rows.
     */
    public RoaringBitmap days() {
      return days;
    }

    private void merge(FileFacts other) {
      for (int reason = 0; reason < rows.length; reason++) {
        rows[reason] += other.rows[reason];
      }
      days.or(other.days);
    }
  }

  private final Map<String, FileFacts> files = new TreeMap<>();
  private int firstDay = Integer.MAX_VALUE;
  private int lastDay = Integer.MIN_VALUE;

  /** The facts of a file, empty when new. */
  FileFacts file(String path) {
    return files.computeIfAbsent(path, name -> new FileFacts());
  }

  /** Notes the days of a history. */
  void include(int first, int last) {
    firstDay = Math.min(firstDay, first);
    lastDay = Math.max(lastDay, last);
  }

  /** Adds what another task found. */
  public void merge(ReadFacts other) {
    other.files.forEach((path, facts) -> file(path).merge(facts));
    include(other.firstDay, other.lastDay);
  }

  /** What was found, by path as Spark spells it. */
  public Map<String, FileFacts> files() {
    return files;
  }

  /** Rows that met a reason. */
  public long rows(Reason reason) {
    return files.values().stream().mapToLong(file -> file.rows(reason)).sum();
  }

  /** Rows that met a fate. */
  public long rows(Fate fate) {
    return reasons(fate).values().stream().mapToLong(Long::longValue).sum();
  }

  /** All rows read. */
  public long rows() {
    return files.values().stream().mapToLong(FileFacts::rows).sum();
  }

  /** The reasons of a fate that any row met, with their numbers of rows. */
  public Map<Reason, Long> reasons(Fate fate) {
    Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    for (Reason reason : REASONS) {
      if (reason.fate() == fate && rows(reason) > 0) {
        reasons.put(reason, rows(reason));
      }
    }
    return reasons;
  }

  /** Whether there is no history; then there is no first or last day. */
  public boolean isEmpty() {
    return firstDay > lastDay;
  }

  /** The first day of any history, an epoch day. */
  public int firstDay() {
    return firstDay;
  }

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(firstDay);
      out.writeInt(lastDay);
      out.writeInt(files.size());
      for (Map.Entry<String, FileFacts> file : files.entrySet()) {
        out.writeUTF(file.getKey());
        for (long count : file.getValue().rows) {
          out.writeLong(count);
        }
        file.getValue().days.runOptimize();
        file.getValue().days.serialize(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Writing to memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  static ReadFacts decode(byte[] bytes) {
    ReadFacts facts = new ReadFacts();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      facts.firstDay = in.readInt();
      facts.lastDay = in.readInt();
      for (int left = in.readInt(); left > 0; left--) {
        FileFacts file = facts.file(in.readUTF());
        for (int reason = 0; reason < REASONS.length; reason++) {
          file.rows[reason] = in.readLong();
        }
        file.days.deserialize(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("These are no read facts", e);
    }
    return facts;
  }
}
