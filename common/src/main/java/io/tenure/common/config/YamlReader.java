package io.tenure.common.config;

import static java.util.stream.Collectors.joining;

import io.tenure.common.UserError;
import io.tenure.common.config.Yaml.Kind;
import io.tenure.common.config.Yaml.Mapping;
import io.tenure.common.config.Yaml.Scalar;
import io.tenure.common.config.Yaml.Sequence;
import io.tenure.common.config.Yaml.Written;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Text into {@link Yaml}: one YAML 1.2 document without duplicate keys and foreign tags. */
final class YamlReader {
  private static final Map<Tag, Kind> KINDS =
      Map.of(
          Tag.STR, Kind.TEXT,
          Tag.BOOL, Kind.BOOLEAN,
          Tag.INT, Kind.WHOLE,
          Tag.FLOAT, Kind.DECIMAL,
          Tag.NULL, Kind.NOTHING);

  /** Where a line (from 0) is, as errors name it. */
  private final IntFunction<String> place;

  private final String remedy;

  /** What an anchored node became; absent while it is being read. */
  private final Map<Node, Optional<Yaml>> read = new IdentityHashMap<>();

  private YamlReader(IntFunction<String> place, String remedy) {
    this.place = place;
    this.remedy = remedy;
  }

  /** Reads a whole file. */
  static Written file(String text, String sourceName) {
    YamlReader reader =
        new YamlReader(
            line -> sourceName + ":" + (line + 1), "check the indentation, and put SQL in quotes");
    Node root =
        reader
            .compose(text)
            .orElseThrow(
                () ->
                    UserError.usage(
                        sourceName
                            + ": the file is empty; the smallest one gives input.path, input.user,"
                            + " input.time and output"));
    return new Written(sourceName, reader.yaml(root, ""));
  }

  /** Reads the value of one {@code --set}; no text is no value. */
  static Written override(String text, String where, String key) {
    YamlReader reader = new YamlReader(line -> where, "put the value in quotes");
    return new Written(
        where,
        reader
            .compose(text)
            .map(node -> reader.yaml(node, key))
            .orElse(new Scalar(Kind.NOTHING, "", false)));
  }

  private Optional<Node> compose(String text) {
    LoadSettings settings = LoadSettings.builder().setSchema(new CoreSchema()).build();
    try {
      return new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      throw notYaml(text, lineOf(e), problemOf(e));
    } catch (ReaderException e) {
      int before = text.indexOf(e.getCodePoint());
      int line = (int) text.chars().limit(Math.max(0, before)).filter(c -> c == '\n').count();
      throw notYaml(text, line, String.format("the character U+%04X", e.getCodePoint()));
    } catch (YamlEngineException e) {
      throw notYaml(text, 0, e.getMessage());
    }
  }

  private UserError notYaml(String text, int line, String problem) {
    List<String> lines = text.lines().toList();
    int shown = Math.max(0, Math.min(line, lines.size() - 1));
    return UserError.usage(
        place.apply(shown)
            + ": not YAML: "
            + problem
            + ", in \""
            + lines.get(shown).strip()
            + "\"; "
            + remedy);
  }

  /** A scanner's context is where the unfinished word begins; elsewhere the problem is nearer. */
  private static int lineOf(MarkedYamlEngineException e) {
    Optional<Mark> mark =
        e instanceof ScannerException
            ? e.getContextMark().or(e::getProblemMark)
            : e.getProblemMark().or(e::getContextMark);
    return mark.map(Mark::getLine).orElse(0);
  }

  private static String problemOf(MarkedYamlEngineException e) {
    return Stream.of(e.getContext(), e.getProblem())
        .filter(part -> part != null && !part.isEmpty())
        .collect(joining(", "));
  }

  private Yaml yaml(Node node, String key) {
    Optional<Yaml> known = read.get(node);
    if (known != null) {
      return known.orElseThrow(() -> error(node, "'" + key + "' contains itself; remove the '*'"));
    }
    read.put(node, Optional.empty());
    Yaml yaml;
    if (node instanceof ScalarNode scalar && KINDS.containsKey(node.getTag())) {
      yaml = new Scalar(KINDS.get(node.getTag()), scalar.getValue(), !scalar.isPlain());
    } else if (node instanceof SequenceNode sequence && node.getTag().equals(Tag.SEQ)) {
      yaml = sequence(sequence, key);
    } else if (node instanceof MappingNode mapping && node.getTag().equals(Tag.MAP)) {
      yaml = mapping(mapping, key);
    } else {
      throw error(node, "'" + key + "' has the tag '" + node.getTag() + "'; remove it");
    }
    read.put(node, Optional.of(yaml));
    return yaml;
  }

  private Sequence sequence(SequenceNode node, String key) {
    List<Written> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      items.add(new Written(where(item), yaml(item, Value.join(key, items.size()))));
    }
    return new Sequence(items);
  }

  private Mapping mapping(MappingNode node, String key) {
    Map<String, Written> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
        throw error(tuple.getKeyNode(), "a key must be one word, not a list or a mapping");
      }
      String path = Value.join(key, name.getValue());
      Written first = entries.get(name.getValue());
      if (first != null) {
        throw error(
            name, "'" + path + "' is given twice, first at " + first.where() + "; keep one");
      }
      Yaml value = yaml(tuple.getValueNode(), path);
      entries.put(name.getValue(), new Written(where(name), value));
    }
    return new Mapping(entries);
  }

  private String where(Node node) {
    return place.apply(node.getStartMark().map(Mark::getLine).orElse(0));
  }

  private UserError error(Node node, String message) {
    return UserError.usage(where(node) + ": " + message);
  }
}
