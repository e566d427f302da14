package io.aihub.web.task.soap;

import io.aihub.queue.api.FailureClass;
import io.aihub.queue.api.RetryRequest;
import io.aihub.queue.boundary.FailureRetryService;
import io.aihub.shared.BusinessException;
import io.aihub.shared.InvalidException;
import io.aihub.shared.Reason;
import io.aihub.task.api.TaskState;
import io.aihub.task.boundary.TaskService;
import io.aihub.tryout.boundary.TryOutService;
import io.aihub.web.identity.Caller;
import io.aihub.web.support.Incidents;
import io.aihub.web.support.ReaderLanguage;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.jws.HandlerChain;
import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.jws.WebResult;
import jakarta.jws.WebService;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.ws.WebServiceContext;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Download tasks for SOAP 1.1 clients, who send HTTP Basic; the rules are those of REST. */
@WebService(
    name = "DownloadTasks",
    serviceName = "DownloadTaskService",
    portName = "DownloadTaskPort",
    targetNamespace = DownloadTaskEndpoint.NAMESPACE)
@HandlerChain(file = "handlers.xml") // RequestElements
public class DownloadTaskEndpoint {

  /** The namespace of the service and of its types. */
  public static final String NAMESPACE = "https://aihub.io/download/v1";

  private static final int DEFAULT_LIMIT = 50;

  @Inject private TaskService tasks;
  @Inject private FailureRetryService retries;
  @Inject private TryOutService tryOuts;
  @Inject private Caller caller;
  @Inject private HttpServletRequest request;
  @Inject private Incidents incidents;
  @Resource private WebServiceContext soap;

  /** Hands in a task, which then waits for its receiver. */
  @WebMethod
  @WebResult(name = "task", targetNamespace = NAMESPACE)
  public TaskType createTask(
      @WebParam(name = "form", targetNamespace = NAMESPACE) @XmlElement(required = true)
          NewTaskType form)
      throws DownloadTaskFault {
    return answer(
        actor ->
            TaskType.of(tasks.create(actor, (form == null ? new NewTaskType() : form).toForm())));
  }

  /** The receiver says yes. */
  @WebMethod
  @WebResult(name = "task", targetNamespace = NAMESPACE)
  public TaskType approveTask(
      @WebParam(name = "id", targetNamespace = NAMESPACE) long id,
      @WebParam(name = "comment", targetNamespace = NAMESPACE) String comment)
      throws DownloadTaskFault {
    return answer(actor -> TaskType.of(tasks.approve(actor, id, comment)));
  }

  /** Reads one task. */
  @WebMethod
  @WebResult(name = "task", targetNamespace = NAMESPACE)
  public TaskType getTask(@WebParam(name = "id", targetNamespace = NAMESPACE) long id)
      throws DownloadTaskFault {
    return answer(actor -> TaskType.of(tasks.get(id)));
  }

  /** Lists tasks, newest first; every parameter may be left out. */
  @WebMethod
  @WebResult(name = "page", targetNamespace = NAMESPACE)
  public TaskPageType listTasks(
      @WebParam(name = "state", targetNamespace = NAMESPACE) TaskStateType state,
      @WebParam(name = "name", targetNamespace = NAMESPACE) String name,
      @WebParam(name = "offset", targetNamespace = NAMESPACE) Integer offset,
      @WebParam(name = "limit", targetNamespace = NAMESPACE) Integer limit)
      throws DownloadTaskFault {
    return answer(
        actor ->
            TaskPageType.of(
                tasks.list(
                    state == null ? null : TaskState.valueOf(state.name()),
                    name,
                    offset == null ? 0 : offset,
                    limit == null ? DEFAULT_LIMIT : limit)));
  }

  /**
   * Has failed lines tried again.
   *
   * @param failureClass only lines that failed like this; none: whatever the class
   * @param line only these lines; none: all
   */
  @WebMethod
  @WebResult(name = "retry", targetNamespace = NAMESPACE)
  public RetryType retryFailures(
      @WebParam(name = "id", targetNamespace = NAMESPACE) long id,
      @WebParam(name = "failureClass", targetNamespace = NAMESPACE)
          List<FailureClassType> failureClass,
      @WebParam(name = "line", targetNamespace = NAMESPACE) List<Long> line,
      @WebParam(name = "comment", targetNamespace = NAMESPACE) String comment)
      throws DownloadTaskFault {
    return answer(
        actor -> {
          List<FailureClass> classes =
              failureClass == null
                  ? null
                  : failureClass.stream().map(one -> FailureClass.valueOf(one.name())).toList();
          return RetryType.of(retries.retry(actor, id, new RetryRequest(classes, line, comment)));
        });
  }

  /** Has a machine of a tag run a script on the first lines of an index; nothing is stored. */
  @WebMethod
  @WebResult(name = "tryOut", targetNamespace = NAMESPACE)
  public TryOutType submitTryOut(
      @WebParam(name = "form", targetNamespace = NAMESPACE) @XmlElement(required = true)
          NewTryOutType form)
      throws DownloadTaskFault {
    return answer(
        actor ->
            TryOutType.of(
                tryOuts.submit(actor, (form == null ? new NewTryOutType() : form).toForm())));
  }

  /** Reads a try-out and its results so far. */
  @WebMethod
  @WebResult(name = "tryOut", targetNamespace = NAMESPACE)
  public TryOutType getTryOut(@WebParam(name = "id", targetNamespace = NAMESPACE) long id)
      throws DownloadTaskFault {
    return answer(actor -> TryOutType.of(tryOuts.get(id)));
  }

  /** Nothing but the typed fault goes out: the stack's own would carry Java and SQL. */
  private <T> T answer(Function<String, T> operation) throws DownloadTaskFault {
    Locale reader = ReaderLanguage.of(request.getHeader("Accept-Language"));
    if (caller.user() == null) {
      throw DownloadTaskFault.of(Reason.of("request.forbidden"), reader);
    }
    if (soap.getMessageContext().get(RequestElements.WRONG) instanceof InvalidException wrong) {
      throw DownloadTaskFault.of(wrong, reader);
    }
    try {
      return operation.apply(caller.username());
    } catch (BusinessException refusal) {
      throw DownloadTaskFault.of(refusal, reader);
    } catch (RuntimeException failure) {
      throw DownloadTaskFault.of(Reason.of("server.failed", incidents.record(failure)), reader);
    }
  }
}
