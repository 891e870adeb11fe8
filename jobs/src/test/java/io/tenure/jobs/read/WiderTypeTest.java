package io.tenure.jobs.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WiderTypeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT                      | BIGINT                         | BIGINT",
        "SMALLINT                 | TINYINT                        | SMALLINT",
        "FLOAT                    | DOUBLE                         | DOUBLE",
        "DECIMAL(10,2)            | DECIMAL(18,2)                  | DECIMAL(18,2)",
        "DECIMAL(10,2)            | DECIMAL(9,4)                   | DECIMAL(12,4)",
        "DECIMAL(38,0)            | DECIMAL(38,1)                  | none",
        "STRUCT<a: INT>           | STRUCT<a: INT NOT NULL>        | STRUCT<a: INT>",
        "STRUCT<a: INT NOT NULL>  | STRUCT<b: STRING, A: BIGINT>   | STRUCT<a: BIGINT, b: STRING>",
        "STRUCT<a: INT>           | STRUCT<a: STRING>              | none",
        "ARRAY<STRUCT<a: INT>>    | ARRAY<STRUCT<a: INT, b: DATE>> | ARRAY<STRUCT<a: INT, b: DATE>>",
        "MAP<STRING, INT>         | MAP<STRING, BIGINT>            | MAP<STRING, BIGINT>",
        "MAP<STRING, INT>         | MAP<INT, INT>                  | none",
        // What some values of one would be in the other, somebody would have to say.
        "INT                      | DOUBLE                         | none",
        "INT                      | STRING                         | none",
        "INT                      | DECIMAL(12,2)                  | none",
        "DATE                     | TIMESTAMP                      | none",
        "TIMESTAMP                | TIMESTAMP_NTZ                  | none",
        "STRUCT<a: INT>           | STRING                         | none",
      })
  void the_wider_of_two_types_holds_all_values_of_both(String one, String other, String wider) {
    assertThat(
            WiderType.of(type(one), type(other), name -> name.toLowerCase(Locale.ROOT))
                .map(DataType::sql)
                .orElse("none"))
        .isEqualTo(wider);
  }

  private static DataType type(String sql) {
    return StructType.fromDDL("column " + sql).apply(0).dataType();
  }
}
