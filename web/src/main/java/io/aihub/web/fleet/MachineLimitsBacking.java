package io.aihub.web.fleet;

import io.aihub.queue.boundary.LimitService;
import io.aihub.shared.BusinessException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Notices;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Map;

/** How many machines of a tag work at a time; for admins. */
@Named("machineLimits")
@RequestScoped
public class MachineLimitsBacking {

  @Inject private LimitService limits;
  @Inject private CurrentUser user;
  @Inject private Notices notices;

  private String tag;
  private Integer maxMachines;

  /** Limited tags alone. */
  public List<Map.Entry<String, Integer>> getRows() {
    return List.copyOf(limits.machineLimits().entrySet());
  }

  public void save() {
    try {
      limits.limitMachines(user.getUsername(), tag, maxMachines);
      notices.done("machines.limit.done", tag);
      tag = null;
      maxMachines = null;
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
  }

  public String getTag() {
    return tag;
  }

  public void setTag(String tag) {
    this.tag = tag;
  }

  /** Null for all. */
  public Integer getMaxMachines() {
    return maxMachines;
  }

  public void setMaxMachines(Integer maxMachines) {
    this.maxMachines = maxMachines;
  }
}
