package io.aihub.client.script;

import com.oracle.graal.python.PythonLanguage;
import com.oracle.graal.python.builtins.modules.MarshalModuleBuiltins;
import com.oracle.graal.python.nodes.bytecode_dsl.BytecodeDSLCodeUnit;
import com.oracle.graal.python.nodes.bytecode_dsl.PBytecodeDSLRootNode;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The functions that GraalPy remembers for as long as its engine lives, so that contexts share what
 * they import. It remembers those that scripts compile as well, which nobody shares: a megabyte for
 * each context of a large script. There is no hook for it; a run of some hundred contexts tells
 * where a new version of GraalPy differs. Thread-safe.
 */
final class CompiledCode {

  private final Map<?, ?> remembered;
  private final Field supplier;
  private final Set<Object> ours = Collections.newSetFromMap(new IdentityHashMap<>());

  private CompiledCode(PythonLanguage language) {
    try {
      Field functions = PythonLanguage.class.getDeclaredField("runtimeCachedRootNodes");
      functions.setAccessible(true);
      remembered = (Map<?, ?>) functions.get(language);
      supplier = BytecodeDSLCodeUnit.class.getDeclaredField("supplier");
      supplier.setAccessible(true);
    } catch (ReflectiveOperationException changed) {
      throw new IllegalStateException("this GraalPy keeps its functions elsewhere", changed);
    }
    ours.addAll(remembered.values());
  }

  /**
   * Of the engine whose context this thread has entered: the first one, and no script has run yet.
   * What is remembered now is the client's own and stays.
   */
  static CompiledCode ofCurrentEngine() {
    return new CompiledCode(PythonLanguage.get(null));
  }

  /**
   * Forgets what was compiled from source since the start. Where a context still runs, it has its
   * functions all the same.
   */
  void forget() {
    remembered.values().removeIf(root -> isOfScripts(root) && !ours.contains(root));
  }

  private boolean isOfScripts(Object root) {
    try {
      return root instanceof PBytecodeDSLRootNode function
          && !(supplier.get(function.getCodeUnit())
              instanceof MarshalModuleBuiltins.BytecodeSupplier);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
