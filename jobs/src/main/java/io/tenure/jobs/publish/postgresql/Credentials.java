package io.tenure.jobs.publish.postgresql;

import java.util.Optional;
import java.util.Properties;

/**
 * Who publishes. Without a password the driver looks into the file of passwords that PostgreSQL's
 * own clients use, or the server asks for none.
 */
public final class Credentials {
  private final Optional<String> user;
  private final Optional<String> password;

  public Credentials(Optional<String> user, Optional<String> password) {
    this.user = user;
    this.password = password;
  }

  Properties properties() {
    Properties properties = new Properties();
    // Of the URL, they can be said otherwise. Without them a server that hangs hangs the run, too.
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("loginTimeout", "30");
    properties.setProperty("socketTimeout", "3600");
    properties.setProperty("tcpKeepAlive", "true");
    user.ifPresent(name -> properties.setProperty("user", name));
    password.ifPresent(secret -> properties.setProperty("password", secret));
    return properties;
  }

  /** A text for a person, without the password should it be in there. */
  String hide(String text) {
    return password
        .filter(secret -> !secret.isEmpty())
        .map(secret -> text.replace(secret, "***"))
        .orElse(text);
  }

  @Override
  public String toString() {
    return "credentials of " + user.orElse("the user of the operating system");
  }
}
