package io.aihub.web.task.soap;

import io.aihub.shared.InvalidException;
import jakarta.jws.WebMethod;
import jakarta.jws.WebParam;
import jakarta.xml.bind.annotation.XmlType;
import jakarta.xml.soap.SOAPException;
import jakarta.xml.ws.WebServiceException;
import jakarta.xml.ws.handler.MessageContext;
import jakarta.xml.ws.handler.soap.SOAPHandler;
import jakarta.xml.ws.handler.soap.SOAPMessageContext;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.datatype.DatatypeConfigurationException;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;
import javax.xml.namespace.QName;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Finds what JAXB would pass over in a request: elements that the operation doesn't have, and
 * values that aren't of their type, for which it has nothing or 0. Both may be what a script is
 * forbidden.
 */
public class RequestElements implements SOAPHandler<SOAPMessageContext> {

  /** Property of a message: the first element that is wrong, as an {@link InvalidException}. */
  static final String WRONG = RequestElements.class.getName() + ".wrong";

  private static final Set<String> FLAGS = Set.of("true", "false", "1", "0");
  private static final Map<String, Map<String, Class<?>>> OPERATIONS = new HashMap<>();

  static {
    for (Method method : DownloadTaskEndpoint.class.getDeclaredMethods()) {
      if (method.isAnnotationPresent(WebMethod.class)) {
        Map<String, Class<?>> elements = new HashMap<>();
        for (Parameter parameter : method.getParameters()) {
          elements.put(
              parameter.getAnnotation(WebParam.class).name(),
              single(parameter.getParameterizedType()));
        }
        OPERATIONS.put(method.getName(), elements);
      }
    }
  }

  /** The type of one element of a parameter or field that may be a list. */
  private static Class<?> single(Type type) {
    return (Class<?>)
        (type instanceof ParameterizedType list ? list.getActualTypeArguments()[0] : type);
  }

  private static Map<String, Class<?>> fields(Class<?> form) {
    Map<String, Class<?>> elements = new HashMap<>();
    for (Field field : form.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        elements.put(field.getName(), single(field.getGenericType()));
      }
    }
    return elements;
  }

  @Override
  public boolean handleMessage(SOAPMessageContext message) {
    if (!Boolean.TRUE.equals(message.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY))) {
      try {
        check(message.getMessage().getSOAPBody());
      } catch (InvalidException wrong) {
        message.put(WRONG, wrong);
        message.setScope(WRONG, MessageContext.Scope.APPLICATION);
      } catch (SOAPException unreadable) {
        throw new WebServiceException(unreadable);
      }
    }
    return true;
  }

  private static void check(Element body) {
    for (Node node = body.getFirstChild(); node != null; node = node.getNextSibling()) {
      Map<String, Class<?>> elements = OPERATIONS.get(node.getLocalName());
      if (elements != null) {
        check((Element) node, elements);
      }
    }
  }

  private static void check(Element parent, Map<String, Class<?>> elements) {
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        String name = element.getLocalName();
        Class<?> type =
            DownloadTaskEndpoint.NAMESPACE.equals(element.getNamespaceURI())
                ? elements.get(name)
                : null;
        if (type == null) {
          throw new InvalidException(name, "request.element.unknown", name);
        }
        if (!type.isEnum() && type.isAnnotationPresent(XmlType.class)) {
          check(element, fields(type));
        } else if (!isOf(type, element)) {
          throw new InvalidException(name, "request.element.value", name);
        }
      }
    }
  }

  private static boolean isOf(Class<?> type, Element element) {
    String text = element.getTextContent().strip();
    if (element.getElementsByTagName("*").getLength() > 0) {
      return false;
    }
    if (text.isEmpty()
        || element.hasAttributeNS(XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI, "nil")) {
      return true; // not given
    }
    try {
      if (type == Boolean.class) {
        return FLAGS.contains(text);
      } else if (type == Integer.class) {
        Integer.parseInt(text);
      } else if (type == Long.class || type == long.class) {
        Long.parseLong(text);
      } else if (type == XMLGregorianCalendar.class) {
        DatatypeFactory.newInstance().newXMLGregorianCalendar(text);
      } else if (type.isEnum()) {
        return Arrays.stream(type.getEnumConstants()).anyMatch(one -> one.toString().equals(text));
      }
      return true;
    } catch (IllegalArgumentException other) {
      return false;
    } catch (DatatypeConfigurationException e) {
      throw new IllegalStateException("every Java platform has one", e);
    }
  }

  @Override
  public boolean handleFault(SOAPMessageContext message) {
    return true;
  }

  @Override
  public void close(MessageContext message) {
    // nothing is kept
  }

  @Override
  public Set<QName> getHeaders() {
    return Set.of();
  }
}
