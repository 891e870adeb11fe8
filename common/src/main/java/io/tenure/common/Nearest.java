package io.tenure.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known word that a misspelt one was probably meant to be. */
public final class Nearest {
  private Nearest() {}

  /**
   * The known word with the fewest edits between it and {@code word}, if these are few: one, or a
   * third of the longer word. An edit inserts, removes or changes a letter, or swaps two
   * neighbours; case does not count. Of equally near words the alphabetically first.
   */
  public static Optional<String> of(String word, Collection<String> known) {
    return known.stream()
        .filter(candidate -> isNear(word, candidate))
        .min(
            Comparator.comparingInt((String candidate) -> edits(word, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean isNear(String word, String candidate) {
    int longer = Math.max(word.length(), candidate.length());
    int edits = edits(word, candidate);
    return edits <= Math.max(1, longer / 3) && edits < longer;
  }

  /** Levenshtein's distance, with a swap of neighbours as one edit. */
  private static int edits(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        edits[i][j] =
            Math.min(edits[i - 1][j - 1] + change, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
