package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.TestPostgresql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run in a process of its own that publishes to PostgreSQL and says all it can say: every logger
 * of Spark, Hadoop and PostgreSQL's driver at its lowest level, and Spark's event log, from which
 * its pages are made.
 */
class SecretsInLogsTest {
  /** A second secret, which the provider's takes precedence over. */
  private static final String IN_ENVIRONMENT = "canary-in-the-environment";

  @TempDir Path folder;

  @Test
  void a_password_is_in_no_log_no_event_of_spark_and_no_file_whatever_the_level() throws Exception {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                retention: [{grains: {month: 1}}]
                publish: {postgresql: {url: "%s", schema: in_logs}}
                """
                    .formatted(TestPostgresql.url()));
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("log.csv"), "user,day\nann,2024-01-10\nbob,2024-01-11\n");
    Path scratch = Files.createDirectories(folder.resolve("scratch"));
    Path events = Files.createDirectories(folder.resolve("events of spark"));
    Path log = folder.resolve("process.log");

    Process process = start(tenure, scratch, events, log);
    try {
      assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }

    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(process.exitValue()).as(tail(said)).isZero();
    assertThat(said)
        .contains("in PostgreSQL schema in_logs")
        .contains(" DEBUG org.apache.spark.")
        .contains(" DEBUG org.apache.hadoop.")
        .contains("org.postgresql.")
        .contains("writer");
    String told = text(events);
    assertThat(told)
        .contains("SparkListenerEnvironmentUpdate")
        .contains("SparkListenerSQLExecutionStart")
        .contains("Publish run ");
    // The keystore is the one place where it has to be.
    Files.delete(keystore());
    for (String secret : List.of(TestPostgresql.PASSWORD, IN_ENVIRONMENT)) {
      try (var files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          boolean found = Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret);
          assertThat(found).as("%s in %s", secret, file).isFalse();
        }
      }
    }
  }

  private Path keystore() {
    return folder.resolve("secrets.jceks");
  }

  private Process start(Cli tenure, Path scratch, Path events, Path log) throws IOException {
    String provider = "localjceks://file" + keystore();
    remember(provider);
    Path log4j = folder.resolve("log4j2.properties");
    Files.writeString(
        log4j,
        """
        rootLogger.level = all
        rootLogger.appenderRef.out.ref = out
        appender.out.type = Console
        appender.out.name = out
        appender.out.layout.type = PatternLayout
        appender.out.layout.pattern = %d %p %c: %m%n%ex
        """);
    Path javaLogging = folder.resolve("logging.properties");
    Files.writeString(
        javaLogging,
        """
        handlers = java.util.logging.ConsoleHandler
        org.postgresql.level = ALL
        java.util.logging.ConsoleHandler.level = ALL
        """);
    List<String> command =
        OwnProcess.command(
            scratch,
            List.of(
                "-Dlog4j2.configurationFile=" + log4j,
                "-Djava.util.logging.config.file=" + javaLogging,
                "-Dspark.eventLog.enabled=true",
                "-Dspark.eventLog.compress=false",
                "-Dspark.eventLog.dir=" + events.toUri(),
                // Thousands of pages of compiled expressions would be all the log.
                "-Dspark.sql.codegen.wholeStage=false",
                "-Dspark.sql.codegen.factoryMode=NO_CODEGEN",
                "-Dspark.hadoop.hadoop.security.credential.provider.path=" + provider),
            "run",
            "-c",
            tenure.configFile().toString(),
            "--as-of",
            "2024-01-31");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("TENURE_POSTGRESQL_PASSWORD", IN_ENVIRONMENT);
    return builder.start();
  }

  private static void remember(String provider) throws IOException {
    Configuration hadoop = new Configuration(false);
    hadoop.set(CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH, provider);
    CredentialProvider secrets = CredentialProviderFactory.getProviders(hadoop).get(0);
    secrets.createCredentialEntry("tenure.postgresql.user", "writer".toCharArray());
    secrets.createCredentialEntry(
        "tenure.postgresql.password", TestPostgresql.PASSWORD.toCharArray());
    secrets.flush();
  }

  private static String text(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return text.toString();
  }

  private static String tail(String text) {
    return text.substring(Math.max(0, text.length() - 3000));
  }
}
