package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class FileSystemsTest {
  @Test
  void a_file_system_without_its_class_is_told_with_the_jars_to_give() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.far.impl", "org.example.FarFileSystem");
    for (ThrowingCallable use :
        new ThrowingCallable[] {
          () -> FileSystems.of(new Path("far://host/x"), hadoop),
          () -> Output.open("far://host/x", hadoop),
          () -> TableReader.file(hadoop, "far://host/x")
        }) {
      assertThatThrownBy(use)
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE))
          .hasMessage(
              "Cannot use far://host/x: Java has no class for far:// (Class org.example.FarFileSystem not found). Give its jars: TENURE_CLASSPATH has them for scripts/tenure, --packages or --jars for spark-submit.");
    }
  }
}
