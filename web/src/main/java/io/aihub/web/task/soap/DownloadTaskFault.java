package io.aihub.web.task.soap;

import io.aihub.shared.BusinessException;
import io.aihub.shared.FieldError;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import jakarta.xml.ws.WebFault;
import java.util.Locale;

/** The one fault of the service. */
@WebFault(name = "DownloadTaskFault", targetNamespace = DownloadTaskEndpoint.NAMESPACE)
public class DownloadTaskFault extends Exception {

  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialised: it goes out as XML
  private final FaultType info;

  /** As JAX-WS asks for it. */
  public DownloadTaskFault(String message, FaultType info) {
    super(message);
    this.info = info;
  }

  private DownloadTaskFault(FaultType info) {
    this(info.message(), info);
  }

  static DownloadTaskFault of(BusinessException refusal, Locale reader) {
    FaultType info = new FaultType(refusal.code(), refusal.field(), refusal.message(reader));
    if (refusal instanceof InvalidException invalid) {
      for (FieldError error : invalid.errors()) {
        info.add(error.field(), error.at(), error.reason().code(), error.reason().message(reader));
      }
    }
    return new DownloadTaskFault(info);
  }

  static DownloadTaskFault of(Reason reason, Locale reader) {
    return new DownloadTaskFault(new FaultType(reason.code(), null, reason.message(reader)));
  }

  /** The typed detail. */
  public FaultType getFaultInfo() {
    return info;
  }
}
