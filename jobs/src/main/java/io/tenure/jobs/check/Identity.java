package io.tenure.jobs.check;

import java.util.List;

/**
 * Something that must hold between the numbers of a run, whatever the log.
 *
 * @param name short, snake_case; in the table {@code quality} and in errors
 * @param sentence what must hold, in words
 * @param tables the tables it speaks of
 * @param violations Spark SQL over views named like the tables, that selects a row for each breach:
 *     {@code breach_key} STRING (where), {@code expected} and {@code actual} (the two numbers)
 */
public record Identity(String name, String sentence, List<String> tables, String violations) {}
