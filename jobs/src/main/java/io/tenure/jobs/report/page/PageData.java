package io.tenure.jobs.report.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/**
 * What the page's charts are drawn from.
 *
 * @param silentDays full days without activity that make a churn; null: a cancellation makes it
 * @param horizon days that a risk looks ahead
 * @param hides whether the tables hide what is of few users
 */
record PageData(
    String name,
    String runId,
    String asOf,
    String logStart,
    Integer silentDays,
    int horizon,
    boolean hides,
    List<Segment> segments,
    List<ShownSegments.Dimension> dimensions,
    List<String> stages,
    RetentionData retention,
    ActivityData activity,
    GrowthData growth,
    ChurnData churn,
    SurvivalData survival,
    UsageData usage,
    FunnelData funnel,
    RevenueData revenue,
    DriversData drivers,
    WarningData warning) {

  /** As JSON that may stand inside a script element, whatever the values are. */
  String json() {
    ObjectMapper mapper = new ObjectMapper();
    mapper.getFactory().setCharacterEscapes(new NoMarkup());
    try {
      return mapper.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The data of a page can be written as JSON", e);
    }
  }

  /** Writes what could end the element as an escape. */
  private static final class NoMarkup extends CharacterEscapes {
    private static final long serialVersionUID = 1L;

    private final int[] escapes = standardAsciiEscapesForJSON();

    NoMarkup() {
      for (char mark : new char[] {'<', '>', '&'}) {
        escapes[mark] = ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return escapes;
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return new SerializedString(String.format("\\u%04x", character));
    }
  }
}
