package io.tenure.jobs;

/** The commands. */
public final class Tenure {
  private Tenure() {}

  public static void main(String[] arguments) {
    System.out.println("tenure");
  }
}
