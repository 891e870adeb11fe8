package io.tenure.jobs.command;

import io.tenure.common.config.InputConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.encoding.Sha256;
import java.util.List;
import java.util.TreeMap;

/**
 * A fingerprint of what decides the numbers: two configs with the same one publish the same tables
 * for the same events. Where input and output are, what is tolerated and what is hidden outside do
 * not count.
 *
 * <p>It is compared with what another process wrote, so every part must read the same in all of
 * them: the maps of a config are sorted or keep the order written, never those of {@link
 * java.util.Map#of}, whose order each JVM draws anew.
 */
final class ConfigHash {
  private ConfigHash() {}

  static String of(TenureConfig config) {
    InputConfig input = config.input();
    List<Object> decisive =
        List.of(
            input.user(),
            input.time(),
            input.timeUnit(),
            input.event(),
            input.eventId(),
            input.amount(),
            input.where(),
            input.historyStarts(),
            input.earliest(),
            // How files are read decides what their rows say.
            input.format(),
            List.copyOf(new TreeMap<>(input.options()).entrySet()),
            config.timezone(),
            config.weekStart(),
            List.copyOf(config.activities().entrySet()),
            List.copyOf(config.segments().entrySet()),
            config.retention(),
            config.activeUsers(),
            config.churn(),
            config.funnels(),
            List.copyOf(config.nps().touchpoints().entrySet()),
            // Without surveys nobody looks at it.
            config.nps().touchpoints().isEmpty() ? 0 : config.nps().churnDays(),
            config.virality());
    return new Sha256().add(decisive.toString()).shortHex();
  }
}
