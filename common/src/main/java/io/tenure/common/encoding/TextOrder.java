package io.tenure.common.encoding;

/**
 * The order of texts by code points, which is that of their UTF-8 bytes and so that of Spark and of
 * databases; Java's own, by UTF-16, has what is beyond the first 65,536 before some of these.
 */
public final class TextOrder {
  private TextOrder() {}

  /** Below 0, 0 or above 0, as {@link java.util.Comparator#compare} says it. */
  public static int compare(String left, String right) {
    int shorter = Math.min(left.length(), right.length());
    for (int at = 0; at < shorter; at++) {
      char one = left.charAt(at);
      char other = right.charAt(at);
      if (one != other) {
        boolean surrogate = Character.isSurrogate(one);
        return surrogate == Character.isSurrogate(other)
            ? Character.compare(one, other)
            : surrogate ? 1 : -1;
      }
    }
    return Integer.compare(left.length(), right.length());
  }
}
