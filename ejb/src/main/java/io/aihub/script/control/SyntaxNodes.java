package io.aihub.script.control;

import com.oracle.graal.python.pegparser.sst.SSTNode;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Walks GraalPy's syntax trees, whose nodes keep their children in public fields. */
final class SyntaxNodes {

  private static final ClassValue<List<Field>> CHILDREN =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return Arrays.stream(type.getFields())
              .filter(field -> !Modifier.isStatic(field.getModifiers()))
              .filter(field -> isNode(field.getType()))
              .toList();
        }
      };

  private SyntaxNodes() {}

  private static boolean isNode(Class<?> type) {
    return SSTNode.class.isAssignableFrom(type.isArray() ? type.getComponentType() : type);
  }

  /** The nodes of an array, which the parser leaves out where there are none. */
  static <T> List<T> list(T[] nodes) {
    return nodes == null ? List.of() : Arrays.asList(nodes);
  }

  /** Hands over each node right below this one. */
  static void children(SSTNode node, Consumer<SSTNode> visitor) {
    try {
      for (Field field : CHILDREN.get(node.getClass())) {
        Object value = field.get(node);
        if (value instanceof SSTNode child) {
          visitor.accept(child);
        } else if (value != null) {
          for (int i = 0; i < Array.getLength(value); i++) {
            if (Array.get(value, i) instanceof SSTNode child) {
              visitor.accept(child);
            }
          }
        }
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a public field of the parser can't be read", e);
    }
  }
}
