package io.aihub.client.script;

import com.oracle.graal.python.builtins.PythonBuiltinClassType;
import com.oracle.graal.python.nodes.attributes.WriteAttributeToPythonObjectNode;
import com.oracle.graal.python.runtime.PythonContext;
import com.oracle.graal.python.util.PythonUtils;
import io.aihub.client.wire.HostGate;
import io.aihub.client.wire.NetworkRules;
import io.aihub.client.wire.NetworkRules.RefusedAddressException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;

/**
 * Holds Python's own sockets to the {@link NetworkRules} and a task's list of hosts. The methods of
 * {@code _socket.socket} that name a peer are replaced in the type itself, which Python code can't
 * do and so can't undo; the originals are known to Java only, which hands them the very address
 * that was judged. GraalPy has no hook for it: the type is set by its own classes, and a test tells
 * where a new version differs.
 */
final class SocketGuard {

  private static final int AF_INET6 = 10;

  private final NetworkRules rules;
  private final HostGate gate;
  private final Map<String, Value> originals = new HashMap<>();

  /** By address, where this context itself waits for one connection: an end of a socketpair. */
  private final Map<String, Value> own = new ConcurrentHashMap<>();

  private Value tuple;

  SocketGuard(NetworkRules rules, HostGate gate) {
    this.rules = rules;
    this.gate = gate;
  }

  /**
   * Replaces the methods in a context, on the thread that has started it and before anything else:
   * GraalPy doesn't expect a builtin type to change once somebody has used it.
   *
   * @param source of sockets.py
   */
  void install(Context context, Source source) {
    context.eval(source);
    Value names = context.getBindings("python");
    tuple = names.getMember("_address");
    names.removeMember("_address");
    Value guard = names.getMember("_guard_sockets");
    names.removeMember("_guard_sockets");
    Value type = names.getMember("_socket_type");
    names.removeMember("_socket_type");
    for (String name : new String[] {"connect", "connect_ex", "sendto", "listen", "getsockname"}) {
      originals.put(name, type.getMember(name));
    }
    guard.executeVoid(
        (ProxyExecutable) this::through, (ProxyExecutable) SocketGuard::replace, !gate.isOpen());
  }

  /** {@code through(name, socket, arguments..., address)}: its answer, or why it is refused. */
  private Object through(Value... arguments) {
    String name = arguments[0].asString();
    if (name.equals("listen")) {
      return listen(arguments[1], arguments[2]);
    }
    if (name.equals("lookup")) {
      return lookUp(arguments[1]);
    }
    Object[] handed = new Object[arguments.length - 1];
    System.arraycopy(arguments, 1, handed, 0, handed.length);
    Value address = arguments[arguments.length - 1];
    if (!address.hasArrayElements()
        || address.getArraySize() < 2
        || !address.getArrayElement(0).isString()
        || !address.getArrayElement(1).fitsInInt()) {
      return "an address is (host, port), the host a str";
    }
    // read once and handed on as read: a tuple of a class of the script's may answer anything
    String host = address.getArrayElement(0).asString();
    int port = address.getArrayElement(1).asInt();
    try {
      if (!isOwn(host, port)) {
        boolean six = arguments[1].getMember("family").asInt() == AF_INET6;
        gate.require(host);
        InetAddress chosen = chosen(rules.allowed(host, port), six);
        host = chosen.getHostAddress().replaceFirst("%.*", "");
      }
    } catch (RefusedAddressException refused) {
      return refused.getMessage();
    } catch (UnknownHostException unknown) {
      return "";
    }
    handed[handed.length - 1] =
        address.getArraySize() < 4
            ? tuple.execute(host, port)
            : tuple.execute(host, port, address.getArrayElement(2), address.getArrayElement(3));
    return originals.get(name).execute(handed);
  }

  private Object lookUp(Value name) {
    try {
      gate.lookUp(name.asString());
      return true;
    } catch (RefusedAddressException refused) {
      return refused.getMessage();
    }
  }

  /** Only on this host, and for itself: asyncio's socketpair needs it. */
  private Object listen(Value socket, Value backlog) {
    Value name = originals.get("getsockname");
    try {
      String host = name.execute(socket).getArrayElement(0).asString();
      if (!InetAddress.getByName(host).isLoopbackAddress()) {
        return "scripts may not wait for connections";
      }
    } catch (UnknownHostException odd) {
      return "scripts may not wait for connections";
    }
    Value nothing = originals.get("listen").execute(socket, backlog);
    own.put(address(socket), socket); // GraalPy gives a socket its port when it listens
    return nothing;
  }

  /** Whether a socket of this context waits there, for the first time that somebody asks. */
  private boolean isOwn(String host, int port) {
    String address = host + " " + port;
    Value waiting = own.remove(address);
    try {
      return waiting != null && address(waiting).equals(address);
    } catch (PolyglotException closedMeanwhile) {
      return false; // what waits there now is somebody else's
    }
  }

  private String address(Value socket) {
    Value bound = originals.get("getsockname").execute(socket);
    return bound.getArrayElement(0).asString() + " " + bound.getArrayElement(1).asInt();
  }

  private static InetAddress chosen(InetAddress[] allowed, boolean six) {
    for (InetAddress address : allowed) {
      if (address instanceof Inet6Address == six) {
        return address;
      }
    }
    return allowed[0];
  }

  /** {@code replace(name)}: puts {@code _guarded} of the main module into the type. */
  private static Object replace(Value... arguments) {
    PythonContext python = PythonContext.get(null);
    Object method = python.getMainModule().getAttribute(PythonUtils.tsLiteral("_guarded"));
    WriteAttributeToPythonObjectNode.executeUncached(
        python.lookupType(PythonBuiltinClassType.PSocket),
        PythonUtils.toTruffleStringUncached(arguments[0].asString()),
        method);
    return true;
  }
}
