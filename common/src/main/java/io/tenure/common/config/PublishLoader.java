package io.tenure.common.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key {@code publish}. Its errors never show a URL: who wrote a password into one shall not
 * find it in a log as well.
 */
final class PublishLoader {
  private static final Pattern URL =
      Pattern.compile("jdbc:postgresql://[^/?@\\s]+/[^/?@\\s]+(\\?(?<parameters>\\S*))?");
  private static final Pattern SECRET = Pattern.compile("(?i).*(user|pass|secret|token).*");

  private PublishLoader() {}

  static PublishConfig load(Section root) {
    return new PublishConfig(
        root.section("publish", "postgresql").find("postgresql").map(PublishLoader::postgresql));
  }

  private static PostgresqlConfig postgresql(Value value) {
    Section section = value.section("url", "schema", "lock-seconds");
    section.required("url", "such as jdbc:postgresql://localhost:5432/analytics");
    return new PostgresqlConfig(
        url(section.find("url").orElseThrow()),
        section.name("schema", "tenure"),
        section.whole("lock-seconds", 60, 1, 86_400));
  }

  private static String url(Value value) {
    String url = value.text();
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw value.mustBe(
          "jdbc:postgresql://host:port/database, with or without ?parameters, but no user or"
              + " password",
          "what is there");
    }
    for (String parameter : Optional.ofNullable(parts.group("parameters")).orElse("").split("&")) {
      String name = URLDecoder.decode(parameter.split("=")[0], StandardCharsets.UTF_8);
      if (SECRET.matcher(name).matches()) {
        throw value.error(
            "'%s' must not hold credentials, such as the parameter '%s'; give them to the process as"
                    .formatted(value.key(), name)
                + " TENURE_POSTGRESQL_USER and TENURE_POSTGRESQL_PASSWORD");
      }
    }
    return url;
  }
}
