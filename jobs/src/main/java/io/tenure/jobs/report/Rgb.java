package io.tenure.jobs.report;

/** A colour: red, green and blue, each 0 to 255. */
record Rgb(int red, int green, int blue) {
  private static final Rgb BLACK = new Rgb(0, 0, 0);
  private static final Rgb WHITE = new Rgb(255, 255, 255);

  /**
   * Viridis at even steps: its lightness rises throughout, so it reads the same to colour-blind
   * eyes and in grey.
   */
  private static final Rgb[] VIRIDIS = {
    of(0x440154),
    of(0x472d7b),
    of(0x3b528b),
    of(0x2c728e),
    of(0x21918c),
    of(0x28ae80),
    of(0x5ec962),
    of(0xaddc30),
    of(0xfde725)
  };

  /** The six levels a channel has in the colour cube of xterm. */
  private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

  private static final int FIRST_OF_CUBE = 16;

  static Rgb of(int hex) {
    return new Rgb(hex >> 16 & 0xff, hex >> 8 & 0xff, hex & 0xff);
  }

  /** The colour of a heat from 0 to 1; beyond, of the nearer end. */
  static Rgb viridis(double heat) {
    double place = Math.max(0, Math.min(1, heat)) * (VIRIDIS.length - 1);
    int below = Math.min((int) place, VIRIDIS.length - 2);
    double part = place - below;
    Rgb low = VIRIDIS[below];
    Rgb high = VIRIDIS[below + 1];
    return new Rgb(
        between(low.red, high.red, part),
        between(low.green, high.green, part),
        between(low.blue, high.blue, part));
  }

  private static int between(int low, int high, double part) {
    return (int) Math.round(low + (high - low) * part);
  }

  /** Black or white: the one with the higher contrast by the WCAG's ratio. */
  Rgb inkOnIt() {
    double onWhite = 1.05 / (luminance() + 0.05);
    double onBlack = (luminance() + 0.05) / 0.05;
    return onBlack >= onWhite ? BLACK : WHITE;
  }

  /** Relative luminance, 0 to 1. */
  private double luminance() {
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  Rgb nearestOfCube() {
    return new Rgb(CUBE[level(red)], CUBE[level(green)], CUBE[level(blue)]);
  }

  /** The number xterm gives this colour; it must be one of the cube. */
  int cubeIndex() {
    return FIRST_OF_CUBE + 36 * level(red) + 6 * level(green) + level(blue);
  }

  private static int level(int channel) {
    int nearest = 0;
    for (int i = 1; i < CUBE.length; i++) {
      if (Math.abs(CUBE[i] - channel) < Math.abs(CUBE[nearest] - channel)) {
        nearest = i;
      }
    }
    return nearest;
  }

  /** The channels as a terminal's escape sequence wants them. */
  String codes() {
    return red + ";" + green + ";" + blue;
  }
}
