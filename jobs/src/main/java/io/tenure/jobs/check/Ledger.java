package io.tenure.jobs.check;

/**
 * Takes what the rows of tables say about one identity. A term that is null, an unknown number, is
 * no term.
 */
public final class Ledger {
  /** Takes the sums under a key. */
  interface Book {
    void add(Relation relation, String key, Sums sums);
  }

  private final Relation relation;
  private final Book book;

  Ledger(Relation relation, Book book) {
    this.relation = relation;
    this.book = book;
  }

  /** Adds to what is expected under a key. */
  public void expected(Long term, Object... key) {
    if (term != null) {
      book.add(relation, written(key), Sums.expected(term));
    }
  }

  /** Adds to what is found under a key. */
  public void actual(Long term, Object... key) {
    if (term != null) {
      book.add(relation, written(key), Sums.actual(term));
    }
  }

  /** Two numbers of one row that must be equal, where both are known. */
  public void equal(Long expected, Long actual, Object... key) {
    judge(Relation.EQUAL, expected, actual, key);
  }

  /** A number of a row that must not be above another, where both are known. */
  public void atMost(Long bound, Long actual, Object... key) {
    judge(Relation.AT_MOST, bound, actual, key);
  }

  /** A number of a row that must not be below another, where both are known. */
  public void atLeast(Long bound, Long actual, Object... key) {
    judge(Relation.AT_LEAST, bound, actual, key);
  }

  /** Rows are judged on the spot, and kept only if they are wrong: nearly all are right. */
  private void judge(Relation between, Long expected, Long actual, Object... key) {
    if (expected != null && actual != null) {
      Sums sums = Sums.both(expected, actual);
      if (between.isBroken(sums)) {
        book.add(between, written(key), sums);
      }
    }
  }

  private static String written(Object... key) {
    StringBuilder text = new StringBuilder(64);
    for (int at = 0; at < key.length; at++) {
      text.append(at == 0 ? "" : ", ").append(key[at]);
    }
    return text.toString();
  }
}
