package io.aihub.web.identity;

import io.aihub.fleet.boundary.MachineAuthentication;
import jakarta.inject.Inject;
import jakarta.security.auth.message.config.AuthConfigFactory;
import jakarta.security.auth.message.config.AuthConfigProvider;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/**
 * Puts {@link MachineAuthModule} before the module that Jakarta Security has registered when the
 * application started; that one is taken out with the application, and this one with it.
 */
@WebListener
public class MachineAuthInstaller implements ServletContextListener {

  @Inject private MachineAuthentication machines;

  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    String application = context.getVirtualServerName() + " " + context.getContextPath();
    AuthConfigFactory factory = AuthConfigFactory.getFactory();
    AuthConfigProvider others =
        factory.getConfigProvider(MachineAuthModule.LAYER, application, null);
    factory.registerServerAuthModule(new MachineAuthModule(machines, others, application), context);
  }
}
