package io.aihub.web.project;

import io.aihub.project.api.NewProject;
import io.aihub.project.api.ProjectView;
import io.aihub.project.boundary.ProjectService;
import io.aihub.shared.BusinessException;
import io.aihub.web.identity.CurrentUser;
import io.aihub.web.support.Notices;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;

/** The R&D projects (研发项目) that tasks may be booked to; for admins. */
@Named("projects")
@RequestScoped
public class ProjectsBacking {

  @Inject private ProjectService service;
  @Inject private CurrentUser user;
  @Inject private Notices notices;

  private List<ProjectView> rows;
  private String name;

  public List<ProjectView> getRows() {
    if (rows == null) {
      rows = service.list();
    }
    return rows;
  }

  public void add() {
    try {
      service.create(user.getUsername(), new NewProject(name));
      notices.done("projects.done", name);
      name = null;
    } catch (BusinessException refusal) {
      notices.refused(refusal);
    }
    rows = null;
  }

  public String getName() {
    return name;
  }

  public void setName(String name) {
    this.name = name;
  }
}
