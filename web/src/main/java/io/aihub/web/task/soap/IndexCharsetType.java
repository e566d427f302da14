package io.aihub.web.task.soap;

import jakarta.xml.bind.annotation.XmlEnum;
import jakarta.xml.bind.annotation.XmlType;

/**
 * The charset of an index file. The constants are those of {@link io.aihub.task.api.IndexCharset}.
 */
@XmlEnum
@XmlType(name = "IndexCharset")
public enum IndexCharsetType {
  UTF_8,
  GB18030
}
