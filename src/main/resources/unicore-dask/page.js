/*
 * My Dask clusters, for people who have no Cockpit: the list, the panel of one (both are Cockpit's,
 * from plugin.js), and the start form. It works with the session of the web applications, in
 * which somebody has logged in.
 */
import { renderCluster, renderClusters } from './plugin.js';
import { complaint, csrfToken, element, post, renderForm } from './start-form.js';

const camunda = new URL('..', location.href.split(/[?#]/)[0]).pathname;
const engine = new URLSearchParams(location.search).get('engine') || 'default';
const view = document.getElementById('view');

const api = {
  engine,
  engineApi: `${camunda}api/engine/engine/${encodeURIComponent(engine)}`,
  get CSRFToken() {
    return csrfToken();
  }
};

/** Who has logged in. */
let user = null;

/** What the form is filled with when it is shown next. */
let draft = null;
let unmount = () => {};

function href(route) {
  return `#/${route}`;
}

function go(route) {
  if (location.hash === href(route)) {
    show();
  } else {
    location.hash = href(route);
  }
}

/** Shows what the address names: the list, the form, or one cluster. */
function show() {
  unmount();
  unmount = () => {};
  const route = decodeURIComponent(location.hash.replace(/^#\/?/, ''));
  if (route === 'new') {
    unmount = showForm();
  } else if (route) {
    unmount = showCluster(route);
  } else {
    unmount = showList();
  }
}

/** A part of the page with a heading of its own, which is read first. */
function section(title, ...children) {
  const heading = element('h2', { textContent: title, tabIndex: -1 });
  view.replaceChildren(element('div', {}, heading, ...children));
  document.title = `${title} – My Dask clusters`;
  heading.focus();
}

function showList() {
  const list = element('div');
  const start = element('a', { href: href('new'), className: 'button primary', textContent: 'Start a cluster' });
  view.replaceChildren(element('p', {}, start), list);
  document.title = 'My Dask clusters';
  return renderClusters(list, { api, user, show: (cluster) => go(encodeURIComponent(cluster.id)) });
}

function back() {
  return element('p', {}, element('a', { href: href(''), textContent: '← All my clusters' }));
}

function showCluster(instance) {
  const panel = element('div');
  const problem = element('div', { role: 'alert' });
  view.replaceChildren(back(), problem, panel);
  document.title = 'Cluster – My Dask clusters';
  return renderCluster(panel, { api, instance, startAgain: (cluster) => startAgain(cluster, problem) });
}

/** With the same variables, and under the same name if that is free; else the form asks. */
async function startAgain({ name = '', process, variables = {} }, problem) {
  const path = `process-definition/key/${encodeURIComponent(process)}/start`;
  let why;
  try {
    const answer = await post(api, path, { businessKey: name || undefined, variables });
    if (answer.ok) {
      go(encodeURIComponent((await answer.json()).id));
      return;
    }
    why = await complaint(answer);
  } catch (e) {
    why = `The engine cannot be reached: ${e.message}`;
  }
  if (process === 'dask-cluster') {
    draft = { name, variables, refusal: why };
    go('new');
  } else {
    problem.className = 'problems';
    problem.textContent = `It was not started again: ${why}`;
  }
}

function showForm() {
  const node = element('div');
  const submit = element('button', { className: 'button primary', textContent: 'Start' });
  const form = element('form', { noValidate: true }, node, submit);
  section('Start a cluster', form);
  view.prepend(back());
  const ready = renderForm(node, { api, start: 'process-definition/key/dask-cluster/start', ...draft });
  draft = null;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    submit.disabled = true;
    const instance = await (await ready).submit();
    submit.disabled = false;
    if (instance) {
      go(encodeURIComponent(instance.id));
    }
  });
  return () => {};
}

function showLoggedOut() {
  document.getElementById('links').replaceChildren();
  section(
    'You are not logged in',
    element('p', { textContent: 'Your clusters are shown to you when you have logged in. Then come back to this page.' }),
    element(
      'p',
      {},
      element('a', {
        href: `${camunda}app/tasklist/${encodeURIComponent(engine)}/`,
        className: 'button primary',
        textContent: 'Log in at Tasklist'
      })
    )
  );
}

/** Somebody may log in in another tab. */
function comeBack() {
  if (document.visibilityState === 'visible') {
    document.removeEventListener('visibilitychange', comeBack);
    begin();
  }
}

async function begin() {
  let answer;
  try {
    answer = await fetch(`${camunda}api/admin/auth/user/${encodeURIComponent(engine)}`, {
      credentials: 'same-origin',
      headers: { Accept: 'application/json' }
    });
  } catch (e) {
    view.replaceChildren(
      element('p', { role: 'alert', className: 'problems', textContent: `The engine cannot be reached: ${e.message}` })
    );
    return;
  }
  if (!answer.ok) {
    showLoggedOut();
    document.addEventListener('visibilitychange', comeBack);
    return;
  }
  ({ userId: user } = await answer.json());
  document
    .getElementById('links')
    .replaceChildren(
      element('a', { href: `${camunda}app/tasklist/${encodeURIComponent(engine)}/`, textContent: 'Tasklist' }),
      element('span', { textContent: user })
    );
  addEventListener('hashchange', show);
  show();
}

begin();
