package io.aihub.project.control;

import io.aihub.project.entity.ResearchProject;
import io.aihub.shared.ConflictException;
import io.aihub.shared.UniqueViolation;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.Optional;

/** The R&D projects in the database. */
@ApplicationScoped
public class ProjectRepository {

  @PersistenceContext private EntityManager entities;

  public Optional<ResearchProject> find(String name) {
    return entities
        .createQuery("select p from ResearchProject p where p.name = :name", ResearchProject.class)
        .setParameter("name", name)
        .getResultStream()
        .findFirst();
  }

  public List<ResearchProject> all() {
    return entities
        .createQuery("select p from ResearchProject p order by p.name", ResearchProject.class)
        .getResultList();
  }

  /**
   * Keeps a new project.
   *
   * @throws ConflictException where the name is taken
   */
  public void add(ResearchProject project) {
    UniqueViolation.translate(
        () -> {
          entities.persist(project);
          entities.flush();
        },
        () -> new ConflictException("project.exists", project.name()));
  }
}
