package io.tenure.jobs.metric;

import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryLayout;
import java.util.ArrayList;
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

  /** What a subscription can be. */
  private enum State {
    NONE,
    RUNNING,
    PAUSED;

    /** What hinders an event; null if it is possible. */
    Anomaly anomaly(SubscriptionEvent event) {
      return switch (event) {
        case START -> this == NONE ? null : Anomaly.START_WHILE_SUBSCRIBED;
        case CANCEL -> this == NONE ? Anomaly.CANCEL_WITHOUT_START : null;
        case PAUSE -> this == RUNNING ? null : Anomaly.PAUSE_WITHOUT_SUBSCRIPTION;
        case RESUME -> this == PAUSED ? null : Anomaly.RESUME_WITHOUT_PAUSE;
        case UPGRADE, DOWNGRADE, PAYMENT_FAILED, RENEWAL ->
            this == NONE ? Anomaly.CHANGE_WITHOUT_SUBSCRIPTION : null;
      };
    }

    /** The state after a possible event. */
    State after(SubscriptionEvent event) {
      return switch (event) {
        case START, RESUME -> RUNNING;
        case CANCEL -> NONE;
        case PAUSE -> PAUSED;
        case UPGRADE, DOWNGRADE, PAYMENT_FAILED, RENEWAL -> this;
      };
    }
  }

  /** One user's subscription, from event to event. */
  private final class Subscription {
    private final Listener listener;
    private final Spells spells = new Spells();
    private State state = State.NONE;

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
      List<SubscriptionEvent> possible = new ArrayList<>();
      if (order(waiting, last, possible)) {
        possible.forEach(event -> apply(event, day));
        return;
      }
      for (SubscriptionEvent next = next(waiting); next != null; next = next(waiting)) {
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

    /**
     * Finds the first order in which all events are possible.
     *
     * @param waiting the events but the last, as a mask of their ordinals
     * @param found takes all events in that order
     * @return false if there is none; then nothing was found
     */
    private boolean order(
        int waiting, Optional<SubscriptionEvent> last, List<SubscriptionEvent> found) {
      State before = state;
      if (waiting == 0) {
        last.ifPresent(found::add);
        return last.isEmpty() || state.anomaly(last.get()) == null;
      }
      for (SubscriptionEvent event : ORDER) {
        if ((waiting >> event.ordinal() & 1) == 1 && state.anomaly(event) == null) {
          found.add(event);
          state = before.after(event);
          boolean possible = order(waiting & ~(1 << event.ordinal()), last, found);
          state = before;
          if (possible) {
            return true;
          }
          found.subList(found.indexOf(event), found.size()).clear();
        }
      }
      return false;
    }

    /** What comes next where no order makes all events possible. */
    private SubscriptionEvent next(int waiting) {
      for (SubscriptionEvent event : ORDER) {
        if ((waiting >> event.ordinal() & 1) == 1 && state.anomaly(event) == null) {
          return event;
        }
      }
      return null;
    }

    private void apply(SubscriptionEvent event, int day) {
      Anomaly anomaly = state.anomaly(event);
      if (anomaly != null) {
        listener.found(anomaly, day);
        return;
      }
      state = state.after(event);
      switch (event) {
        case START -> spells.begin(day);
        case CANCEL -> spells.end(day);
        case PAUSE -> spells.pause(day);
        case RESUME -> spells.resume(day);
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
