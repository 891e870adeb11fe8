package io.tenure.common.store;

import java.util.regex.Pattern;

/** Paths that stand for many, as Hadoop and Spark read them. */
public final class Globs {
  private static final Pattern SIGNS = Pattern.compile("[{}\\[\\]*?\\\\]");

  private Globs() {}

  /** Whether anything in a path may stand for something else. */
  public static boolean isGlob(String path) {
    return SIGNS.matcher(path).find();
  }

  /** A glob that matches one path alone. */
  public static String literal(String path) {
    return SIGNS.matcher(path).replaceAll("\\\\$0");
  }
}
