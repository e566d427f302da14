package io.aihub.project.boundary;

import io.aihub.identity.control.UserRepository;
import io.aihub.project.api.NewProject;
import io.aihub.project.api.ProjectView;
import io.aihub.project.control.ProjectRepository;
import io.aihub.project.entity.ResearchProject;
import io.aihub.shared.ConflictException;
import io.aihub.shared.InputCheck;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import java.util.List;

/** The list of R&D projects (研发项目) that the task form offers. */
@Stateless
public class ProjectService {

  @Inject private ProjectRepository projects;
  @Inject private UserRepository users;

  /** Adds a project; only admins may. */
  public ProjectView create(String actor, NewProject form) {
    users.admin(actor);
    InputCheck check = new InputCheck();
    String name = check.requiredText("name", form.name(), 64);
    check.finish();
    if (projects.find(name).isPresent()) {
      throw new ConflictException("project.exists", name);
    }
    ResearchProject project = new ResearchProject(name);
    projects.add(project);
    return view(project);
  }

  /** All projects by name. */
  public List<ProjectView> list() {
    return projects.all().stream().map(ProjectService::view).toList();
  }

  private static ProjectView view(ResearchProject project) {
    return new ProjectView(project.id(), project.name());
  }
}
