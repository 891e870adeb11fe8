package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.apache.hadoop.ipc.RemoteException;
import org.junit.jupiter.api.Test;

class StorageFailureTest {
  @Test
  void who_may_not_read_on_a_local_disk_needs_rights() {
    assertThat(StorageFailure.of("read", "/out/x", new AccessDeniedException("/out/x")))
        .hasMessage(
            "Cannot read /out/x: Permission denied. Let the user that Tenure runs as read there, and"
                + " run again.");
  }

  @Test
  void too_many_open_files_are_not_only_tried_again() {
    String told = "Cannot run program \"chmod\": error=24, Too many open files";
    assertThat(StorageFailure.of("write", "/out/x", new IOException(told)))
        .hasMessage(
            "Cannot write /out/x: %s. Allow the process more of them (`ulimit -n`), and run again."
                .formatted(told));
  }

  @Test
  void a_damaged_file_of_a_run_is_not_only_tried_again() {
    IOException damaged = new IOException("is not a Parquet file");
    String table = "file:/out/runs/20240301T000000Z/growth/part-00000.snappy.parquet";
    assertThat(StorageFailure.of("read", table, damaged))
        .hasMessage(
            "Cannot read %s: is not a Parquet file. It is safe to run again. If it fails again, the file is damaged: `rollback` to a run that is whole."
                .formatted(table));
    assertThat(StorageFailure.of("write", table, damaged))
        .hasMessage(
            "Cannot write %s: is not a Parquet file. It is safe to run again.".formatted(table));
  }

  /** HDFS tells by the same kind of exception that it has no such file, and that it stands by. */
  @Test
  void who_is_told_that_there_is_no_file_has_reached_the_store() {
    RemoteException told = new RemoteException("StandbyException", "Operation is not supported");
    assertThat(StorageFailure.isUnreached(new IOException(told))).isTrue();
    assertThat(StorageFailure.isUnreached(new ConnectException("Connection refused"))).isTrue();
    for (IOException answered :
        List.of(
            new FileNotFoundException("File does not exist: /gone.yaml"),
            new NoSuchFileException("/gone.yaml"),
            new AccessDeniedException("s3a://b/x"),
            new IOException("Permission denied: user=x"))) {
      answered.initCause(told);
      assertThat(StorageFailure.isUnreached(answered)).as("%s", answered).isFalse();
    }
    assertThat(StorageFailure.mayPass(new FileNotFoundException("/in/1.csv"))).isTrue();
  }

  @Test
  void whom_a_store_refuses_needs_credentials() {
    String told = "getFileStatus: Forbidden (Service: S3, Status Code: 403, Request ID: 1)";
    assertThat(
            StorageFailure.of(
                "write", "s3a://b/x", new AccessDeniedException("s3a://b/x", null, told)))
        .hasMessageContaining(told)
        .hasMessageEndingWith(
            "Give Tenure credentials that the store accepts and that may write there, and run again.");
  }
}
