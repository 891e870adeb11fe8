package io.tenure.common.encoding;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows a byte array by variable-length integers (LEB128), zigzag integers and strings. */
public final class ByteWriter {
  private byte[] bytes;
  private int size;

  public ByteWriter(int capacity) {
    bytes = new byte[Math.max(capacity, 16)];
  }

  public void write(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  /** Seven bits a byte, low ones first; negative values take ten bytes. */
  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  /** Small magnitudes of either sign take few bytes. */
  public void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** Length plus one and UTF-8; a single zero for null. */
  public void optionalString(String value) {
    if (value == null) {
      varint(0);
      return;
    }
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    varint(utf8.length + 1L);
    ensure(utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
