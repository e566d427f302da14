package io.aihub.web.task.soap;

import io.aihub.task.api.IndexCharset;
import io.aihub.tryout.api.NewTryOut;
import jakarta.xml.bind.annotation.XmlElement;
import jakarta.xml.bind.annotation.XmlType;
import java.util.List;

/** The wish to try a script out; the elements are those of {@code NewTryOut}. */
@XmlType(name = "NewTryOut")
public class NewTryOutType {

  @XmlElement(required = true)
  private String scriptSha256;

  @XmlElement(required = true)
  private String machineTag;

  @XmlElement(required = true)
  private String indexAddress;

  private IndexCharsetType indexCharset;
  private Integer lines;
  private List<String> allowedHost;
  private Boolean javaWire;

  protected NewTryOutType() {} // for JAXB

  NewTryOut toForm() {
    return new NewTryOut(
        scriptSha256,
        machineTag,
        indexAddress,
        indexCharset == null ? null : IndexCharset.valueOf(indexCharset.name()),
        lines,
        allowedHost,
        javaWire);
  }
}
