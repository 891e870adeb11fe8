package io.tenure.jobs.command;

import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionProvider implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"tenure " + Version.tenure(), "Java " + Runtime.version()};
  }
}
