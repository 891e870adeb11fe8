package io.tenure.jobs.publish.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class CopyTextTest {
  @Test
  void what_ends_columns_and_rows_is_escaped() {
    byte[] line =
        CopyText.line(RowFactory.create("a\tb\\c\nd\re", null, new BigDecimal("1E+3"), 7L));
    assertThat(new String(line, StandardCharsets.UTF_8))
        .isEqualTo("a\\tb\\\\c\\nd\\re\t\\N\t1000\t7\n");
  }

  @Test
  void a_character_that_no_text_of_postgresql_can_hold_is_told() {
    assertThatThrownBy(() -> CopyText.line(RowFactory.create("pl\0an")))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.INPUT))
        .hasMessageContaining("the value 'pl\ufffdan' holds the character U+0000");
  }
}
