package io.tenure.common.encoding;

import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} wrote. */
public final class ByteReader {
  private final byte[] bytes;
  private final Texts texts;
  private int position;

  public ByteReader(byte[] bytes) {
    this(bytes, null);
  }

  /**
   * @param texts gives the texts that were read before; null: each is made anew
   */
  public ByteReader(byte[] bytes, Texts texts) {
    this.bytes = bytes;
    this.texts = texts;
  }

  /** Whether not all was read. */
  public boolean hasMore() {
    return position < bytes.length;
  }

  public int read() {
    return bytes[position++];
  }

  public long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[position++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  public int length() {
    return Math.toIntExact(varint());
  }

  public long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  public String optionalString() {
    int length = length() - 1;
    if (length < 0) {
      return null;
    }
    String value =
        texts == null
            ? new String(bytes, position, length, StandardCharsets.UTF_8)
            : texts.of(bytes, position, length);
    position += length;
    return value;
  }
}
