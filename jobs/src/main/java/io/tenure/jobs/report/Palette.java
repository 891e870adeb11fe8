package io.tenure.jobs.report;

/** The colours a terminal can show, and how a heat is written in them. */
public enum Palette {
  /** 24-bit colour. */
  TRUECOLOR {
    @Override
    String paint(String text, double heat) {
      Rgb ground = Rgb.viridis(heat);
      Rgb ink = ground.inkOnIt();
      return escape("48;2;" + ground.codes() + ";38;2;" + ink.codes()) + text + escape("0");
    }
  },
  /** The 256 colours of xterm. */
  ANSI256 {
    @Override
    String paint(String text, double heat) {
      Rgb ground = Rgb.viridis(heat).nearestOfCube();
      Rgb ink = ground.inkOnIt();
      return escape("48;5;" + ground.cubeIndex() + ";38;5;" + ink.cubeIndex()) + text + escape("0");
    }
  },
  /** Text alone: a file, a pipe, or someone who asked for no colour. */
  NONE {
    @Override
    String paint(String text, double heat) {
      return text;
    }
  };

  /**
   * The text on a ground that shows the heat, in black or white, whichever reads better.
   *
   * @param heat 0 (dark) to 1 (bright)
   */
  abstract String paint(String text, double heat);

  private static String escape(String codes) {
    return "\u001b[" + codes + "m";
  }
}
