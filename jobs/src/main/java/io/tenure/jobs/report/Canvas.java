package io.tenure.jobs.report;

/**
 * The room there is to draw in.
 *
 * @param width columns of the terminal, at least 1; what is drawn may be wider where the narrowest
 *     drawing is
 * @param cohorts rows of a triangle, at least 1
 */
public record Canvas(int width, int cohorts, Palette palette) {
  public static final int DEFAULT_WIDTH = 100;
  public static final int DEFAULT_COHORTS = 30;

  public Canvas {
    if (width < 1 || cohorts < 1) {
      throw new IllegalArgumentException(
          "Invalid canvas: " + width + " columns, " + cohorts + " cohorts");
    }
  }

  public static Canvas of(Palette palette) {
    return new Canvas(DEFAULT_WIDTH, DEFAULT_COHORTS, palette);
  }
}
