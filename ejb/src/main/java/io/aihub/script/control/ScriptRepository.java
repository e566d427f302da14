package io.aihub.script.control;

import io.aihub.script.entity.ScriptVersion;
import io.aihub.shared.Page;
import io.aihub.shared.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;

/** The script versions in the database. */
@ApplicationScoped
public class ScriptRepository {

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  @PersistenceContext private EntityManager entities;

  public Optional<ScriptVersion> find(String sha256) {
    if (sha256 == null || !SHA256.matcher(sha256).matches()) {
      return Optional.empty();
    }
    return Optional.ofNullable(entities.find(ScriptVersion.class, sha256));
  }

  /** Keeps a version; where it is there already, by whomever, that one stays as it is. */
  public ScriptVersion keep(ScriptVersion script) {
    entities
        .createNativeQuery(
            """
            insert into script_version
              (sha256, name, source, note, author_id, created_at, requirements_sha256)
            values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (sha256) do nothing
            """)
        .setParameter(1, script.sha256())
        .setParameter(2, script.name())
        .setParameter(3, script.source())
        .setParameter(4, script.note())
        .setParameter(5, script.author().id())
        .setParameter(6, script.createdAt().atOffset(ZoneOffset.UTC))
        .setParameter(7, script.requirements() == null ? null : script.requirements().sha256())
        .executeUpdate();
    return entities.find(ScriptVersion.class, script.sha256());
  }

  /** Newest first. */
  public Page<ScriptVersion> page(PageRequest page) {
    return new Page<>(
        entities
            .createQuery(
                "select s from ScriptVersion s join fetch s.author"
                    + " left join fetch s.requirements order by s.createdAt desc, s.sha256",
                ScriptVersion.class)
            .setFirstResult(page.offset())
            .setMaxResults(page.limit())
            .getResultList(),
        page.offset(),
        entities.createQuery("select count(s) from ScriptVersion s", Long.class).getSingleResult());
  }
}
