package io.tenure.common.table;

/** The products whose numbers a migration is checked against. */
public enum Vendor {
  AMPLITUDE,
  MIXPANEL,
  POSTHOG,
  GA4
}
