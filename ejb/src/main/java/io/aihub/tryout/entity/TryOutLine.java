package io.aihub.tryout.entity;

import io.aihub.queue.api.FailureClass;
import io.aihub.tryout.api.TryOutLineView;
import io.aihub.tryout.api.TryOutResult;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** One line of a try-out, and what became of it. */
@Entity
@Table(name = "try_out_line")
@IdClass(TryOutLine.Key.class)
public class TryOutLine {

  @Id
  @ManyToOne
  @jakarta.persistence.JoinColumn(name = "try_out_id")
  private TryOut tryOut;

  @Id private long line;

  private byte[] text; // in UTF-8: a line may hold characters that the database takes in no text

  private Long millis;
  private String path;
  private Long bytes;

  @Enumerated(EnumType.STRING)
  @Column(name = "failure_class")
  private FailureClass failureClass;

  private String message;
  private String output;

  protected TryOutLine() {} // for JPA

  TryOutLine(TryOut tryOut, long line, String text) {
    this.tryOut = tryOut;
    this.line = line;
    this.text = text.getBytes(StandardCharsets.UTF_8);
  }

  long line() {
    return line;
  }

  String text() {
    return new String(text, StandardCharsets.UTF_8);
  }

  boolean isTried() {
    return millis != null;
  }

  boolean isSuccess() {
    return isTried() && failureClass == null;
  }

  long bytes() {
    return bytes == null ? 0 : bytes;
  }

  void record(TryOutResult result) {
    millis = result.millis();
    failureClass = result.failureClass();
    path = failureClass == null ? storable(result.path()) : null;
    bytes = failureClass == null ? result.bytes() : null;
    message = storable(result.message());
    output = storable(result.output());
  }

  private static String storable(String value) {
    return value == null ? null : value.replace('\0', '\uFFFD');
  }

  TryOutLineView view() {
    return new TryOutLineView(line, text(), millis, path, bytes, failureClass, message, output);
  }

  /** What a line is known by. */
  public static final class Key implements Serializable {

    private static final long serialVersionUID = 1L;

    private Long tryOut;
    private long line;

    public Key() {} // for JPA

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Objects.equals(key.tryOut, tryOut) && key.line == line;
    }

    @Override
    public int hashCode() {
      return Objects.hash(tryOut, line);
    }
  }
}
