package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.AccessDeniedException;
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
