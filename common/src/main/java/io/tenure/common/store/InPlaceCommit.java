package io.tenure.common.store;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.executor.CommitDeniedException;
import org.apache.spark.internal.io.FileCommitProtocol;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.unsafe.Platform;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How Spark writes into the directory of a run: every task attempt writes its files where they
 * stay, under names of its own, so nothing is ever renamed, which on an object store would be a
 * copy.
 *
 * <pre>
 *   part-SPLIT-JOB-ATTEMPT-c000.snappy.parquet   of one attempt, which no other has
 *   _committed.json                              the files of the attempts that count
 * </pre>
 *
 * <ol>
 *   <li>An attempt that wrote all its rows asks the driver whether it is the one that counts, and
 *       tells it the names of its files. One that fails, or is refused, removes them.
 *   <li>When every split has an attempt that counts, the driver lists their files in {@code
 *       _committed.json} and removes what else is there: what attempts left that died, or that come
 *       second.
 * </ol>
 *
 * <p>The folder must be new and nobody may read it before the write ends: it is for directories
 * that something else makes visible, as {@code _current.json} does a run.
 *
 * <p>An attempt that the driver gave up may go on, and end after the write did. It is refused then
 * and removes its files; they stay only if its process dies, or loses the store, in the moment
 * between. For that, folders are compared with their lists ({@link CommittedFiles#sweep}): those of
 * a run before it is published, and those of the current run, or of one made by separate tasks,
 * when the output is locked the next time, before anything is added to them. What remains possible
 * is that such a moment falls between the end of a write and that comparison: a reader that takes
 * all files of the folder in this time sees rows of one split twice.
 */
public class InPlaceCommit extends FileCommitProtocol implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String job;
  private final String folder;

  /** The files of this attempt, relative to the folder: a task has a copy of this object. */
  private final ArrayList<String> written = new ArrayList<>();

  /**
   * Called by Spark, which finds the class by {@code spark.sql.sources.commitProtocolClass}.
   *
   * @param job told apart from all other writes by this id
   * @param folder that is written
   */
  public InPlaceCommit(String job, String folder) {
    this.job = job;
    this.folder = folder;
  }

  @Override
  public void setupJob(JobContext context) {
    // The first file makes the folder.
  }

  @Override
  public void setupTask(TaskAttemptContext context) {
    written.clear();
  }

  @Override
  public String newTaskTempFile(
      TaskAttemptContext context, Option<String> partition, FileNameSpec name) {
    String file =
        String.format(
            Locale.ROOT, // an executor's own may have other digits
            "%spart-%05d-%s-%d%s",
            name.prefix(),
            context.getTaskAttemptID().getTaskID().getId(),
            job,
            context.getTaskAttemptID().getId(),
            name.suffix());
    String relative = partition.isEmpty() ? file : partition.get() + "/" + file;
    written.add(relative);
    return new Path(folder, relative).toString();
  }

  @Override
  public TaskCommitMessage commitTask(TaskAttemptContext context) {
    TaskContext task = TaskContext.get();
    int split = context.getTaskAttemptID().getTaskID().getId();
    if (!SparkEnv.get()
        .outputCommitCoordinator()
        .canCommit(task.stageId(), task.stageAttemptNumber(), split, task.attemptNumber())) {
      abortTask(context);
      // Checked in Java, but not in Scala: by it Spark tells this from a task that failed.
      Platform.throwException(
          new CommitDeniedException(
              "Another attempt writes it", task.stageId(), split, task.attemptNumber()));
    }
    return new TaskCommitMessage(written.toArray(String[]::new));
  }

  @Override
  public void abortTask(TaskAttemptContext context) {
    Storage storage = storage(context.getConfiguration());
    written.forEach(file -> storage.delete(new Path(folder, file)));
  }

  @Override
  public void commitJob(JobContext context, Seq<TaskCommitMessage> tasks) {
    TreeSet<String> files = new TreeSet<>();
    for (TaskCommitMessage task : CollectionConverters.asJava(tasks)) {
      files.addAll(Arrays.asList((String[]) task.obj()));
    }
    CommittedFiles.commit(
        storage(context.getConfiguration()), new Path(folder), List.copyOf(files));
  }

  @Override
  public void abortJob(JobContext context) {
    // The run is given up with all its folders; why is more worth telling than what is left of it.
  }

  private Storage storage(Configuration hadoop) {
    try {
      return Storage.of(new Path(folder), hadoop);
    } catch (IOException e) {
      throw Storage.failed("write", new Path(folder), e);
    }
  }
}
