package io.aihub.web.task.soap;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.GregorianCalendar;
import javax.xml.datatype.DatatypeConfigurationException;
import javax.xml.datatype.DatatypeConstants;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.datatype.XMLGregorianCalendar;

/** Moments as {@code xsd:dateTime}; one without a zone is taken as UTC. */
final class XmlTime {

  private XmlTime() {}

  static XMLGregorianCalendar of(Instant moment) {
    try {
      return moment == null
          ? null
          : DatatypeFactory.newInstance()
              .newXMLGregorianCalendar(GregorianCalendar.from(moment.atZone(ZoneOffset.UTC)));
    } catch (DatatypeConfigurationException e) {
      throw new IllegalStateException("every Java platform has XML data types", e);
    }
  }

  static Instant toInstant(XMLGregorianCalendar time) {
    if (time == null) {
      return null;
    }
    XMLGregorianCalendar zoned = (XMLGregorianCalendar) time.clone();
    if (zoned.getTimezone() == DatatypeConstants.FIELD_UNDEFINED) {
      zoned.setTimezone(0);
    }
    return zoned.toGregorianCalendar().toInstant();
  }
}
