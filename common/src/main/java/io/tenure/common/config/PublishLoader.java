package io.tenure.common.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
  private static final Pattern CATALOG = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern SECRET = Pattern.compile("(?i).*(user|pass|secret|token).*");

  private PublishLoader() {}

  static PublishConfig load(Section root) {
    Section publish = root.section("publish", "postgresql", "catalog");
    return new PublishConfig(
        publish.find("postgresql").map(PublishLoader::postgresql),
        publish.find("catalog").map(PublishLoader::catalog));
  }

  private static PostgresqlConfig postgresql(Value value) {
    Section section = value.section("url", "schema", "lock-seconds");
    section.required("url", "such as jdbc:postgresql://localhost:5432/analytics");
    return new PostgresqlConfig(
        url(section.find("url").orElseThrow()),
        schema(section),
        section.whole("lock-seconds", 60, 1, 86_400));
  }

  private static String schema(Section section) {
    String schema = section.name("schema", "tenure");
    if (schema.startsWith("pg_")) {
      throw section
          .find("schema")
          .orElseThrow()
          .mustBe("a name that does not begin with pg_, which PostgreSQL keeps for itself");
    }
    return schema;
  }

  private static CatalogConfig catalog(Value value) {
    Section section = value.section("name", "namespace", "tags");
    section.required("name", "what Spark calls the catalog: spark.sql.catalog.NAME");
    return new CatalogConfig(
        catalogName(section.find("name").orElseThrow()),
        section.find("namespace").map(PublishLoader::levels).orElse(List.of("tenure")),
        section.find("tags").map(Value::flag).orElse(true));
  }

  private static String catalogName(Value value) {
    if (!CATALOG.matcher(value.text()).matches()) {
      throw value.mustBe("letters, digits, _ and -, as in spark.sql.catalog.NAME");
    }
    return value.text();
  }

  private static List<String> levels(Value value) {
    if (!value.isList()) {
      return List.of(value.text());
    }
    List<String> levels = value.items().stream().map(Value::text).toList();
    if (levels.isEmpty()) {
      throw value.mustBe("a name, or a list of names, one for each level");
    }
    return levels;
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
      String name = parameterName(value, parameter);
      if (SECRET.matcher(name).matches()) {
        throw value.error(
            "'%s' must not hold credentials, such as the parameter '%s'; give them to the process as"
                    .formatted(value.key(), name)
                + " TENURE_POSTGRESQL_USER and TENURE_POSTGRESQL_PASSWORD");
      }
    }
    return url;
  }

  private static String parameterName(Value value, String parameter) {
    try {
      return URLDecoder.decode(parameter.split("=", 2)[0], StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw value.mustBe(
          "a URL in which %XX stands for a byte: a % of its own is written %25", "what is there");
    }
  }
}
