package io.aihub.project.entity;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;

/** An R&D project (研发项目) that a task may be booked to; admins keep the list. */
@Entity
@Table(name = "research_project")
public class ResearchProject {

  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "research_project_seq")
  @SequenceGenerator(
      name = "research_project_seq",
      sequenceName = "research_project_seq",
      allocationSize = 1)
  private Long id;

  private String name;

  protected ResearchProject() {} // for JPA

  public ResearchProject(String name) {
    this.name = name;
  }

  public Long id() {
    return id;
  }

  public String name() {
    return name;
  }
}
