package io.tenure.jobs.protect;

/** A retention question at a grain. */
record Question(String name, String grain) {}
