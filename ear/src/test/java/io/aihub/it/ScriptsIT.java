package io.aihub.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.aihub.testbed.SharedTestbed;
import io.aihub.testbed.Testbed;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Versions of scripts and their check, as people's programs see them. */
@ExtendWith(SharedTestbed.class)
class ScriptsIT {

  private ProtocolScenario scenario;
  private Caller author;

  @BeforeEach
  void introduce(Testbed bed) {
    scenario = new ProtocolScenario(bed);
    author = scenario.submitter();
  }

  private HttpResponse<String> upload(String query, String source, String... headers) {
    return author.send("POST", "/api/scripts" + query, "text/x-python", source, headers);
  }

  @Test
  void aVersionKeepsItsAuthorNameAndNoteAndIsListedNewestFirst() {
    String source = "# " + scenario.tag() + "\n" + ProtocolScenario.SCRIPT;

    JsonNode kept = Caller.json(upload("?name=faces.py&note=first", source), 201);

    assertThat(kept.path("warnings")).isEmpty();
    JsonNode again = Caller.json(upload("?name=other.py&note=second", source), 201);
    assertThat(again.path("sha256")).isEqualTo(kept.path("sha256"));
    assertThat(again.path("name").asString()).isEqualTo("faces.py");
    JsonNode newest = Caller.json(author.get("/api/scripts?limit=1"), 200).path("items").get(0);
    assertThat(newest.path("sha256")).isEqualTo(kept.path("sha256"));
    assertThat(newest.path("note").asString()).isEqualTo("first");
    assertThat(newest.path("authorName").asString()).isEqualTo("提交人");
    assertThat(author.get("/api/scripts/" + kept.path("sha256").asString()).body())
        .isEqualTo(source);
  }

  @Test
  void aScriptThatIsNoPythonIsRefusedWithLineAndColumnInTheReadersLanguage() {
    String source = "import os\n\ndef download(line, 输出目录:\n    return None\n";

    JsonNode english = Caller.problem(upload("", source), 400, "script.syntax");
    JsonNode chinese =
        Caller.problem(upload("", source, "Accept-Language", "zh-CN"), 400, "script.syntax");

    assertThat(english.path("field").asString()).isEqualTo("script");
    assertThat(english.path("line").asInt()).isEqualTo(3);
    assertThat(english.path("column").asInt()).isEqualTo(13);
    assertThat(english.path("detail").asString())
        .isEqualTo("Line 3, column 13: not Python 3.12: '(' was never closed");
    assertThat(chinese.path("detail").asString()).startsWith("第 3 行第 13 列");
  }

  @Test
  void everyFaultOfAScriptIsToldAtOnce() {
    JsonNode problem =
        Caller.problem(upload("", "import lxml\nimport sqlite3\ndef download(line): pass\n"), 400);

    assertThat(problem.path("errors")).hasSize(3);
    assertThat(problem.path("errors").get(0).path("code").asString())
        .isEqualTo("script.import.missing");
    assertThat(problem.path("errors").get(0).path("detail").asString()).contains("requests");
    assertThat(problem.path("errors").get(2).path("line").asInt()).isEqualTo(3);
  }

  @Test
  void whatMayGoWrongIsAWarningAndTheScriptIsKept() {
    JsonNode kept =
        Caller.json(
            upload("", "def download(line, out):\n    import lxml\n    return None\n"), 201);

    JsonNode warning = kept.path("warnings").get(0);
    assertThat(warning.path("code").asString()).isEqualTo("script.import.uncertain");
    assertThat(warning.path("line").asInt()).isEqualTo(2);
  }

  @Test
  void whatIsNoTextOrTooLargeIsRefused() {
    Caller.problem(upload("", ProtocolScenario.SCRIPT + "\0"), 400, "script.nul");
    Caller.problem(upload("", ProtocolScenario.SCRIPT + "#".repeat(1 << 20)), 400, "script.large");
    Caller.problem(upload("", ""), 400, "input.required");
  }

  @Test
  void aTaskWithASourceOfItsOwnIsCheckedLikeAnUpload() {
    scenario.newMachine("any");
    Map<String, Object> form = scenario.form("a\n");
    form.put("script", "def download(line):\n    return None\n");

    JsonNode problem =
        Caller.problem(author.post("/api/tasks", form), 400, "script.download.arguments");

    assertThat(problem.path("field").asString()).isEqualTo("script");
    assertThat(problem.path("line").asInt()).isOne();
  }
}
