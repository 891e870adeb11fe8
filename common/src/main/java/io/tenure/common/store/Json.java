package io.tenure.common.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.nio.charset.StandardCharsets;

/** How records are written to files. */
final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  static byte[] write(Object value) {
    try {
      return (MAPPER.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Records of Tenure can be written as JSON", e);
    }
  }

  static <T> T read(byte[] bytes, Class<T> type) throws JsonProcessingException {
    T value = MAPPER.readValue(new String(bytes, StandardCharsets.UTF_8), type);
    if (value == null) {
      throw JsonMappingException.from((JsonParser) null, "it is null");
    }
    return value;
  }
}
