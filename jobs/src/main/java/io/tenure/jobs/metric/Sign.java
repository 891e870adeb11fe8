package io.tenure.jobs.metric;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A sign that a user may be about to leave; its name in small letters is its code in tables. */
enum Sign {
  /** Days since last active are more than the 90th percentile of the user's own gaps. */
  SILENT_BEYOND_OWN_HABIT,
  /** Fewer than half as many active days in the last 28 as in the 28 before. */
  DECLINING_USE,
  /** At most one active day ever, a week or more after birth. */
  NEVER_ACTIVATED,
  /** In the 84th day of life or later, fewer than one active day per 28 in the last 84. */
  BELOW_MONTHLY_USE,
  /** A payment failed in the last 28 days and the subscription has not been renewed since. */
  PAYMENT_FAILED,
  /** The term is in its second half and ends before the horizon of the prediction does. */
  TERM_ENDS_SOON;

  static final int COUNT = values().length;

  int bit() {
    return 1 << ordinal();
  }

  /** The codes of a set of signs, in their order, with commas between them. */
  static String codes(int signs) {
    return Arrays.stream(values())
        .filter(sign -> (signs & sign.bit()) != 0)
        .map(sign -> sign.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(","));
  }
}
