package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The SOAP service as a client sees it that knows nothing but its description. */
@ExtendWith(SharedTestbed.class)
class SoapIT {

  private static final String PATH = "/soap/DownloadTaskService";
  private static final String NAMESPACE = "https://aihub.io/download/v1";

  private ProtocolScenario scenario;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    scenario.newMachine("any");
  }

  @Test
  void theDescriptionIsPublicAndNamesEveryOperation() throws Exception {
    HttpResponse<String> answer = scenario.nobody().get(PATH + "?wsdl");

    assertThat(answer.statusCode()).isEqualTo(200);
    NodeList operations =
        xml(answer.body())
            .getElementsByTagNameNS("http://schemas.xmlsoap.org/wsdl/", "portType")
            .item(0)
            .getChildNodes();
    assertThat(operations.getLength()).isPositive();
    assertThat(answer.body())
        .contains(
            "createTask",
            "approveTask",
            "getTask",
            "listTasks",
            "retryFailures",
            "submitTryOut",
            "getTryOut",
            "DownloadTaskFault");
  }

  @Test
  void aTaskIsCreatedApprovedReadAndListed() throws Exception {
    HttpResponse<String> created =
        call(scenario.submitter(), "createTask", form(scenario.form("a\n")));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
    String id = text(created, "id");
    assertThat(text(created, "state")).isEqualTo("CREATED");
    assertThat(text(created, "receiver")).isEqualTo(scenario.receiverName());
    assertThat(text(created, "manifestPath")).isEqualTo(text(created, "targetPath") + "/_manifest");
    assertThat(sharers(created).getLength()).isZero();

    HttpResponse<String> approved =
        call(
            scenario.receiver(),
            "approveTask",
            element("id", id) + element("comment", "通过 <SOAP> 批准".replace("<", "&lt;")));
    assertThat(text(approved, "state")).isEqualTo("IN_PROGRESS");

    HttpResponse<String> read = call(scenario.submitter(), "getTask", element("id", id));
    assertThat(text(read, "id")).isEqualTo(id);
    assertThat(text(read, "approvedAt")).isNotEmpty();

    HttpResponse<String> another =
        call(scenario.submitter(), "createTask", form(scenario.form("a\n")));
    assertThat(sharers(another).getLength()).isOne();
    assertThat(sharers(another).item(0).getFirstChild().getTextContent()).isEqualTo(id);

    HttpResponse<String> page =
        call(
            scenario.submitter(),
            "listTasks",
            element("state", "IN_PROGRESS") + element("offset", "0") + element("limit", "1"));
    assertThat(xml(page.body()).getElementsByTagNameNS(NAMESPACE, "task").getLength()).isOne();
    assertThat(Long.parseLong(text(page, "total"))).isPositive();
    assertThat(
            scenario.task(Long.parseLong(id)).path("transitions").get(1).path("comment").asString())
        .isEqualTo("通过 <SOAP> 批准");
  }

  @Test
  void aTaskSaysHowItsScriptIsRun() throws Exception {
    Map<String, Object> form = scenario.form("a\n");
    form.put("allowedHost", "*.Example.org");
    form.put("javaWire", false);

    HttpResponse<String> created = call(scenario.submitter(), "createTask", form(form));
    form.put("allowedHost", "example.org:80");
    HttpResponse<String> refused = call(scenario.submitter(), "createTask", form(form));

    assertThat(text(created, "allowedHost")).isEqualTo("*.example.org");
    assertThat(text(created, "javaWire")).isEqualTo("false");
    assertFault(refused, "script.host.invalid");
    assertThat(text(refused, "field")).isEqualTo("allowedHosts");
  }

  @ParameterizedTest
  @CsvSource({
    "<d:options>true</d:options>,options,request.element.unknown",
    "<d:allowedHosts>example.org</d:allowedHosts>,allowedHosts,request.element.unknown",
    "<javaWire>false</javaWire>,javaWire,request.element.unknown",
    "<d:javaWire>no</d:javaWire>,javaWire,request.element.value",
    "<d:overwrite><d:no/></d:overwrite>,overwrite,request.element.value",
    "<d:allowedHost><d:host>a.org</d:host></d:allowedHost>,allowedHost,request.element.value",
    "<d:priority>URGENT</d:priority>,priority,request.element.value",
    "<d:expectedDeliveryAt>soon</d:expectedDeliveryAt>,expectedDeliveryAt,request.element.value"
  })
  void nothingOfAFormIsPassedOver(String element, String field, String code) throws Exception {
    String form = form(scenario.form("a\n")).replaceFirst("(?=</d:form>)", element);

    HttpResponse<String> refused = call(scenario.submitter(), "createTask", form);

    assertFault(refused, code);
    assertThat(text(refused, "field")).isEqualTo(field);
    assertThat(text(refused, "message")).contains(field);
  }

  @Test
  void norIsAParameterThatIsNoNumberOrNoChoice() throws Exception {
    Caller submitter = scenario.submitter();

    for (HttpResponse<String> refused :
        List.of(
            call(submitter, "getTask", element("id", "abc")),
            call(submitter, "listTasks", element("limit", "2.7")),
            call(submitter, "listTasks", element("state", "NONSENSE")),
            call(submitter, "retryFailures", element("id", "1") + element("failureClass", "X")),
            call(submitter, "submitTryOut", "<d:form>" + element("lines", "ten") + "</d:form>"))) {
      assertFault(refused, "request.element.value");
    }
    assertThat(call(submitter, "listTasks", element("state", "")).statusCode()).isEqualTo(200);
  }

  @Test
  void aRefusalIsATypedFaultInTheReadersLanguage() throws Exception {
    long task = scenario.createdTask("a\n");

    HttpResponse<String> english =
        call(scenario.submitter(), "approveTask", element("id", String.valueOf(task)));
    HttpResponse<String> chinese =
        call(
            scenario.submitter(),
            "approveTask",
            element("id", String.valueOf(task)),
            "Accept-Language",
            "zh-CN");

    assertFault(english, "task.approval.self");
    assertFault(chinese, "task.approval.self");
    assertThat(text(chinese, "message")).containsPattern("\\p{IsHan}");
    assertThat(text(english, "message")).isNotEqualTo(text(chinese, "message"));
  }

  @Test
  void aScriptThatIsNoPythonIsAFaultWithLineAndColumn() throws Exception {
    Map<String, Object> form = scenario.form("a\n");
    form.put("script", "def download(line, out):\n  return (1,\n");

    HttpResponse<String> refused = call(scenario.submitter(), "createTask", form(form));

    assertFault(refused, "script.syntax");
    assertThat(text(refused, "line")).isEqualTo("2");
    assertThat(text(refused, "column")).isEqualTo("10");
  }

  @Test
  void whatAScriptRequiresIsCheckedAlike() throws Exception {
    Map<String, Object> form = scenario.form("a\n");
    form.put("requirements", "six\n-r other.txt\n");

    HttpResponse<String> refused = call(scenario.submitter(), "createTask", form(form));

    assertFault(refused, "requirements.line.option");
    assertThat(text(refused, "field")).isEqualTo("requirements");
    assertThat(text(refused, "line")).isEqualTo("2");
  }

  @Test
  void failuresAreTriedAgainByTheRulesOfRest() throws Exception {
    long task = scenario.createdTask("a\n");

    HttpResponse<String> refused =
        call(
            scenario.submitter(),
            "retryFailures",
            element("id", String.valueOf(task))
                + element("failureClass", "HTTP_4xx")
                + element("failureClass", "DNS")
                + element("line", "1")
                + element("comment", "again"));

    assertFault(refused, "task.retry.refused");
  }

  @Test
  void aScriptIsTriedOutByTheRulesOfRest() throws Exception {
    Map<String, Object> form = scenario.form("a\n\u0001b\n");
    String sha256 =
        Caller.json(
                scenario
                    .submitter()
                    .send("POST", "/api/scripts", "text/x-python", ProtocolScenario.SCRIPT),
                201)
            .path("sha256")
            .asString();

    HttpResponse<String> submitted =
        call(
            scenario.submitter(),
            "submitTryOut",
            "<d:form>"
                + element("scriptSha256", sha256)
                + element("machineTag", scenario.tag())
                + element("indexAddress", String.valueOf(form.get("indexAddress")))
                + "</d:form>");
    HttpResponse<String> read =
        call(scenario.submitter(), "getTryOut", element("id", text(submitted, "id")));

    assertThat(text(read, "state")).isEqualTo("SUBMITTED");
    assertThat(text(read, "estimatedLines")).isEqualTo("2");
    assertThat(xml(read.body()).getElementsByTagNameNS(NAMESPACE, "text").item(1).getTextContent())
        .isEqualTo("\uFFFDb");
    assertFault(call(scenario.submitter(), "submitTryOut", "<d:form/>"), "input.required");
  }

  @Test
  void aTaskThatIsNotThereAndAFormWithoutAnythingAreFaultsToo() throws Exception {
    assertFault(call(scenario.submitter(), "getTask", element("id", "999999999")), "task.unknown");
    HttpResponse<String> empty = call(scenario.submitter(), "createTask", "<d:form/>");
    assertThat(empty.statusCode()).isEqualTo(500);
    assertThat(empty.body()).contains("purpose", "indexAddress", "receiver");
    assertDiscreet(empty);
  }

  @Test
  void whoDoesNotSayWhoTheyAreGetsAFaultAndNoPage() {
    HttpResponse<String> answer = call(scenario.nobody(), "listTasks", "");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().allValues("WWW-Authenticate")).isNotEmpty();
    assertThat(answer.body()).contains("Fault");
    assertDiscreet(answer);
  }

  @Test
  void whatIsNoSoapIsRefusedWithoutAWordOfTheInside() {
    HttpResponse<String> answer = scenario.submitter().send("POST", PATH, "text/xml", "<nonsense");

    assertThat(answer.statusCode()).isBetween(400, 500);
    assertDiscreet(answer);
    // Payara's own fault for an unknown operation still names a Java exception in its text
    HttpResponse<String> unknown = call(scenario.submitter(), "dropTables", "");
    assertThat(unknown.statusCode()).isEqualTo(500);
    assertThat(unknown.body()).contains("Fault").doesNotContain("<html", "\tat ", "io.aihub.");
  }

  private static NodeList sharers(HttpResponse<String> answer) throws Exception {
    return xml(answer.body()).getElementsByTagNameNS(NAMESPACE, "sharesTargetWith");
  }

  private static HttpResponse<String> call(
      Caller caller, String operation, String parameters, String... headers) {
    return caller.send(
        "POST",
        PATH,
        "text/xml;charset=UTF-8",
        "<S:Envelope xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:d=\""
            + NAMESPACE
            + "\"><S:Body><d:"
            + operation
            + ">"
            + parameters
            + "</d:"
            + operation
            + "></S:Body></S:Envelope>",
        headers);
  }

  private static String form(Map<String, Object> form) {
    StringBuilder xml = new StringBuilder("<d:form>");
    for (String field :
        new String[] {
          "name",
          "expectedDeliveryAt",
          "receiver",
          "machineTag",
          "indexAddress",
          "targetPath",
          "purpose",
          "script",
          "requirements",
          "allowedHost",
          "javaWire"
        }) {
      if (form.containsKey(field)) {
        xml.append(element(field, String.valueOf(form.get(field))));
      }
    }
    return xml.append("</d:form>").toString();
  }

  private static String element(String name, String text) {
    return "<d:" + name + ">" + text + "</d:" + name + ">";
  }

  private static void assertFault(HttpResponse<String> answer, String code) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
    assertThat(
            xml(answer.body()).getElementsByTagNameNS(NAMESPACE, "DownloadTaskFault").getLength())
        .as(answer.body())
        .isOne();
    assertThat(text(answer, "code")).isEqualTo(code);
    assertDiscreet(answer);
  }

  private static void assertDiscreet(HttpResponse<String> answer) {
    assertThat(answer.body())
        .doesNotContainIgnoringCase("<html")
        .doesNotContain("Exception", "\tat ", "stackTrace", "io.aihub.", "com.sun.", "org.glass");
  }

  private static String text(HttpResponse<String> answer, String element) throws Exception {
    NodeList found = xml(answer.body()).getElementsByTagNameNS(NAMESPACE, element);
    assertThat(found.getLength()).as(element + " in " + answer.body()).isPositive();
    return found.item(0).getTextContent();
  }

  private static Document xml(String text) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setNamespaceAware(true);
    return factory.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
  }
}
