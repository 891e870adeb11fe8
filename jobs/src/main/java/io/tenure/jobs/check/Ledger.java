package io.tenure.jobs.check;

/**
 * Takes what the rows of tables say about one identity. A term that is null, an unknown number, is
 * no term. The parts of a key are texts, days, numbers, or records of such.
 */
public final class Ledger {
  private final int identity;
  private final Relation relation;
  private final Book book;

  /**
   * @param identity its position among the identities
   */
  Ledger(int identity, Relation relation, Book book) {
    this.identity = identity;
    this.relation = relation;
    this.book = book;
  }

  /** Adds to what is expected under a key. */
  public void expected(Long term, Object... key) {
    if (term != null) {
      book.add(identity, relation, key, Sums.expected(term));
    }
  }

  /** Adds to what is found under a key. */
  public void actual(Long term, Object... key) {
    if (term != null) {
      book.add(identity, relation, key, Sums.actual(term));
    }
  }

  /**
   * Adds to what is expected under keys that differ in their last part.
   *
   * @param parts the last parts
   * @param terms by the position of their part
   */
  void expectedEach(Object[] parts, Long[] terms, Object... key) {
    book.addEach(identity, relation, key, parts, terms, Sums::expected);
  }

  /** The same of what is found. */
  void actualEach(Object[] parts, Long[] terms, Object... key) {
    book.addEach(identity, relation, key, parts, terms, Sums::actual);
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
        book.add(identity, between, key, sums);
      }
    }
  }
}
