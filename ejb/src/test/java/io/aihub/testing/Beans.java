package io.aihub.testing;

import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.spi.PersistenceUnitTransactionType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.persistence.config.PersistenceUnitProperties;
import org.eclipse.persistence.jpa.PersistenceProvider;

/**
 * Puts services together as the container does, on a real database: every {@code @Inject} by its
 * class, one entity manager a transaction. A transaction is what {@link #inTransaction} runs.
 */
public final class Beans implements AutoCloseable {

  private final EntityManagerFactory factory;
  private static final ThreadLocal<EntityManager> CURRENT = new ThreadLocal<>();
  private final Map<Class<?>, Object> beans = new HashMap<>();

  /** Builds beans on {@code database} with {@code clock}. */
  public Beans(TestDatabase database, Clock clock) {
    factory =
        new PersistenceProvider()
            .createEntityManagerFactory(
                "aihub",
                Map.of(
                    PersistenceUnitProperties.TRANSACTION_TYPE,
                    PersistenceUnitTransactionType.RESOURCE_LOCAL.name(),
                    PersistenceUnitProperties.JTA_DATASOURCE,
                    "",
                    PersistenceUnitProperties.NON_JTA_DATASOURCE,
                    database.dataSource()));
    beans.put(Clock.class, clock);
    beans.put(EntityManager.class, currentEntityManager());
  }

  /** The one bean of a class. */
  public <T> T get(Class<T> type) {
    Object bean = beans.get(type);
    if (bean == null) {
      bean = make(type);
      beans.put(type, bean);
      inject(bean);
    }
    return type.cast(bean);
  }

  /** Has {@code bean} stand for a class that is not made here. */
  public <T> Beans with(Class<T> type, T bean) {
    beans.put(type, bean);
    return this;
  }

  /** Runs {@code work} in a transaction of its own, which an exception rolls back. */
  public <T> T inTransaction(Supplier<T> work) {
    EntityManager entities = factory.createEntityManager();
    CURRENT.set(entities);
    try {
      entities.getTransaction().begin();
      T result = work.get();
      entities.getTransaction().commit();
      return result;
    } finally {
      if (entities.getTransaction().isActive()) {
        entities.getTransaction().rollback();
      }
      entities.close();
      CURRENT.remove();
    }
  }

  @Override
  public void close() {
    factory.close();
  }

  private EntityManager currentEntityManager() {
    return (EntityManager)
        Proxy.newProxyInstance(
            Beans.class.getClassLoader(),
            new Class<?>[] {EntityManager.class},
            (proxy, method, arguments) -> {
              try {
                return method.invoke(CURRENT.get(), arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Object make(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no bean of " + type, e);
    }
  }

  private void inject(Object bean) {
    for (Field field : bean.getClass().getDeclaredFields()) {
      if (field.isAnnotationPresent(Inject.class)
          || field.isAnnotationPresent(PersistenceContext.class)) {
        field.setAccessible(true);
        try {
          field.set(bean, get(field.getType()));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
