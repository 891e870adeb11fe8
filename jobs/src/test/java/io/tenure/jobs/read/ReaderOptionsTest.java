package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.jobs.metric.TestLog;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReaderOptionsTest {
  private static void require(String format, String options) {
    ReaderOptions.require(
        TestLog.config(
                """
                input: {path: in, format: %s, user: user, time: time, options: {%s}}
                output: out
                """
                    .formatted(format, options))
            .input());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          csv     | delimeter: ';'         | 'delimeter' is no option of Spark's csv reader; did you mean 'delimiter'?
          csv     | headr: true            | 'headr' is no option of Spark's csv reader; did you mean 'header'?
          json    | multiline: true, timezne: UTC | 'timezne' is no option of Spark's json reader; did you mean 'timeZone'?
          parquet | mergeSchem: true       | 'mergeSchem' is no option of Spark's parquet reader; did you mean 'mergeSchema'?
          orc     | merge_schema: true     | 'merge_schema' is no option of Spark's orc reader; did you mean 'mergeSchema'?
          csv     | mode: PERMISIVE        | mode 'PERMISIVE' must be one of PERMISSIVE, DROPMALFORMED, FAILFAST.
          """)
  void what_spark_would_read_past_is_refused(String format, String options, String error) {
    assertThatThrownBy(() -> require(format, options))
        .isInstanceOf(UserError.class)
        .hasMessage("Invalid input.options: " + error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          csv     | HEADER: true, sep: ';', encoding: latin1, mode: failfast
          json    | maxStringLen: 9, maxNestingDepth: 9, allowComments: true
          parquet | mergeSchema: true, recursiveFileLookup: true, modifiedAfter: x, parquet.mergeSchem: true
          parquet | header: true
          orc     | ignoreMissingFiles: true, mode: PERMISIVE
          """)
  void what_spark_heeds_and_what_it_does_not_list_is_let_through(String format, String options) {
    assertThatCode(() -> require(format, options)).doesNotThrowAnyException();
  }
}
