package io.tenure.jobs;

import io.tenure.common.store.LocalFiles;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a test its {@code SparkSession} parameter: one embedded session for all tests of the JVM,
 * stopped by Spark when the JVM ends. Use: {@code @ExtendWith(SparkTest.class)}.
 */
public final class SparkTest implements BeforeAllCallback, ParameterResolver {
  /** For tests that run commands and ask for no session. */
  @Override
  public void beforeAll(ExtensionContext context) {
    Shared.SESSION.version();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SparkSession.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return Shared.SESSION;
  }

  /** Started by the first class that asks. */
  private static final class Shared {
    static final SparkSession SESSION =
        SparkSession.builder()
            .config("spark.master", "local[2]")
            .config("spark.app.name", "tests")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.ui.enabled", "false")
            .config("spark.hadoop.fs.file.impl", LocalFiles.class.getName())
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.datetime.java8API.enabled", "true")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.codegen.cache.maxEntries", "2000")
            .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
            .getOrCreate();
  }
}
