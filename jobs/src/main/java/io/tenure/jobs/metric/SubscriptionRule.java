package io.tenure.jobs.metric;

import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryLayout;
import java.util.List;
import java.util.Optional;

/**
 * A spell is a subscription: from {@code start} to {@code cancel}, on whose day the user is gone.
 *
 * <p>{@code pause} suspends it until {@code resume} or {@code cancel}: those days are neither
 * presence nor churn. {@code upgrade}, {@code downgrade}, {@code payment-failed} and {@code
 * renewal} end nothing. A {@code start} after a cancel begins a new spell.
 *
 * <p>A day tells which events it had and which was the last. The others are taken to have come
 * before it in an order in which they are possible, if there is one: start, resume, pause, cancel,
 * as soon as each can be. Where several were the last at one instant, as in a log of days without
 * times, none is: all are taken in that order. An event that is not possible changes nothing and is
 * an {@link Anomaly}.
 *
 * @param events the subscription events that days have bits for
 * @param firstBit the bit of the first of them
 * @param lastEvent the dimension that names the last event of a day; the next one tells ties
 */
record SubscriptionRule(List<SubscriptionEvent> events, int firstBit, int lastEvent)
    implements SpellRule {

  static SubscriptionRule of(TenureConfig config) {
    return new SubscriptionRule(
        HistoryLayout.subscriptionEvents(config),
        HistoryLayout.firstSubscriptionBit(config),
        HistoryLayout.lastSubscriptionEvent(config));
  }

  /** An event where it cannot be, and how it is read. */
  enum Anomaly {
    START_WHILE_SUBSCRIBED("the subscription goes on; a pause goes on, too"),
    CANCEL_WITHOUT_START("nobody is lost"),
    PAUSE_WITHOUT_SUBSCRIPTION("nothing is suspended; a second pause adds nothing"),
    RESUME_WITHOUT_PAUSE("nobody comes back"),
    CHANGE_WITHOUT_SUBSCRIPTION(
        "an upgrade, downgrade, failed payment or renewal begins no subscription");

    private final String reading;

    Anomaly(String reading) {
      this.reading = reading;
    }

    String reading() {
      return reading;
    }
  }

  /** Hears of anomalies. */
  interface Listener {
    void found(Anomaly anomaly, int day);
  }

  @Override
  public Spells spells(History history) {
    return spells(history, (anomaly, day) -> {});
  }

  /** The cancellation is an event of that day. */
  @Override
  public int knownFrom(int churn) {
    return churn == Spells.ALIVE ? churn : churn + 1;
  }

  Spells spells(History history, Listener listener) {
    Subscription subscription = new Subscription(listener);
    for (int at = 0; at < history.size(); at++) {
      String last = history.segmentOfDay(lastEvent, at);
      if (last != null) {
        subscription.day(history, at, lastOf(history, at, SubscriptionEvent.valueOf(last)));
      }
    }
    return subscription.spells;
  }

  /** The last event of a day; empty if there were several at that instant. */
  private Optional<SubscriptionEvent> lastOf(History history, int at, SubscriptionEvent greatest) {
    boolean alone =
        HistoryLayout.leastFirst(greatest).equals(history.segmentOfDay(lastEvent + 1, at));
    return alone ? Optional.of(greatest) : Optional.empty();
  }

  /** One user's subscription, from event to event. */
  private final class Subscription {
    private final Listener listener;
    private final Spells spells = new Spells();
    private boolean subscribed;
    private boolean paused;

    Subscription(Listener listener) {
      this.listener = listener;
    }

    void day(History history, int at, Optional<SubscriptionEvent> last) {
      int waiting = 0;
      for (int bit = 0; bit < events.size(); bit++) {
        if (events.get(bit) != last.orElse(null) && history.has(at, firstBit + bit)) {
          waiting |= 1 << events.get(bit).ordinal();
        }
      }
      int day = history.day(at);
      for (SubscriptionEvent next = possible(waiting); next != null; next = possible(waiting)) {
        apply(next, day);
        waiting &= ~(1 << next.ordinal());
      }
      for (SubscriptionEvent event : SubscriptionEvent.values()) {
        if ((waiting >> event.ordinal() & 1) == 1) {
          apply(event, day);
        }
      }
      last.ifPresent(event -> apply(event, day));
    }

    private SubscriptionEvent possible(int waiting) {
      for (SubscriptionEvent event : ORDER) {
        if ((waiting >> event.ordinal() & 1) == 1 && anomaly(event) == null) {
          return event;
        }
      }
      return null;
    }

    private Anomaly anomaly(SubscriptionEvent event) {
      return switch (event) {
        case START -> subscribed ? Anomaly.START_WHILE_SUBSCRIBED : null;
        case CANCEL -> subscribed ? null : Anomaly.CANCEL_WITHOUT_START;
        case PAUSE -> subscribed && !paused ? null : Anomaly.PAUSE_WITHOUT_SUBSCRIPTION;
        case RESUME -> paused ? null : Anomaly.RESUME_WITHOUT_PAUSE;
        case UPGRADE, DOWNGRADE, PAYMENT_FAILED, RENEWAL ->
            subscribed ? null : Anomaly.CHANGE_WITHOUT_SUBSCRIPTION;
      };
    }

    private void apply(SubscriptionEvent event, int day) {
      Anomaly anomaly = anomaly(event);
      if (anomaly != null) {
        listener.found(anomaly, day);
        return;
      }
      switch (event) {
        case START -> {
          spells.begin(day);
          subscribed = true;
        }
        case CANCEL -> {
          spells.end(day);
          subscribed = false;
          paused = false;
        }
        case PAUSE -> {
          spells.pause(day);
          paused = true;
        }
        case RESUME -> {
          spells.resume(day);
          paused = false;
        }
        case RENEWAL -> spells.renew(day);
        case UPGRADE, DOWNGRADE, PAYMENT_FAILED -> {}
      }
    }
  }

  /**
   * The order in which the earlier events of a day are tried: a subscription lives while it can.
   */
  private static final List<SubscriptionEvent> ORDER =
      List.of(
          SubscriptionEvent.START,
          SubscriptionEvent.RESUME,
          SubscriptionEvent.UPGRADE,
          SubscriptionEvent.DOWNGRADE,
          SubscriptionEvent.PAYMENT_FAILED,
          SubscriptionEvent.RENEWAL,
          SubscriptionEvent.PAUSE,
          SubscriptionEvent.CANCEL);
}
