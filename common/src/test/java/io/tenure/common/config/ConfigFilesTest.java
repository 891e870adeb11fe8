package io.tenure.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Yaml.Mapping;
import io.tenure.common.config.Yaml.Sequence;
import io.tenure.common.config.Yaml.Written;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The two files that a newcomer copies from. */
class ConfigFilesTest {
  private static final Set<String> REQUIRED = Set.of("path", "user", "time", "output");

  @Test
  void the_minimal_file_gives_what_is_required_and_nothing_else() throws IOException {
    TenureConfig minimal = load("tenure.minimal.yaml");

    assertThat(minimal)
        .isEqualTo(
            ConfigLoader.load(
                "{input: {path: events/, user: user_id, time: event_time}, output: out/}",
                "defaults.yaml",
                List.of()));
  }

  @Test
  void the_reference_file_mentions_every_component_of_every_record_and_nothing_else()
      throws IOException {
    assertMentions(
        YamlReader.file(text("tenure.reference.yaml"), "tenure.reference.yaml"),
        TenureConfig.class);
  }

  @Test
  void the_reference_file_shows_the_defaults_and_an_example_of_each_optional_key()
      throws Exception {
    assertDefaults(load("tenure.reference.yaml"), load("tenure.minimal.yaml"));
  }

  private static void assertMentions(Written written, Class<?> type) {
    Mapping mapping = (Mapping) written.yaml();
    assertThat(mapping.entries().keySet())
        .as("keys of %s", type.getSimpleName())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(type.getRecordComponents()).map(ConfigFilesTest::key).toList());
    for (RecordComponent component : type.getRecordComponents()) {
      Written value = mapping.entries().get(key(component));
      if (component.getType().isRecord()) {
        assertMentions(value, component.getType());
      } else if (component.getGenericType() instanceof ParameterizedType list
          && component.getType() == List.class
          && isRecord(list.getActualTypeArguments()[0])) {
        for (Written item : ((Sequence) value.yaml()).items()) {
          assertMentions(item, (Class<?>) list.getActualTypeArguments()[0]);
        }
      }
    }
  }

  private static void assertDefaults(Record reference, Record defaults) throws Exception {
    for (RecordComponent component : reference.getClass().getRecordComponents()) {
      Object shown = component.getAccessor().invoke(reference);
      Object byDefault = component.getAccessor().invoke(defaults);
      if (component.getType().isRecord()) {
        assertDefaults((Record) shown, (Record) byDefault);
      } else if (component.getType() == Optional.class) {
        assertThat((Optional<?>) shown).as(key(component)).isPresent();
        assertThat((Optional<?>) byDefault).as(key(component)).isEmpty();
      } else if (!REQUIRED.contains(key(component))) {
        assertThat(shown).as(key(component)).isEqualTo(byDefault);
      }
    }
  }

  private static boolean isRecord(Type type) {
    return type instanceof Class<?> actual && actual.isRecord();
  }

  /** {@code returning} is the only component that could not have its key as its name. */
  private static String key(RecordComponent component) {
    return component.getName().equals("returning")
        ? "return"
        : component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static TenureConfig load(String file) throws IOException {
    return ConfigLoader.load(text(file), file, List.of());
  }

  private static String text(String file) throws IOException {
    return Files.readString(Path.of("..", "conf", file));
  }
}
