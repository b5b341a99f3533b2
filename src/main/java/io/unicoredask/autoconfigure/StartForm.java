package io.unicoredask.autoconfigure;

import io.unicoredask.cluster.request.Allowed;
import io.unicoredask.cluster.request.ClusterVariable;
import io.unicoredask.cluster.request.Variable;
import io.unicoredask.cluster.request.VariableGroup;
import io.unicoredask.cluster.site.Quota;
import io.unicoredask.cluster.site.Site;
import io.unicoredask.cluster.site.SiteDefaults;
import io.unicoredask.cluster.site.SiteLimits;
import io.unicoredask.cluster.site.Sites;
import io.unicoredask.unicore.SiteOffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a form needs to ask somebody for a cluster: the sites, with what is known of them, and the
 * variables, with what is allowed. No site is asked for it.
 */
final class StartForm {

  private StartForm() {}

  /**
   * All of it, for JSON; what there is nothing to say of is not there.
   *
   * @param user who is to be asked; null if it is not known
   */
  static Map<String, Object> of(Sites sites, String user) {
    return Map.of(
        "sites", sites.names().stream().map(sites::get).map(site -> site(site, user)).toList(),
        "variables",
            Arrays.stream(ClusterVariable.values())
                .map(ClusterVariable::variable)
                .map(StartForm::variable)
                .toList());
  }

  private static Map<String, Object> site(Site site, String user) {
    SiteDefaults defaults = site.defaults();
    SiteLimits limits = site.limits();
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", site.unicore().name());
    shown.put("queues", queues(site));
    shown.put("projects", sorted(limits.projects(), defaults.project()));
    shown.put("templates", sorted(defaults.templates().keySet(), null));
    shown.put("defaults", defaults(defaults));
    shown.put("limits", limits(limits));
    if (site.isUsedUnderOwnNames()) {
      put(shown, "problem", site.problem(user).orElse(null));
    }
    return shown;
  }

  /** Those that may be asked for, as far as they are known. */
  private static List<String> queues(Site site) {
    Set<String> allowed = site.limits().queues();
    Set<String> offered = site.catalogue().known().map(SiteOffer::queues).orElse(Set.of());
    if (allowed.isEmpty()) {
      return sorted(offered, site.defaults().queue());
    }
    return sorted(
        allowed.stream().filter(one -> offered.isEmpty() || offered.contains(one)).toList(), null);
  }

  private static List<String> sorted(Collection<String> names, String more) {
    Set<String> all = new TreeSet<>(names);
    if (more != null) {
      all.add(more);
    }
    return List.copyOf(all);
  }

  private static Map<String, Object> defaults(SiteDefaults defaults) {
    Map<String, Object> shown = new LinkedHashMap<>();
    put(shown, "queue", defaults.queue());
    put(shown, "project", defaults.project());
    put(shown, "schedulerJob", defaults.schedulerJob());
    put(shown, "workerJob", defaults.workerJob());
    return shown;
  }

  private static Map<String, Object> limits(SiteLimits limits) {
    Map<String, Object> shown = new LinkedHashMap<>();
    put(shown, "workers", limits.workers());
    put(shown, "jobs", limits.jobs());
    put(shown, "lifetime", limits.lifetime() == null ? null : limits.lifetime().toString());
    put(shown, "queues", limits.queues().isEmpty() ? null : sorted(limits.queues(), null));
    put(shown, "projects", limits.projects().isEmpty() ? null : sorted(limits.projects(), null));
    put(shown, "templatesOnly", limits.templatesOnly() ? true : null);
    put(shown, "perUser", limits.perUser().equals(Quota.NONE) ? null : quota(limits.perUser()));
    return shown;
  }

  private static Map<String, Object> quota(Quota quota) {
    Map<String, Object> shown = new LinkedHashMap<>();
    put(shown, "clusters", quota.clusters());
    put(shown, "workers", quota.workers());
    put(shown, "nodes", quota.nodes());
    put(shown, "nodeHours", quota.nodeHours());
    return shown;
  }

  private static Map<String, Object> variable(Variable variable) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", variable.name());
    shown.put("label", variable.label());
    shown.put("type", variable.type());
    put(shown, "default", variable.defaultValue());
    put(shown, "usual", variable.defaultInWords().isEmpty() ? null : variable.defaultInWords());
    shown.put("allowed", variable.allowedInWords());
    shown.put("text", variable.meaningInWords());
    shown.put("group", VariableGroup.of(variable).label());
    shown.put("refusal", variable.allowed().inRefusal());
    put(shown, "choices", choices(variable.allowed()));
    if (variable.allowed() instanceof Allowed.Range range) {
      shown.put("min", range.min());
      shown.put("max", range.max());
    }
    shown.put("input", input(variable));
    return shown;
  }

  private static List<String> choices(Allowed allowed) {
    return allowed instanceof Allowed.Choice choice
        ? choice.values()
        : allowed instanceof Allowed.Truth ? Stream.of("true", "false").toList() : null;
  }

  /** What kind of field takes it, and checks it. */
  private static String input(Variable variable) {
    if (variable.allowed() instanceof Allowed.Range) {
      return "number";
    }
    if (variable.allowed() instanceof Allowed.TimeSpan) {
      return "duration";
    }
    if (choices(variable.allowed()) != null) {
      return "choice";
    }
    return variable.type().startsWith("Json") ? "json" : "text";
  }

  private static void put(Map<String, Object> shown, String name, Object value) {
    if (value != null) {
      shown.put(name, value);
    }
  }
}
