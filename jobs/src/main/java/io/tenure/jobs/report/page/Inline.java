package io.tenure.jobs.report.page;

import io.tenure.common.encoding.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A script or style that stands in the page itself, and by whose fingerprint the page's content
 * security policy lets it run.
 */
record Inline(String text) {
  /** The text of a resource beside this class. */
  static Inline of(String resource) {
    try (InputStream in = Inline.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("No resource " + resource);
      }
      return new Inline(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Inline {
    // Browsers hash what they parse, in which a carriage return has become a line feed.
    if (text.contains("</script") || text.contains("</style") || text.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("Cannot stand in a page: " + text.substring(0, 40));
    }
  }

  /** As a source of a content security policy. */
  String source() {
    byte[] hash = new Sha256().add(text).bytes();
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }
}
