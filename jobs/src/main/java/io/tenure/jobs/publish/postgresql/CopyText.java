package io.tenure.jobs.publish.postgresql;

import io.tenure.common.UserError;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.apache.spark.sql.Row;

/** Rows in the text format of PostgreSQL's COPY: columns end with a tab, NULL is {@code \N}. */
final class CopyText {
  private CopyText() {}

  static byte[] line(Row row) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.length(); column++) {
      if (column > 0) {
        line.append('\t');
      }
      if (row.isNullAt(column)) {
        line.append("\\N");
      } else {
        append(line, row.get(column));
      }
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder line, Object value) {
    if (value instanceof BigDecimal number) {
      line.append(number.toPlainString());
      return;
    }
    String text = value.toString();
    for (int at = 0; at < text.length(); at++) {
      char letter = text.charAt(at);
      switch (letter) {
        case '\\' -> line.append("\\\\");
        case '\t' -> line.append("\\t");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\0' ->
            throw UserError.input(
                "Cannot publish to PostgreSQL: the value '%s' holds the character U+0000, which its texts cannot. Take it out in the config, as replace(x, char(0)) does."
                    .formatted(text.replace('\0', '\ufffd')));
        default -> line.append(letter);
      }
    }
  }
}
