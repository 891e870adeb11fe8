package io.tenure.jobs.command;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.ErasureList;
import io.tenure.jobs.read.EventLog;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Holds the config against the schema of the input.
 *
 * <p>Input: the config, the footers of the input's files, of which no row is read (CSV has no more
 * than its first line to say what columns there are, JSON all of its lines), and the table of
 * identities, if any. Output: a line, or the error. Example: {@code tenure validate -c
 * conf/tenure.yaml}
 */
@Command(
    name = "validate",
    description =
        "Checks the config and the input's schema against each other; of Parquet and ORC, reads footers only.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class)
final class ValidateCommand implements Runnable {
  private final Console console;

  @Mixin private CommonOptions common;

  ValidateCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run() {
    TenureConfig config = common.config();
    SparkSession spark = Session.open(config.name(), config.timezone());
    EventLog log = EventLog.open(spark, config, ErasureList.NONE);
    log.warnings().forEach(warning -> console.err().println("warning: " + warning));
    String rows =
        log.footerRows().map(count -> String.format(Locale.ROOT, ", %,d rows", count)).orElse("");
    console
        .out()
        .printf(
            Locale.ROOT,
            "valid: %,d files%s, %,d bytes%s; time is %s%s, days are those of %s%n",
            log.files().files().size(),
            rows,
            log.files().bytes(),
            config
                .identities()
                .map(table -> String.format(Locale.ROOT, ", %,d aliases", log.aliases().size()))
                .orElse(""),
            log.timeType().sql(),
            log.isTimeText() ? " if its text is one" : "",
            config.timezone());
  }
}
