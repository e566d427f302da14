package io.aihub.script.control;

import com.oracle.graal.python.pegparser.AbstractParser;
import com.oracle.graal.python.pegparser.FutureFeature;
import com.oracle.graal.python.pegparser.InputType;
import com.oracle.graal.python.pegparser.Parser;
import com.oracle.graal.python.pegparser.ParserCallbacks;
import com.oracle.graal.python.pegparser.scope.ScopeEnvironment;
import com.oracle.graal.python.pegparser.sst.ModTy;
import com.oracle.graal.python.pegparser.tokenizer.SourceRange;
import com.oracle.graal.python.pegparser.tokenizer.Token;
import com.oracle.graal.python.pegparser.tokenizer.Tokenizer;
import io.aihub.shared.TextPosition;
import java.time.Duration;
import java.util.EnumSet;

/**
 * Python source as the clients' GraalPy reads it: this is GraalPy's own parser, of the version that
 * the clients run, so both agree on what is Python. It executes nothing.
 */
final class PythonSource {

  /** GraalPy 25 is Python 3.12. */
  private static final int MINOR_VERSION = 12;

  /** Far beyond what a megabyte of sane source takes. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** What CPython says of it. */
  static final String TOO_DEEP = "too many nested expressions";

  private PythonSource() {}

  /** The source is no Python. */
  static final class SyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialised: callers are in the same process
    private final TextPosition at;

    SyntaxException(TextPosition at, String message) {
      super(message);
      this.at = at;
    }

    TextPosition at() {
      return at;
    }
  }

  /** What the parser's callbacks can throw through it. */
  private static final class Broken extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @SuppressWarnings("serial") // never serialised: callers are in the same process
    private final TextPosition at;

    Broken(TextPosition at, String message) {
      super(message);
      this.at = at;
    }
  }

  /**
   * Reads a module, and resolves its names as a compiler would.
   *
   * @throws SyntaxException in Python's own words
   */
  static ModTy.Module parse(String source) throws SyntaxException {
    Listener listener = new Listener();
    Parser parser =
        new Parser(
            source,
            listener,
            InputType.FILE,
            EnumSet.noneOf(AbstractParser.Flags.class),
            MINOR_VERSION);
    try {
      ModTy.Module module = (ModTy.Module) parser.parse();
      ScopeEnvironment.analyze(module, listener, EnumSet.noneOf(FutureFeature.class));
      return module;
    } catch (Broken broken) {
      boolean misplaced = broken.getMessage().equals("unexpected indent");
      throw new SyntaxException(
          misplaced ? unexpectedIndent(source) : broken.at, broken.getMessage());
    } catch (StackOverflowError deep) {
      throw new SyntaxException(new TextPosition(1, 1), TOO_DEEP);
    }
  }

  /**
   * GraalPy places an unexpected indent at the beginning of the file; CPython, and this, at the
   * line that is indented.
   */
  private static TextPosition unexpectedIndent(String source) {
    Tokenizer tokens =
        Tokenizer.fromString(new Listener(), source, EnumSet.noneOf(Tokenizer.Flag.class), null);
    int last = Token.Kind.NEWLINE;
    boolean unexpected = false;
    for (Token token = tokens.next();
        token.type != Token.Kind.ENDMARKER && token.type != Token.Kind.ERRORTOKEN;
        token = tokens.next()) {
      if (unexpected) {
        return position(token.getSourceRange());
      }
      if (token.type == Token.Kind.INDENT) {
        unexpected = last != Token.Kind.COLON;
      } else if (token.type != Token.Kind.NEWLINE) {
        last = token.type;
      }
    }
    return new TextPosition(1, 1);
  }

  static TextPosition position(SourceRange range) {
    return range == null
        ? new TextPosition(1, 1)
        : new TextPosition(Math.max(range.startLine, 1), Math.max(range.startColumn, 0) + 1);
  }

  private static final class Listener implements ParserCallbacks {

    private final long deadline = System.nanoTime() + LONGEST.toNanos();

    @Override
    public void safePointPoll() {
      if (System.nanoTime() - deadline > 0) {
        throw new Broken(new TextPosition(1, 1), "too complex to be parsed");
      }
    }

    @Override
    public RuntimeException reportIncompleteSource(int line) {
      return new Broken(new TextPosition(Math.max(line, 1), 1), "unexpected EOF while parsing");
    }

    @Override
    public RuntimeException onError(ErrorType type, SourceRange range, String message) {
      // some of the parser's texts miss the name that belongs there
      return new Broken(position(range), message.replace(" '%s'", ""));
    }

    @Override
    public void onWarning(WarningType type, SourceRange range, String message) {
      // a string with a needless backslash and the like: it runs
    }
  }
}
