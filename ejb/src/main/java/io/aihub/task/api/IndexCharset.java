package io.aihub.task.api;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** The charsets an index file may be written in. In both, the byte 0x0A only ever ends a line. */
public enum IndexCharset {
  UTF_8(StandardCharsets.UTF_8),
  GB18030(Charset.forName("GB18030"));

  private final Charset charset;

  IndexCharset(Charset charset) {
    this.charset = charset;
  }

  public Charset charset() {
    return charset;
  }
}
