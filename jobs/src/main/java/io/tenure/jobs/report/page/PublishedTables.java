package io.tenure.jobs.report.page;

import java.util.List;
import java.util.Map;

/** The tables of one run; several threads may read them at once. */
interface PublishedTables {
  /** Rows of a table, in any order; none, if the run has no such table. */
  List<TableRow> rows(String table, Choice choice, List<String> columns);

  /** The definition of each column of a table, in its order; none, if the run has no such table. */
  Map<String, String> definitions(String table);
}
