package io.unicoredask.cluster.keeper;

import io.unicoredask.cluster.LogContext;
import io.unicoredask.cluster.identity.HandsOffException;
import io.unicoredask.dask.SchedulerHttpException;
import io.unicoredask.unicore.UnicoreException;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks after one cluster: sees how it is, decides what is to be done, puts that on record, does it
 * and tells those who wait. The only one that writes its record.
 *
 * <p>What was done is put on record before anything else is, however often that takes.
 */
class ClusterKeeper implements Keeper {

  private final String id;
  private final Keeping keeping;
  private final Outage outage;
  private final ClusterLog words;

  private final News news = new News();
  private final Hints hints = new Hints();
  private final Rhythm rhythm;

  /** Read by those as well who count clusters. */
  private volatile Cluster cluster;

  private volatile Demand demand;

  /** What the engine has the log say of it. */
  private volatile Map<String, String> log;

  private Recollection recollection = Recollection.NONE;
  private List<Result> results = List.of();
  private Hands hands;

  /** What follows the last look, if it was one. */
  private Rhythm.Then then = Rhythm.Then.TIME;

  /** When it was last looked at. */
  private Instant looked = Instant.EPOCH;

  /** Whether people know what follows from the record. */
  private boolean isTold;

  /** What they know that another node may say otherwise. */
  private final Map<String, Object> toldByAnother = new HashMap<>();

  /** Whether it is unknown what the database has of what was written last. */
  private boolean unsure;

  private volatile boolean changed;
  private volatile boolean stirred;
  private volatile long known;

  /** The keeper of a cluster that has just begun, or of which no more is known. */
  ClusterKeeper(Recorded recorded, Keeping keeping) {
    this(recorded, keeping, new Outage(name(recorded), keeping), false);
  }

  private ClusterKeeper(Recorded recorded, Keeping keeping, Outage outage, boolean isTold) {
    this.id = recorded.cluster().id();
    this.cluster = recorded.cluster();
    this.demand = recorded.demand();
    this.known = recorded.changed();
    this.log = recorded.log();
    this.keeping = keeping;
    this.rhythm = new Rhythm(id, keeping);
    this.outage = outage;
    this.isTold = isTold;
    this.words = new ClusterLog(id);
  }

  /**
   * The keeper of a cluster that another looked after until now, which has told people what follows
   * from the record together with the record.
   *
   * @param incidents the executions at which an incident is open
   * @param told what people were told last, of the variables that do not follow from the record
   *     alone
   */
  static ClusterKeeper takingOver(
      Recorded recorded, Keeping keeping, Set<String> incidents, Map<String, Object> told) {
    Cluster cluster = recorded.cluster();
    ClusterKeeper keeper =
        new ClusterKeeper(
            recorded,
            keeping,
            Outage.takenOver(name(recorded), keeping, recorded.demand(), incidents),
            cluster.scheduler() != null || cluster.allocation() != null);
    Outputs.OF_THIS_NODE.forEach(name -> keeper.toldByAnother.put(name, told.get(name)));
    keeper.news.areTold(Collections.singletonMap(News.PROGRESS, told.get(News.PROGRESS)));
    return keeper;
  }

  private static String name(Recorded recorded) {
    return "Cluster " + recorded.cluster().id();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String site() {
    return cluster.site();
  }

  @Override
  public KeeperListener.Kind kind() {
    return KeeperListener.Kind.CLUSTER;
  }

  @Override
  public Map<String, String> logContext() {
    Map<String, String> all = new HashMap<>(log);
    all.put(LogContext.CLUSTER, id);
    all.put(LogContext.SITE, site());
    return all;
  }

  Cluster cluster() {
    return cluster;
  }

  Demand demand() {
    return demand;
  }

  /** Notes that the engine has changed it. */
  void isChanged() {
    changed = true;
  }

  /** Whether the engine has changed it since it was read last. */
  boolean isOlderThan(long change) {
    return known != change && !changed;
  }

  /** Notes that more is known of it than before. */
  void isStirred() {
    stirred = true;
  }

  @Override
  public boolean hints(String site, URI job) {
    return hints.add(site, job, cluster);
  }

  @Override
  public Next turn() {
    try {
      return reconcile() ? next(changed ? Rhythm.Then.NOTHING : then) : rhythm.none(cluster.site());
    } catch (Superseded e) {
      changed = true;
      return Next.in(keeping.pace().shortest(), false);
    } catch (Throwable e) {
      // Whatever it was, the cluster is still to be looked after.
      if (!Outage.isOfTheSite(e)) {
        unsure = true;
        changed = true;
      }
      if (!outage.isSaid(e, this::outage)) {
        changed = true;
      }
      return next(then == Rhythm.Then.NOTHING ? Rhythm.Then.TIME : then);
    }
  }

  private Next next(Rhythm.Then then) {
    return rhythm.next(then, cluster, demand, recollection, looked);
  }

  /** Sees, decides and acts. Returns whether there is still a cluster. */
  private boolean reconcile() {
    then = Rhythm.Then.TIME;
    if (changed && !read()) {
      keeping.tunnels().close(id);
      return false;
    }
    if (!results.isEmpty()) {
      settle();
    }
    if (demand.waiting().stream().allMatch(Waiting::isAside)) {
      return true;
    }
    if (stirred) {
      stirred = false;
      rhythm.reset();
    }
    Hands at = hands();
    looked = keeping.now();
    Observation seen = at.observer().look(cluster, demand, looked);
    Decision decision = Decisions.decide(cluster, demand, recollection, seen);
    then = then(seen, decision);
    if (decision.actions().stream().anyMatch(Action::isAtTheSite)) {
      // What could not be done then is not put on record as wanted either.
      keeping.permit().require(cluster.site());
    }
    decision.cluster().newlyWantedSince(cluster).forEach(at.actor()::isWanted);
    write(decision, decision.actions());
    if (!decision.actions().isEmpty()) {
      keeping.acts();
      results = at.actor().act(cluster, demand.request(), decision.actions(), this::hasActedEnough);
      settle();
    }
    return true;
  }

  private Rhythm.Then then(Observation seen, Decision decision) {
    if (decision.isFound()) {
      return Rhythm.Then.NOTHING;
    }
    boolean isQuiet = seen.quiet() && decision.isSettled() && decision.cluster().equals(cluster);
    return isQuiet ? Rhythm.Then.NEWS : Rhythm.Then.TIME;
  }

  private boolean hasActedEnough() {
    if (changed || !keeping.mayAct()) {
      return true;
    }
    try {
      keeping.permit().require(cluster.site());
      return false;
    } catch (HandsOffException | UnicoreException e) {
      // The next turn says so.
      return true;
    }
  }

  private boolean read() {
    changed = false;
    Optional<Recorded> found = keeping.records().find(id);
    found.ifPresent(
        recorded -> {
          demand = recorded.demand();
          known = recorded.changed();
          log = recorded.log();
          if (unsure) {
            readAnew(recorded.cluster());
          } else {
            rhythm.reset();
          }
          keeping.aside(this, demand);
        });
    return found.isPresent();
  }

  /** A transaction that failed may have been committed all the same. */
  private void readAnew(Cluster recorded) {
    unsure = false;
    cluster = recorded;
    news.forget();
    isTold = false;
    hands = null;
  }

  private Hands hands() {
    if (hands == null) {
      hands = Hands.of(cluster, keeping, hints);
      if (isTold) {
        news.areTold(
            Outputs.of(cluster, keeping.tunnels().publicHost(), hands.site().unicore()::resolve));
        news.areTold(toldByAnother);
      }
    }
    return hands;
  }

  /** Puts down what was done. */
  private void settle() {
    Observation now = Observation.at(keeping.now());
    Decision decision = Decisions.after(cluster, demand, recollection, results, now);
    describe(decision);
    write(decision, List.of());
    boolean isSubmitting =
        results.stream().anyMatch(Result.Submitted.class::isInstance)
            && results.stream().noneMatch(Result.Postponed.class::isInstance);
    if (isSubmitting) {
      then = Rhythm.Then.NOTHING; // there may be more to submit
    }
    results = List.of();
  }

  /** What was submitted, for those who look for a fault. */
  private void describe(Decision decision) {
    if (demand.request().debug()) {
      Descriptions.submitted(
              results, purpose -> hands().actor().shown(cluster, demand.request(), purpose))
          .forEach(decision::output);
    }
  }

  private void write(Decision decision, List<Action> ahead) {
    boolean isTried = !ahead.isEmpty();
    Map<String, Object> outputs =
        news.of(
            decision,
            isSilent(decision, isTried),
            keeping.tunnels().publicHost(),
            hands().site().unicore()::resolve);
    boolean isNew =
        !decision.cluster().equals(cluster)
            || !decision.outcomes().isEmpty()
            || !decision.begun().isEmpty();
    if (!keeping.mayAct()) {
      throw new Superseded();
    }
    if (isNew || !outputs.isEmpty()) {
      keeping
          .records()
          .write(
              new Writing(
                  cluster, decision.cluster(), decision.begun(), outputs, decision.outcomes()));
    }
    if (demand.request().debug() && (isNew || !outputs.isEmpty())) {
      words.step(demand, cluster, decision, hands().site().unicore()::resolve);
    }
    words.warnings(cluster, decision.cluster());
    words.failures(decision);
    news.areTold(outputs);
    if (isNew) {
      rhythm.reset();
    }
    cluster = decision.cluster();
    recollection = decision.recollection();
    demand = demand.after(decision);
    if (!decision.outcomes().isEmpty()) {
      changed = true;
    }
    if (decision.obstacle().isPresent()) {
      outage(decision.obstacle().get());
    } else if (!isTried) {
      demand.execution().ifPresent(outage::isOver);
    }
  }

  /** Somebody's credential that is no good keeps connections from being forwarded, too. */
  private Throwable underlying(Throwable failure) {
    return hands != null && failure instanceof SchedulerHttpException
        ? hands.site().unicore().userCredentialProblem().<Throwable>map(e -> e).orElse(failure)
        : failure;
  }

  /** What keeps it from going on stays said while it is only tried again. */
  private boolean isSilent(Decision decision, boolean isTried) {
    boolean isAsBefore = decision.isNoteAsBefore() && decision.obstacle().isEmpty();
    return isAsBefore || outage.isOn() && isTried;
  }

  private void outage(Throwable failure) {
    Throwable reason = underlying(failure);
    Optional<String> execution = demand.execution();
    if (execution.isPresent() && outage.goesOn(reason, execution.get(), keeping.now())) {
      String note = String.valueOf(reason.getMessage());
      Map<String, Object> outputs = Map.of(News.PROGRESS, note);
      if (!news.isTold(News.PROGRESS, note)) {
        keeping.records().write(new Writing(cluster, cluster, Set.of(), outputs, Map.of()));
        news.areTold(outputs);
      }
    }
  }
}
