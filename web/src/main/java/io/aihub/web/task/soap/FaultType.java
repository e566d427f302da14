package io.aihub.web.task.soap;

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

  void add(String errorField, String errorCode, String errorMessage) {
    error.add(new FieldErrorType(errorField, errorCode, errorMessage));
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

    protected FieldErrorType() {} // for JAXB

    FieldErrorType(String field, String code, String message) {
      this.field = field;
      this.code = code;
      this.message = message;
    }
  }
}
