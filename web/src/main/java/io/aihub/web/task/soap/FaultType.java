package io.aihub.web.task.soap;

import io.aihub.shared.TextPosition;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.ArrayList;
import java.util.List;

/** Why a request was refused. */
@SuppressWarnings("UnusedVariable") // JAXB reads the fields
@XmlType(name = "Fault")
public class FaultType {

  /** The stable name of the error, for programs. */
  @XmlElement(required = true)
  private String code;

  /** The first field to blame, if any. */
  private String field;

  /** What went wrong, in the caller's language. */
  @XmlElement(required = true)
  private String message;

  /** Every field to blame. */
  private final List<FieldErrorType> error = new ArrayList<>();

  protected FaultType() {} // for JAXB

  FaultType(String code, String field, String message) {
    this.code = code;
    this.field = field;
    this.message = message;
  }

  /**
   * Names a field to blame.
   *
   * @param at where in its text; null where it is about the whole
   */
  void add(String errorField, TextPosition at, String errorCode, String errorMessage) {
    error.add(new FieldErrorType(errorField, at, errorCode, errorMessage));
  }

  String message() {
    return message;
  }

  /** A field and the rule it breaks. */
  @XmlType(name = "FieldError")
  public static class FieldErrorType {

    @XmlElement(required = true)
    private String field;

    @XmlElement(required = true)
    private String code;

    @XmlElement(required = true)
    private String message;

    /** Where in the field's text, from 1; left out where it is about the whole. */
    private Integer line;

    /** The same in characters. */
    private Integer column;

    protected FieldErrorType() {} // for JAXB

    FieldErrorType(String field, TextPosition at, String code, String message) {
      this.field = field;
      this.code = code;
      this.message = message;
      if (at != null) {
        this.line = at.line();
        this.column = at.column();
      }
    }
  }
}
