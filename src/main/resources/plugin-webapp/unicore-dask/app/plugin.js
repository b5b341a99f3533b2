/*
 * Dask clusters in Cockpit: what each waits for on the diagram, a tab on its process instance, and a
 * list of all. A page of one's own can have the list and the panel of one cluster, too: renderClusters
 * and renderCluster need nothing of Cockpit but its API.
 *
 * Whatever comes from outside gets onto the page as text, never as HTML.
 */

/** Milliseconds from one look to the next. */
const SOON = 3000;
const LATER = 5000;
const SELDOM = 10000;
const WHEN_AWAY = 15000;

const LIVING = ["PENDING", "RUNNING", "STOPPING"];
const PAGE = 25;
const FEW_JOBS = 20;
const LAST_LINES = 200;

// ---------------------------------------------------------------------------------------- the engine

/** Why a call has failed, in a sentence. */
class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Whether it may be gone the next time. */
  get passes() {
    return this.status === 0 || this.status >= 500;
  }
}

/** The engine's REST API, as the web applications have it. */
class Engine {
  constructor(api) {
    this.api = api;
  }

  url(path) {
    return this.api.engineApi + path;
  }

  async get(path) {
    return (await this.call(path)).json();
  }

  async text(path) {
    return (await this.call(path)).text();
  }

  send(message, instance, variables) {
    return this.call("/message", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-XSRF-TOKEN": this.api.CSRFToken },
      body: JSON.stringify({
        messageName: message,
        processInstanceId: instance,
        processVariables: variables,
      }),
    });
  }

  async call(path, options = {}) {
    let answer;
    try {
      answer = await fetch(this.url(path), { credentials: "same-origin", ...options });
    } catch (e) {
      throw new Problem(0, "The engine does not answer. This page goes on trying.");
    }
    if (answer.ok) {
      return answer;
    }
    throw new Problem(answer.status, await reason(answer));
  }
}

async function reason(answer) {
  if (answer.status === 401) {
    return "Your login is over. Log in again, and reload this page.";
  }
  try {
    const { message } = await answer.json();
    if (message) {
      return message;
    }
  } catch (e) {
    // It is not the engine that has answered.
  }
  if (answer.status === 403) {
    return "You may not do this, or your login is over. Reload this page.";
  }
  return answer.status >= 500
    ? `The engine is in trouble (HTTP ${answer.status}). This page goes on trying.`
    : `The engine answers HTTP ${answer.status}.`;
}

/**
 * Does something now and again until it is stopped, and not while nobody looks. It returns after how
 * many milliseconds it is to be done again, or nothing if it is not.
 */
function repeat(work) {
  let timer = null;
  let stopped = false;
  let running = false;
  async function turn() {
    timer = null;
    if (stopped || running || document.hidden) {
      return;
    }
    running = true;
    const pause = await work();
    running = false;
    if (pause && !stopped && timer === null) {
      timer = setTimeout(turn, pause);
    }
  }
  function now() {
    clearTimeout(timer);
    turn();
  }
  function seen() {
    if (!document.hidden) {
      now();
    }
  }
  document.addEventListener("visibilitychange", seen);
  turn();
  return {
    now,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    },
  };
}

/** Who looks at which cluster: the tab and the diagram ask for it once together. */
const watched = new Map();

/** Tells a listener of an instance's cluster, or of a problem, whenever it is looked at. */
function watch(api, instance, listener) {
  const key = api.engineApi + " " + instance;
  let one = watched.get(key);
  if (!one) {
    one = { listeners: new Set(), last: null };
    watched.set(key, one);
    const engine = new Engine(api);
    const tell = (...news) => {
      one.last = news;
      one.listeners.forEach((tellOne) => tellOne(...news));
    };
    one.loop = repeat(async () => {
      try {
        const cluster = await engine.get(`/unicore-dask/clusters/${encodeURIComponent(instance)}`);
        tell(cluster, null);
        return { RUNNING: LATER, PENDING: SOON, STOPPING: SOON }[cluster.status];
      } catch (e) {
        tell(null, e);
        return e.passes || e.status === 404 ? WHEN_AWAY : undefined;
      }
    });
  }
  one.listeners.add(listener);
  if (one.last) {
    listener(...one.last);
  }
  return {
    now: () => one.loop.now(),
    stop() {
      one.listeners.delete(listener);
      if (one.listeners.size === 0) {
        one.loop.stop();
        watched.delete(key);
      }
    },
  };
}

// ------------------------------------------------------------------------------------- parts of pages

/** An element; texts among the children are texts, whatever is in them. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children);
  return node;
}

/** A place that is drawn anew only when what it shows is other than before; focus stays. */
function place(node, draw) {
  let last;
  return (data) => {
    const now = JSON.stringify(data === undefined ? null : data);
    if (now !== last) {
      last = now;
      const focused = node.contains(document.activeElement) ? document.activeElement : null;
      node.replaceChildren(...[draw(data)].flat().filter(Boolean));
      node.hidden = node.childNodes.length === 0;
      if (focused) {
        sameAs(focused, node)?.focus();
      }
    }
  };
}

function sameAs(other, within) {
  return [...within.querySelectorAll(other.tagName)].find(
    (one) => one.textContent === other.textContent && one.href === other.href,
  );
}

function button(text, onclick, attributes = {}) {
  return el("button", { type: "button", class: "ud-button", onclick, ...attributes }, text);
}

/** A link if it leads to a web page, else the text. */
function link(url, text) {
  return /^https?:\/\//.test(url)
    ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text)
    : el("span", {}, text);
}

function time(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) {
    return document.createTextNode(String(iso));
  }
  return el("time", { datetime: iso, title: at.toLocaleString() }, clock(at));
}

/** Today's without the date. */
function clock(at) {
  const hours = at.toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return at.toDateString() === new Date().toDateString()
    ? hours
    : `${at.toLocaleDateString()} ${hours}`;
}

function status(cluster) {
  const known = LIVING.concat("STOPPED", "FAILED").includes(cluster.status);
  return el(
    "span",
    { class: `ud-status ud-${known ? cluster.status.toLowerCase() : "stopped"}` },
    cluster.status,
  );
}

function nodeHours(cluster) {
  const hours = cluster.nodeHours || 0;
  return hours > 0 && hours < 0.01 ? "< 0.01" : hours.toFixed(2);
}

function workers(cluster) {
  const connected = cluster.connectedWorkers;
  return connected === undefined
    ? cluster.size || "–"
    : `${connected} connected${cluster.size ? `, ${cluster.size} wanted` : ""}`;
}

function title(cluster) {
  return cluster.name || cluster.id;
}

/** Says something that has gone wrong. */
function problemBox(problem) {
  return problem
    ? el(
        "p",
        { class: "ud-problem", role: "alert" },
        problem.message,
        " ",
        problem.status === 401 || problem.status === 403
          ? button("Reload", () => window.location.reload())
          : null,
      )
    : null;
}

// ------------------------------------------------------------------------------------------ one cluster

/**
 * Shows a process instance's cluster in a node, and what can be done with it.
 *
 * @param api as Cockpit hands it to plugins; its CSRFToken is read at each call
 * @param instance the id of the process instance
 * @param startAgain if given, called with a cluster that is over to start another like it
 * @param instanceLink if given, makes the URL of a process instance of its id
 * @return a function that ends it
 */
export function renderCluster(node, { api, instance, startAgain, instanceLink }) {
  const engine = new Engine(api);
  const root = el("div", { class: "unicore-dask ud-cluster" });
  node.append(root);
  const update = panel(root, { engine, startAgain, instanceLink, changed: () => look.now() });
  const look = watch(api, instance, update);
  return () => {
    look.stop();
    root.remove();
  };
}

/** Draws the parts of a panel; returns what tells them news. */
function panel(root, context) {
  const trouble = el("div");
  const body = el("div", { hidden: true });
  root.append(el("p", { class: "ud-quiet" }, "Looking for the cluster …"), trouble, body);
  const showTrouble = place(trouble, (one) => one && problemBox(one));
  const parts = [
    ["header", "", head, (c) => [c.name, c.id, c.status, c.progress]],
    ["div", "", waits, (c) => [c.waits, c.progress]],
    ["div", "", (c) => actions(c, context), (c) => [c.may, c.status, c.id]],
    ["div", "", failure, (c) => [c.errorCode, c.errorMessage, c.warnings]],
    ["section", "", addresses, (c) => [c.schedulerAddress, c.dashboardUrl]],
    [
      "section",
      "",
      (c) => facts(c, context),
      (c) => ({ ...c, ...UNLISTED, nodeHours: nodeHours(c) }),
    ],
    ["section", "", jobs(), (c) => c.jobs],
    ["section", "", chart, (c) => [c.workersOverTime, c.ended]],
    ["section", "", (c) => logs(c, context), (c) => [c.may && c.may.includes("logs"), c.id]],
  ].map(([tag, type, draw, of]) => {
    const part = el(tag, { class: type });
    body.append(part);
    let current;
    const show = place(part, () => draw(current));
    return (cluster) => {
      current = cluster;
      show(of(cluster));
    };
  });
  return (cluster, problem) => {
    root.firstChild.hidden = true;
    showTrouble(problem && { message: problem.message, status: problem.status });
    if (cluster) {
      body.hidden = false;
      parts.forEach((part) => part(cluster));
    }
  };
}

/** What changes without that the list of facts does. */
const UNLISTED = { waits: 0, jobs: 0, workersOverTime: 0, progress: 0, variables: 0, warnings: 0 };

function head(cluster) {
  return [
    el("h3", { class: "ud-title" }, title(cluster), " ", status(cluster)),
    el("p", { class: "ud-progress", "aria-live": "polite" }, cluster.progress || ""),
  ];
}

function failure(cluster) {
  return [
    cluster.errorCode || cluster.errorMessage
      ? el(
          "div",
          { class: "ud-problem" },
          el("strong", {}, cluster.errorCode || "Failed"),
          el("p", { class: "ud-reason" }, cluster.errorMessage || ""),
        )
      : null,
    cluster.warnings && cluster.warnings.length
      ? el(
          "ul",
          { class: "ud-warnings", "aria-label": "Warnings" },
          cluster.warnings.map((one) => el("li", {}, one)),
        )
      : null,
  ];
}

function addresses(cluster) {
  const all = [
    ["Dask clients", cluster.schedulerAddress],
    ["Dashboard", cluster.dashboardUrl],
  ].filter(([, url]) => url);
  return all.length === 0
    ? null
    : [
        el("h4", {}, "Addresses"),
        el(
          "dl",
          { class: "ud-facts" },
          all.map(([name, url]) => [
            el("dt", {}, name),
            el("dd", {}, el("code", {}, link(url, url)), " ", copyButton(name, url)),
          ]),
        ),
      ];
}

function copyButton(name, text) {
  const copy = button(
    "Copy",
    async () => {
      copy.textContent = (await isCopied(text, copy)) ? "Copied" : "Cannot copy";
      setTimeout(() => (copy.textContent = "Copy"), 2000);
    },
    { "aria-label": `Copy the address for ${name}`, class: "ud-button ud-small" },
  );
  return copy;
}

/** Browsers have a clipboard for pages that come over TLS or from this machine. */
async function isCopied(text, beside) {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = el("input", { value: text, "aria-hidden": true });
  beside.after(field);
  field.select();
  const copied = document.execCommand("copy");
  field.remove();
  beside.focus();
  return copied;
}

/** What its activities wait for. */
function waits(cluster) {
  const all = (cluster.waits || []).filter((one) => one.text !== cluster.progress);
  return all.length === 0
    ? null
    : el(
        "ul",
        { class: "ud-waits", "aria-label": "Waits" },
        all.map((one) =>
          el(
            "li",
            {},
            one.text,
            one.until ? [", expected ", time(one.until)] : null,
            el("span", { class: "ud-quiet" }, " since ", time(one.since)),
          ),
        ),
      );
}

function facts(cluster, { instanceLink }) {
  const living = LIVING.includes(cluster.status);
  const all = [
    ["Site", cluster.site],
    ["Started by", cluster.user],
    ["Workers", living ? workers(cluster) : cluster.size],
    ["Started", cluster.started && time(cluster.started)],
    ["Expected to start", living && cluster.expectedStart && time(cluster.expectedStart)],
    [living ? "Ready since" : "Ready", cluster.ready && time(cluster.ready)],
    ["Scheduler's time ends", living && cluster.schedulerEndsAt && time(cluster.schedulerEndsAt)],
    ["Ended", cluster.ended && time(cluster.ended)],
    ["Ended by", cluster.endedBy],
    ["Node hours", nodeHours(cluster)],
    [
      "Process instance",
      instanceLink && living ? el("a", { href: instanceLink(cluster.id) }, cluster.id) : cluster.id,
    ],
  ].filter(([, value]) => value);
  return el(
    "dl",
    { class: "ud-facts" },
    all.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]),
  );
}

/** Draws jobs, the first of many until all are asked for. */
function jobs() {
  const heads = ["Role", "Job", "State", "Reason", "Since", "Ends", "Workers"];
  let most = FEW_JOBS;
  return (cluster) => {
    const all = cluster.jobs || [];
    if (all.length === 0) {
      return null;
    }
    const rows = el("tbody", {}, all.slice(0, most).map(jobRow));
    const more = button(`Show all ${all.length} jobs`, () => {
      most = Infinity;
      rows.replaceChildren(...all.map(jobRow));
      more.remove();
    });
    return [
      el("h4", {}, "Jobs at the site"),
      table("Jobs at the site", heads, rows),
      all.length > most ? more : null,
    ];
  };
}

function jobRow(job) {
  const waits = job.state === "QUEUED" || job.state === "WANTED";
  const since = job.since
    ? time(job.since)
    : waits && job.start
      ? el("span", {}, "expected ", time(job.start))
      : "";
  return row([
    ["Role", job.role],
    ["Job", job.url ? link(job.url, job.id || job.url) : "not submitted yet"],
    ["State", job.state],
    ["Reason", job.reason || ""],
    ["Since", since],
    ["Ends", job.end ? time(job.end) : ""],
    ["Workers", job.workers === undefined ? "" : String(job.workers)],
  ]);
}

function table(label, heads, body) {
  return el(
    "table",
    { class: "ud-table", "aria-label": label },
    el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col" }, one)))),
    body,
  );
}

/** Its cells have their heads beside them where the window is narrow. */
function row(cells) {
  return el(
    "tr",
    {},
    cells.map(([name, value]) =>
      el("td", { "data-head": name, class: value === "" ? "ud-empty" : null }, value),
    ),
  );
}

/** Workers over time, connected ones and those that are wanted. */
function chart(cluster) {
  const counts = cluster.workersOverTime || [];
  if (counts.every((one) => one.connected + one.wanted === 0)) {
    return null;
  }
  const holder = el("div", { class: "ud-chart" });
  const draw = () => {
    if (holder.clientWidth > 0) {
      holder.replaceChildren(drawing(counts, cluster.ended, holder.clientWidth));
    }
  };
  new ResizeObserver(draw).observe(holder);
  return [el("h4", {}, "Workers over time"), holder];
}

function drawing(counts, ended, width) {
  const height = 140;
  const left = 34;
  const bottom = 22;
  const begin = Date.parse(counts[0].at);
  const end = Math.max(ended ? Date.parse(ended) : Date.now(), begin + 1000);
  const most = Math.max(1, ...counts.map((one) => Math.max(one.connected, one.wanted)));
  const x = (at) => left + ((Math.min(at, end) - begin) / (end - begin)) * (width - left - 8);
  const y = (count) => height - bottom - (count / most) * (height - bottom - 12);
  const steps = (of) => {
    let path = "";
    counts.forEach((one, i) => {
      path += `${i === 0 ? "M" : "H"}${x(Date.parse(one.at)).toFixed(1)}`;
      path += `${i === 0 ? "," : "V"}${y(of(one)).toFixed(1)}`;
    });
    return `${path}H${x(end).toFixed(1)}`;
  };
  const label = (text, at, anchor, down) =>
    svg("text", { x: at, y: down, "text-anchor": anchor, class: "ud-label" }, text);
  const last = counts[counts.length - 1];
  const inWords = `Workers over time: ${last.connected} of ${last.wanted} now, ${most} at the most`;
  const picture = svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": inWords },
    svg("path", { d: `M${left},${y(0)}H${width - 8}`, class: "ud-axis" }),
    svg("path", {
      d: `${steps((one) => one.connected)}V${y(0)}H${x(begin).toFixed(1)}Z`,
      class: "ud-area",
    }),
    svg("path", { d: steps((one) => one.wanted), class: "ud-wanted" }),
    svg("path", { d: steps((one) => one.connected), class: "ud-connected" }),
    label(String(most), left - 6, "end", y(most) + 4),
    label("0", left - 6, "end", y(0) + 4),
    label(clock(new Date(begin)), left, "start", height - 6),
    label(ended ? clock(new Date(end)) : "now", width - 8, "end", height - 6),
  );
  return el(
    "figure",
    {},
    picture,
    el(
      "figcaption",
      { class: "ud-legend" },
      el("span", { class: "ud-key ud-key-connected" }, "connected"),
      el("span", { class: "ud-key ud-key-wanted" }, "wanted"),
    ),
  );
}

// ----------------------------------------------------------------------------------- what can be done

function actions(cluster, { engine, startAgain, changed }) {
  const may = cluster.may || [];
  const said = el("div", { "aria-live": "polite" });
  const perform = async (message, variables, done) => {
    said.replaceChildren();
    try {
      await engine.send(message, cluster.id, variables);
      said.replaceChildren(el("p", { class: "ud-quiet" }, done));
    } catch (e) {
      said.replaceChildren(problemBox(e));
    }
    changed();
  };
  const buttons = [
    may.includes("scale") ? scale(cluster, perform) : null,
    may.includes("teardown")
      ? button("Tear down …", () =>
          askFirst(
            `Tear down ${title(cluster)}?`,
            "All its jobs are ended. What is in the memory of its workers is lost.",
            "Tear down",
            () => perform("dask-cluster-teardown", {}, "It is being torn down."),
          ),
        )
      : null,
    startAgain && !LIVING.includes(cluster.status)
      ? button("Start again with the same", () => startAgain(cluster))
      : null,
  ].filter(Boolean);
  return buttons.length === 0 ? null : [el("div", { class: "ud-buttons" }, buttons), said];
}

function scale(cluster, perform) {
  const wanted = el("input", {
    type: "number",
    min: 0,
    max: 100000,
    step: 1,
    required: true,
    class: "ud-number",
    name: "workers",
    value: (/^\d+(?= worker)/.exec(cluster.size || "") || [""])[0],
  });
  return el(
    "form",
    {
      class: "ud-scale",
      onsubmit: (event) => {
        event.preventDefault();
        const number = wanted.valueAsNumber;
        askFirst(
          `Scale ${title(cluster)} to ${number} worker${number === 1 ? "" : "s"}?`,
          "Workers that are too many are retired, and their data is moved to others.",
          "Scale",
          () =>
            perform(
              "dask-cluster-scale",
              { workers: { value: number, type: "Integer" } },
              `${number} worker${number === 1 ? " is" : "s are"} asked for.`,
            ),
        );
      },
    },
    el("label", {}, "Workers ", wanted),
    el("button", { type: "submit", class: "ud-button" }, "Scale …"),
  );
}

/** Asks before something is done. */
function askFirst(question, consequence, yes, action) {
  const dialog = el(
    "dialog",
    { class: "unicore-dask ud-dialog", "aria-label": question, onclose: () => dialog.remove() },
    el("p", {}, el("strong", {}, question)),
    el("p", {}, consequence),
    el(
      "div",
      { class: "ud-buttons" },
      button("Cancel", () => dialog.close(), { autofocus: true }),
      button(
        yes,
        () => {
          dialog.close();
          action();
        },
        { class: "ud-button ud-primary" },
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}

function logs(cluster, { engine }) {
  if (!(cluster.may || []).includes("logs")) {
    return null;
  }
  const shown = el("div", { "aria-live": "polite" });
  const instance = encodeURIComponent(cluster.id);
  const found = `/variable-instance/count?variableName=clusterLogs&processInstanceIdIn=${instance}`;
  const file = `/process-instance/${instance}/variables/clusterLogs/data`;
  const read = button("Read the jobs' logs", async () => {
    read.disabled = true;
    shown.replaceChildren(el("p", { class: "ud-quiet" }, "Reading …"));
    try {
      await engine.send("dask-cluster-logs", cluster.id, {});
      await untilThere(engine, found);
      shown.replaceChildren(...tail(await engine.text(file), engine.url(file)));
    } catch (e) {
      shown.replaceChildren(problemBox(e));
    }
    read.disabled = false;
  });
  return [el("h4", {}, "Logs"), read, shown];
}

/** The variable is gone when the message has come, and back when the logs have been read. */
async function untilThere(engine, found) {
  for (let tries = 0; (await engine.get(found)).count === 0; tries++) {
    if (tries > 120) {
      throw new Problem(404, "The site has not answered so far.");
    }
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function tail(text, url) {
  const lines = text.split("\n");
  const cut = lines.length > LAST_LINES;
  return [
    el(
      "p",
      { class: "ud-quiet" },
      cut ? `The last ${LAST_LINES} lines of ${lines.length}. ` : "",
      el("a", { href: url, download: "cluster-logs.txt" }, "Save all of it"),
    ),
    el(
      "pre",
      { class: "ud-log", tabindex: 0, role: "region", "aria-label": "Logs" },
      lines.slice(-LAST_LINES).join("\n"),
    ),
  ];
}

// ------------------------------------------------------------------------------------------- all clusters

const NO_FILTER = { state: "all", status: "", site: "", user: "", name: "" };

/** As it was left, for whoever comes back from a cluster. */
let left = { filter: NO_FILTER, first: 0 };

/**
 * Lists clusters in a node, living ones and those that are over.
 *
 * @param api as Cockpit hands it to plugins
 * @param show called with a cluster that somebody wants to see
 * @param user if given, whose clusters are listed, and no others
 * @return a function that ends it
 */
export function renderClusters(node, { api, show, user }) {
  const engine = new Engine(api);
  const root = el("div", { class: "unicore-dask ud-clusters" });
  const trouble = el("div");
  const found = el("div");
  const showTrouble = place(trouble, (one) => one && problemBox(one));
  const showFound = place(found, (page) => list(page, { show, turn, user }));
  root.append(
    filters(left.filter, user, (filter) => ask({ ...NO_FILTER, ...filter }, 0)),
    trouble,
    found,
  );
  node.append(root);

  function ask(filter, first) {
    left = { filter, first };
    look.now();
  }
  function turn(first) {
    ask(left.filter, first);
  }
  const look = repeat(async () => {
    const asked = left;
    try {
      const page = await engine.get(`/unicore-dask/clusters?${query(asked, user)}`);
      if (asked !== left) {
        return 1;
      }
      showTrouble(null);
      showFound({ ...page, first: asked.first, filtered: isFiltered(asked.filter) });
    } catch (e) {
      showTrouble({ message: e.message, status: e.status });
      return e.passes ? WHEN_AWAY : asked !== left ? 1 : undefined;
    }
    return SELDOM;
  });
  return () => {
    look.stop();
    root.remove();
  };
}

function isFiltered(filter) {
  return Object.keys(NO_FILTER).some((name) => filter[name] !== NO_FILTER[name]);
}

function query({ filter, first }, user) {
  const given = Object.entries({ ...filter, ...(user ? { user } : {}) }).filter(
    ([, value]) => value !== "",
  );
  return new URLSearchParams([...given, ["firstResult", first], ["maxResults", PAGE]]);
}

function filters(filter, user, changed) {
  let timer = null;
  const choice = (name, label, options) =>
    field(
      label,
      el(
        "select",
        { name },
        options.map(([value, text]) =>
          el("option", { value, selected: filter[name] === value }, text),
        ),
      ),
    );
  const text = (name, label) =>
    field(label, el("input", { type: "search", name, value: filter[name], autocomplete: "off" }));
  const form = el(
    "form",
    {
      class: "ud-filters",
      role: "search",
      "aria-label": "Which clusters",
      onsubmit: (event) => {
        event.preventDefault();
        tell();
      },
      oninput: tellSoon,
      onchange: tellSoon,
    },
    choice("state", "Clusters", [
      ["all", "all"],
      ["living", "living"],
      ["over", "over"],
    ]),
    choice("status", "Status", [
      ["", "any"],
      ...LIVING.concat("STOPPED", "FAILED").map((one) => [one, one]),
    ]),
    text("name", "Name"),
    text("site", "Site"),
    user ? null : text("user", "User"),
  );
  function tellSoon() {
    clearTimeout(timer);
    timer = setTimeout(tell, 300);
  }
  function tell() {
    clearTimeout(timer);
    changed(Object.fromEntries([...new FormData(form)].map(([name, one]) => [name, one.trim()])));
  }
  return form;
}

function field(label, input) {
  return el("label", { class: "ud-field" }, el("span", {}, label), input);
}

function list(page, { show, turn, user }) {
  const { count, clusters, first, filtered } = page;
  if (clusters.length === 0 && first > 0) {
    return [el("p", { class: "ud-quiet" }, "There are no more."), button("First page", () => turn(0))];
  }
  if (count === 0) {
    return el(
      "p",
      { class: "ud-quiet" },
      filtered
        ? `No cluster ${user ? "of yours" : "that you may see"} is like this.`
        : `There is no cluster ${user ? "of yours" : "that you may see"}. ` +
            "Start the process “Dask cluster” to have one.",
    );
  }
  const heads = ["Name", "Status", "Site", "User", "Workers", "Started", "Ended", "Node hours"];
  return [
    table("Clusters", heads, el("tbody", {}, clusters.map((one) => clusterRow(one, show)))),
    paging(count, first, clusters.length, turn),
  ];
}

function clusterRow(cluster, show) {
  const living = LIVING.includes(cluster.status);
  const said = cluster.errorMessage || cluster.progress;
  return row([
    ["Name", button(title(cluster), () => show(cluster), { class: "ud-link" })],
    [
      "Status",
      [
        status(cluster),
        said ? el("div", { class: "ud-said", title: said }, cluster.errorCode || "", " ", said) : null,
      ].filter(Boolean),
    ],
    ["Site", cluster.site || ""],
    ["User", cluster.user || ""],
    ["Workers", living ? workers(cluster) : cluster.size || ""],
    ["Started", time(cluster.started)],
    [
      "Ended",
      cluster.ended ? el("span", {}, time(cluster.ended), ` (${cluster.endedBy || "?"})`) : "",
    ],
    ["Node hours", nodeHours(cluster)],
  ]);
}

function paging(count, first, shown, turn) {
  return el(
    "nav",
    { class: "ud-paging", "aria-label": "Pages" },
    button("Newer", () => turn(Math.max(0, first - PAGE)), { disabled: first === 0 }),
    el("span", {}, `${first + 1}–${first + shown} of ${count}`),
    button("Older", () => turn(first + PAGE), { disabled: first + shown >= count }),
  );
}

// ------------------------------------------------------------------------------------------- in Cockpit

const PATH = "/dask-clusters";

/** Cockpit does not know the engine's name where it draws a diagram. */
function named(api) {
  const [, engine] = /\/app\/cockpit\/([^/]+)\//.exec(window.location.pathname) || [];
  return engine ? { ...api, engine, engineApi: `${api.baseApi}/engine/${engine}` } : api;
}

/** What an instance's activities wait for, each above itself on the diagram. */
function renderWaits(viewer, { api, processInstanceId }) {
  const overlays = viewer.get("overlays");
  let shown = [];
  let last = "";
  const look = watch(named(api), processInstanceId, (cluster) => {
    const waits = (cluster && cluster.waits) || [];
    if (!cluster || JSON.stringify(waits) === last) {
      return;
    }
    last = JSON.stringify(waits);
    shown.forEach((id) => overlays.remove(id));
    shown = waits.map((wait) => badge(overlays, wait)).filter(Boolean);
  });
  return () => look.stop();
}

function badge(overlays, wait) {
  const until = wait.until ? `, ${clock(new Date(wait.until))}` : "";
  const said = wait.text + until;
  const html = el(
    "div",
    { class: "unicore-dask ud-wait", title: `${said} (since ${clock(new Date(wait.since))})` },
    said,
  );
  try {
    // It is to be read however small the diagram is.
    return overlays.add(wait.activity, { position: { top: -3, left: 0 }, scale: { min: 1 }, html });
  } catch (e) {
    // Another version of the model is shown, which has no such activity.
    return null;
  }
}

function renderPage(node, { api }) {
  const search = new URLSearchParams(window.location.hash.split("?")[1] || "");
  const instance = search.get("cluster");
  const page = el("div", { class: "unicore-dask ud-page" });
  node.append(page);
  if (!instance) {
    page.append(el("h2", {}, "Dask clusters"));
    return renderClusters(page, {
      api,
      show: (cluster) => {
        window.location.hash = `#${PATH}?cluster=${encodeURIComponent(cluster.id)}`;
      },
    });
  }
  page.append(el("p", {}, el("a", { href: `#${PATH}` }, "‹ All Dask clusters")));
  return renderCluster(page, {
    api,
    instance,
    instanceLink: (id) => `#/process-instance/${encodeURIComponent(id)}/runtime`,
  });
}

/** A plugin as Cockpit takes it; it ends what it has shown last. */
function plugin(id, pluginPoint, properties, priority, show) {
  let end = () => {};
  return {
    id,
    pluginPoint,
    priority,
    properties,
    render(node, context) {
      end();
      end = show(node, context);
    },
    unmount() {
      end();
      end = () => {};
    },
  };
}

export default [
  {
    id: "unicore-dask-navigation",
    pluginPoint: "cockpit.navigation",
    priority: 10,
    properties: {
      label: "Dask clusters",
      pagePath: `#${PATH}`,
      checkActive: (url) => url.includes(`#${PATH}`),
    },
  },
  plugin("unicore-dask-clusters", "cockpit.route", { path: PATH, label: PATH }, 0, renderPage),
  plugin("unicore-dask-waits", "cockpit.processInstance.diagram.plugin", {}, 0, renderWaits),
  plugin(
    "unicore-dask-cluster",
    "cockpit.processInstance.runtime.tab",
    { label: "Dask cluster" },
    15,
    (node, { api, processInstanceId }) => renderCluster(node, { api, instance: processInstanceId }),
  ),
];
