package io.tenure.jobs.report.page;

import java.util.List;
import java.util.Map;

/**
 * A part of the page.
 *
 * @param lead what it shows, in a sentence
 * @param meaning what its figures mean under this run's config, in sentences
 * @param tables the tables that it is drawn from, each with the definitions of its columns
 */
record Section(
    String id,
    String title,
    String lead,
    List<String> meaning,
    Map<String, Map<String, String>> tables) {}
