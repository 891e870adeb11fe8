package io.tenure.jobs.fold;

import io.tenure.jobs.read.Judged;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BindReferences;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.package$;
import org.apache.spark.sql.execution.FileSourceScanExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The plan of judged rows, where it is what it mostly is: a projection straight over a scan that
 * reads by columns. Then columns that the projection only passes on are taken from the scan as they
 * are, with their dictionaries, and no row is ever made.
 *
 * <p>Knows Spark's physical plans, which Spark does not promise to keep: any plan of another form
 * is read row by row, with the same result.
 */
final class ColumnarScan {
  private final FileSourceScanExec scan;
  private final Bindings bindings;

  private ColumnarScan(FileSourceScanExec scan, Bindings bindings) {
    this.scan = scan;
    this.bindings = bindings;
  }

  /**
   * Where each column of {@link io.tenure.jobs.read.Events} comes from.
   *
   * @param columns by position among the judged columns
   * @param expressions what must be worked out from a row, bound to the columns of the scan
   * @param sure null if the verdict of every row must be worked out
   */
  record Bindings(
      JudgedRow.Layout layout, Source[] columns, List<Expression> expressions, Judged.Sure sure)
      implements Serializable {}

  /**
   * Where a column comes from: one of the three.
   *
   * @param scanned its position in the scan's batches, or -1
   * @param computed its position among the expressions, or -1
   * @param constant its value in every row
   */
  record Source(int scanned, int computed, Object constant) implements Serializable {
    boolean isScanned() {
      return scanned >= 0;
    }

    boolean isComputed() {
      return computed >= 0;
    }

    boolean isConstant() {
      return !isScanned() && !isComputed();
    }
  }

  /** The scan beneath judged rows; empty if their plan is of another form. */
  static Optional<ColumnarScan> of(Judged judged, JudgedRow.Layout layout) {
    SparkPlan plan = judged.rows().queryExecution().sparkPlan();
    if (layout.ids()
        || !(plan instanceof ProjectExec project)
        || !(project.child() instanceof FileSourceScanExec scan)
        || !scan.supportsColumnar()) {
      return Optional.empty();
    }
    List<Expression> expressions = new ArrayList<>();
    Source[] columns =
        CollectionConverters.asJava(project.projectList()).stream()
            .map(column -> source((Expression) column, scan.output(), expressions))
            .toArray(Source[]::new);
    if (columns[JudgedRow.TIME].isConstant()) {
      return Optional.empty(); // nobody's log: not worth a way of its own
    }
    boolean plain = columns[JudgedRow.USER].isScanned() && columns[JudgedRow.TIME].isScanned();
    Judged.Sure sure = plain ? judged.sure().orElse(null) : null;
    return Optional.of(new ColumnarScan(scan, new Bindings(layout, columns, expressions, sure)));
  }

  private static Source source(
      Expression column, Seq<Attribute> scanned, List<Expression> expressions) {
    Expression plain = column instanceof Alias alias ? alias.child() : column;
    if (plain instanceof Literal literal) {
      return new Source(-1, -1, literal.value());
    }
    Expression bound =
        BindReferences.bindReference(plain, package$.MODULE$.AttributeSeq(scanned), false);
    if (bound instanceof BoundReference reference) {
      return new Source(reference.ordinal(), -1, null);
    }
    expressions.add(bound);
    return new Source(-1, expressions.size() - 1, null);
  }

  Bindings bindings() {
    return bindings;
  }

  JavaRDD<ColumnarBatch> batches() {
    return scan.executeColumnar().toJavaRDD();
  }
}
