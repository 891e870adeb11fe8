package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFilesTest {
  @TempDir Path folder;

  @Test
  void files_and_folders_have_the_permissions_that_hadoop_gives_them() throws IOException {
    for (String umask : List.of("022", "027", "077")) {
      Configuration hadoop = new Configuration(false);
      hadoop.set("fs.permissions.umask-mode", umask);
      Path stock = Files.createDirectory(folder.resolve("stock " + umask));
      try (FileSystem files = opened(new RawLocalFileSystem(), hadoop)) {
        write(files, stock);
      }
      Path fresh = Files.createDirectory(folder.resolve("fresh " + umask));
      try (FileSystem files = opened(new LocalFiles(), hadoop)) {
        write(files, fresh);
      }
      for (String each : List.of("a", "a/b", "a/b/file", "private")) {
        assertThat(permissions(fresh.resolve(each)))
            .as("%s under umask %s", each, umask)
            .isEqualTo(permissions(stock.resolve(each)));
      }
    }
    assertThat(permissions(folder.resolve("fresh 027/a/b/file"))).isEqualTo("rw-r-----");
  }

  @Test
  void a_sticky_bit_is_kept() throws IOException {
    try (FileSystem files = opened(new LocalFiles(), new Configuration(false))) {
      org.apache.hadoop.fs.Path open = path(folder.resolve("open"));
      files.mkdirs(open);
      files.setPermission(open, new FsPermission((short) 01777));
      assertThat(Files.getAttribute(folder.resolve("open"), "unix:mode")).isEqualTo(041777);
    }
  }

  @Test
  void neither_making_files_nor_listing_them_starts_processes() throws IOException {
    Storage listed = Storage.of(path(folder), new Configuration());
    try (FileSystem files = opened(new LocalFiles(), new Configuration(false));
        Recording recording = new Recording()) {
      recording.enable("jdk.ProcessStart");
      recording.start();
      write(files, folder);
      assertThat(listed.files(path(folder)))
          .containsExactlyInAnyOrder(
              path(folder.resolve("a/b/file")), path(folder.resolve("a/c/file")));
      recording.stop();
      Path dump = folder.resolve("recording.jfr");
      recording.dump(dump);
      assertThat(RecordingFile.readAllEvents(dump))
          .extracting((RecordedEvent start) -> start.getString("command"))
          .isEmpty();
    }
  }

  private static FileSystem opened(FileSystem files, Configuration hadoop) throws IOException {
    files.initialize(Path.of("/").toUri(), hadoop);
    files.setWriteChecksum(false);
    return files;
  }

  private static void write(FileSystem files, Path into) throws IOException {
    files.create(path(into.resolve("a/b/file"))).close();
    files.create(path(into.resolve("a/c/file"))).close();
    files.mkdirs(path(into.resolve("private")), new FsPermission((short) 0700));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static org.apache.hadoop.fs.Path path(Path file) {
    return new org.apache.hadoop.fs.Path("file:" + file);
  }
}
