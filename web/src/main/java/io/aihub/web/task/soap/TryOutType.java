package io.aihub.web.task.soap;

import io.aihub.tryout.api.TryOutLineView;
import io.aihub.tryout.api.TryOutView;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlSchemaType;
import jakarta.xml.bind.annotation.XmlType;
import java.util.List;
import javax.xml.datatype.XMLGregorianCalendar;

/** A try-out as SOAP answers it; the elements are those of {@code TryOutView}. */
@SuppressWarnings("UnusedVariable") // JAXB reads the fields
@XmlType(name = "TryOut")
public class TryOutType {

  @XmlElement(required = true)
  private long id;

  @XmlElement(required = true)
  private TryOutStateType state;

  @XmlElement(required = true)
  private String scriptSha256;

  @XmlElement(required = true)
  private String machineTag;

  @XmlElement(required = true)
  private String indexAddress;

  private List<String> allowedHost;

  @XmlElement(required = true)
  private boolean javaWire;

  @XmlElement(required = true)
  private String submitter;

  @XmlElement(required = true)
  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar submittedAt;

  private String machine;

  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar startedAt;

  @XmlSchemaType(name = "dateTime")
  private XMLGregorianCalendar finishedAt;

  @XmlElement(required = true)
  private int succeeded;

  @XmlElement(required = true)
  private int failed;

  private Long estimatedLines;
  private Long estimatedBytes;

  @XmlElement(required = true)
  private List<TryOutLineType> line;

  protected TryOutType() {} // for JAXB

  static TryOutType of(TryOutView tryOut) {
    TryOutType type = new TryOutType();
    type.id = tryOut.id();
    type.state = TryOutStateType.valueOf(tryOut.state().name());
    type.scriptSha256 = tryOut.scriptSha256();
    type.machineTag = tryOut.machineTag();
    type.indexAddress = tryOut.indexAddress();
    type.allowedHost = tryOut.allowedHosts();
    type.javaWire = tryOut.javaWire();
    type.submitter = tryOut.submitter();
    type.submittedAt = XmlTime.of(tryOut.submittedAt());
    type.machine = tryOut.machine();
    type.startedAt = XmlTime.of(tryOut.startedAt());
    type.finishedAt = XmlTime.of(tryOut.finishedAt());
    type.succeeded = tryOut.succeeded();
    type.failed = tryOut.failed();
    type.estimatedLines = tryOut.estimatedLines();
    type.estimatedBytes = tryOut.estimatedBytes();
    type.line = tryOut.lines().stream().map(TryOutLineType::of).toList();
    return type;
  }

  /** A line of it. */
  @XmlType(name = "TryOutLine")
  public static class TryOutLineType {

    @XmlElement(required = true)
    private long number;

    @XmlElement(required = true)
    private String text;

    private Long millis;
    private String path;
    private Long bytes;
    private FailureClassType failureClass;
    private String message;
    private String output;

    protected TryOutLineType() {} // for JAXB

    private static TryOutLineType of(TryOutLineView line) {
      TryOutLineType type = new TryOutLineType();
      type.number = line.line();
      type.text = printable(line.text());
      type.millis = line.millis();
      type.path = printable(line.path());
      type.bytes = line.bytes();
      type.failureClass =
          line.failureClass() == null ? null : FailureClassType.valueOf(line.failureClass().name());
      type.message = printable(line.message());
      type.output = printable(line.output());
      return type;
    }

    /** Scripts print what they like; XML 1.0 can't hold all of it. */
    private static String printable(String value) {
      return value == null
          ? null
          : value.replaceAll(
              "[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "\uFFFD");
    }
  }
}
