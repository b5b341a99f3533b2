/*
 * The form that asks somebody for a cluster. It is made from what GET unicore-dask/start-form tells:
 * the sites, with what is known of them, and the variables, with what is allowed.
 *
 *   renderForm(node, {api, start, name, variables, refusal}) -> a promise of {submit}
 *
 * api is {engineApi, CSRFToken}; start is the path that a start is sent to; name, variables (as the
 * engine's REST API has them) and refusal are those of an earlier start. submit() is a promise of
 * the process instance, or of null if something is wrong, which the form then says.
 */

/** What most people are asked for; all else is behind "More settings". */
const USUAL = ['site', 'queue', 'project', 'workers', 'lifetime', 'connectDashboard'];

const NAME = {
  name: 'businessKey',
  label: 'Name',
  text: 'What you call the cluster. No other living cluster may have the same name',
  input: 'text',
  refusal: 'a name, which you choose'
};

const OTHER = '\u0000other';

let ids = 0;

/** Makes an element; text from outside becomes text. */
export function element(kind, properties = {}, ...children) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(properties)) {
    if (name === 'role' || name.includes('-')) {
      made.setAttribute(name, value);
    } else {
      made[name] = value;
    }
  }
  made.append(...children.filter(Boolean));
  return made;
}

/** What an answer says is wrong, from the code of the plugin's own refusals on. */
export async function complaint(answer) {
  const text = await answer.text();
  let message = '';
  try {
    message = JSON.parse(text).message ?? '';
  } catch (e) {
    // not the engine's own words
  }
  if (!message && (answer.status === 401 || answer.status === 403)) {
    return 'You are not logged in any more. Log in again, in another tab so that nothing is lost here, and try again.';
  }
  return message.replace(/^[^]*?(?=DASK_[A-Z_]+: )/, '') || `HTTP ${answer.status}`;
}

/** What the engine's REST API wants to see of a page that changes something. */
export function csrfToken() {
  const cookie = document.cookie.split('; ').find((one) => one.startsWith('XSRF-TOKEN='));
  return cookie ? cookie.slice('XSRF-TOKEN='.length) : '';
}

/** Sends JSON to the engine's REST API. */
export function post(api, path, body) {
  return fetch(`${api.engineApi}/${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'X-XSRF-TOKEN': api.CSRFToken
    },
    body: JSON.stringify(body)
  });
}

export async function renderForm(node, { api, start, name = '', variables = {}, refusal }) {
  node.replaceChildren(element('p', { role: 'status', textContent: 'Loading…' }));
  try {
    const answer = await fetch(`${api.engineApi}/unicore-dask/start-form`, {
      credentials: 'same-origin',
      headers: { Accept: 'application/json' }
    });
    if (!answer.ok) {
      throw new Error(await complaint(answer));
    }
    const form = new StartForm(await answer.json(), (body) => post(api, start, body));
    node.replaceChildren(form.node);
    form.fill(name, variables);
    if (refusal) {
      form.refuse(refusal);
    }
    return form;
  } catch (e) {
    node.replaceChildren(
      element('p', { role: 'alert', className: 'problems', textContent: `The form cannot be shown: ${e.message}` })
    );
    return { submit: async () => null };
  }
}

/** Puts the form into the embedded one of Tasklist, whose button starts it. */
export async function inTasklist(camForm, root) {
  const node = camForm.formElement[0].querySelector('.unicore-dask-form');
  const style = `${root}/unicore-dask/start-form.css`;
  if (!document.querySelector(`link[href="${style}"]`)) {
    document.head.append(element('link', { rel: 'stylesheet', href: style }));
  }
  const engine = location.pathname.split('/app/tasklist/')[1].split('/')[0];
  const api = {
    engineApi: `${root}/api/engine/engine/${engine}`,
    get CSRFToken() {
      return csrfToken();
    }
  };
  const form = await renderForm(node, {
    api,
    start: `process-definition/${encodeURIComponent(camForm.processDefinitionId)}/submit-form`
  });
  node.querySelector('input')?.focus();
  camForm.on('submit', async () => {
    const instance = await form.submit();
    if (instance) {
      hideStartButton(camForm);
      const page = `${root}/unicore-dask/?engine=${engine}#/${encodeURIComponent(instance.id)}`;
      const link = element('a', { href: page, textContent: 'See what becomes of it in My Dask clusters' });
      node.replaceChildren(
        element('p', { role: 'status', textContent: `The cluster ${instance.businessKey} is being started.` }),
        element('p', {}, link)
      );
      link.focus();
    }
  });
}

function hideStartButton(camForm) {
  let scope = camForm.formElement.scope();
  while (scope && !scope.options) {
    scope = scope.$parent;
  }
  if (scope) {
    scope.options.hideStartButton = true;
    scope.$applyAsync();
  }
}

class StartForm {
  constructor({ sites, variables }, send) {
    this.sites = sites;
    this.send = send;
    this.more = {};
    this.problems = element('div', { role: 'alert', tabIndex: -1 });
    this.note = element('p', { className: 'help-block site-note' });
    const required = sites.length > 1;
    this.fields = [
      new Field({ ...NAME, required: true }),
      ...variables.map((variable) => new Field({ ...variable, required: required && variable.name === 'site' }))
    ];
    const site = this.field('site');
    site.control.offer(sites.map((one) => one.name), { closed: true, usual: required ? 'choose' : sites[0]?.name });
    site.node.append(this.note);
    site.control.node.addEventListener('change', () => this.follow());
    this.details = element('details', { className: 'more' }, element('summary', { textContent: 'More settings' }));
    this.node = element('div', { className: 'unicore-dask-form' }, this.problems);
    this.node.append(this.field(NAME.name).node, ...USUAL.map((name) => this.field(name).node), this.details);
    this.groupRest(variables.filter((variable) => !USUAL.includes(variable.name)));
    this.follow();
  }

  groupRest(variables) {
    for (const group of new Set(variables.map((variable) => variable.group))) {
      const inside = variables.filter((variable) => variable.group === group);
      this.details.append(
        element(
          'fieldset',
          {},
          element('legend', { textContent: group }),
          ...inside.map((variable) => this.field(variable.name).node)
        )
      );
    }
  }

  field(name) {
    return this.fields.find((field) => field.variable.name === name);
  }

  /** Shows what the chosen site has. */
  follow() {
    const chosen = this.field('site').text();
    const site = this.sites.find((one) => one.name === chosen) ?? (this.sites.length === 1 ? this.sites[0] : null);
    const { queues = [], projects = [], templates = [], defaults = {}, limits = {} } = site ?? {};
    this.field('queue').control.offer(queues, { closed: Boolean(limits.queues), own: defaults.queue });
    this.field('project').control.offer(projects, { closed: Boolean(limits.projects), own: defaults.project });
    for (const name of ['schedulerJob', 'workerJob', 'allocation']) {
      this.field(name).control.offer(templates, {
        closed: Boolean(limits.templatesOnly) && name !== 'allocation',
        own: defaults[name]
      });
    }
    this.note.textContent = site ? noteOf(site) : '';
    this.note.classList.toggle('problem', Boolean(site?.problem));
  }

  /** Puts in what an earlier start had; what this form does not know is sent along. */
  fill(name, variables) {
    this.field(NAME.name).control.set(name);
    const order = Object.entries(variables).sort(([one], [other]) => (other === 'site') - (one === 'site'));
    for (const [variable, { value, type, valueInfo }] of order) {
      const field = this.field(variable);
      if (field) {
        field.control.set(typeof value === 'object' ? JSON.stringify(value) : String(value));
        this.details.open ||= !USUAL.includes(variable);
      } else {
        this.more[variable] = { value, type, valueInfo };
      }
      if (variable === 'site') {
        this.follow();
      }
    }
  }

  /** Starts the cluster, unless something is wrong. */
  async submit() {
    if (this.busy) {
      return null;
    }
    const wrong = this.fields.filter((field) => field.check());
    if (wrong.length) {
      this.show('This cannot be started yet:', wrong.map((field) => field.problem));
      this.reach(wrong[0]);
      return null;
    }
    this.busy = true;
    this.show('', []);
    try {
      const name = this.field(NAME.name).text();
      const answer = await this.send({ businessKey: name, variables: this.variables() });
      if (!answer.ok) {
        this.refuse(await complaint(answer));
        return null;
      }
      return { ...(await answer.json()), businessKey: name };
    } catch (e) {
      this.refuse(`The engine cannot be reached: ${e.message}. Nothing has been lost here; try again.`);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Only what is given: all else is for the engine and the site to say. */
  variables() {
    const given = this.fields.filter((field) => field.variable !== this.fields[0].variable && field.text());
    return { ...this.more, ...Object.fromEntries(given.map((field) => [field.variable.name, field.typed()])) };
  }

  /** Shows what the engine says, as it says it, and at which fields. */
  refuse(text) {
    const named = this.fields.filter((field) => field.isNamedIn(text));
    this.show('The cluster was not started:', [text]);
    named.forEach((field) => field.mark());
    this.details.open ||= named.some((field) => this.details.contains(field.node));
    this.problems.focus();
  }

  show(title, texts) {
    this.problems.className = texts.length ? 'problems' : '';
    this.problems.replaceChildren();
    if (texts.length) {
      this.problems.append(
        element('p', { textContent: title }),
        element('ul', {}, ...texts.map((textContent) => element('li', { textContent })))
      );
    }
  }

  reach(field) {
    this.details.open ||= this.details.contains(field.node);
    field.control.focus();
  }
}

function noteOf({ problem, limits }) {
  if (problem) {
    return problem;
  }
  const most = [
    limits.workers !== undefined && `${limits.workers} workers`,
    limits.jobs !== undefined && `${limits.jobs} worker jobs`,
    limits.lifetime && `a lifetime of ${inWords(limits.lifetime)}`
  ].filter(Boolean);
  const quota = limits.perUser ?? {};
  const together = [
    quota.clusters !== undefined && `${quota.clusters} clusters`,
    quota.workers !== undefined && `${quota.workers} workers`,
    quota.nodes !== undefined && `${quota.nodes} nodes`,
    quota.nodeHours !== undefined && `${quota.nodeHours} node-hours`
  ].filter(Boolean);
  return [
    most.length && `A cluster there may have up to ${listed(most)}.`,
    together.length && `All of yours together may be up to ${listed(together)}.`
  ]
    .filter(Boolean)
    .join(' ');
}

function listed(words) {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** One variable, with its label, its help, and what is wrong with it. */
class Field {
  constructor(variable) {
    this.variable = variable;
    const id = `unicore-dask-${variable.name}-${++ids}`;
    this.control = controlOf(variable);
    this.control.name(id, `${id}-help ${id}-problem`);
    this.control.require(Boolean(variable.required));
    this.wrong = element('p', { id: `${id}-problem`, className: 'field-problem' });
    this.node = element(
      'div',
      { className: 'form-group' },
      element('label', {
        htmlFor: id,
        className: 'control-label',
        textContent: variable.label + (variable.required ? ' (required)' : '')
      }),
      this.control.node,
      this.wrong,
      element('p', { id: `${id}-help`, className: 'help-block', textContent: help(variable) })
    );
    this.node.addEventListener('change', () => this.check());
  }

  text() {
    return this.control.text().trim();
  }

  /** Whether something is wrong, and then shows it. */
  check() {
    this.problem = problemOf(this.variable, this.text());
    this.mark(this.problem);
    return this.problem !== null;
  }

  mark(problem = 'See above.') {
    this.wrong.textContent = problem ?? '';
    this.node.classList.toggle('has-error', problem !== null);
    this.control.invalid(problem !== null);
  }

  isNamedIn(text) {
    return this.variable.name === NAME.name
      ? /the business key /.test(text)
      : new RegExp(`(^|[^\\w.])${this.variable.name} = `).test(text);
  }

  /** The value as the engine's REST API takes it. */
  typed() {
    const { type, input } = this.variable;
    const text = this.text();
    if (type === 'Integer') {
      return { value: Number(text), type };
    }
    if (type === 'Boolean') {
      return { value: text === 'true', type };
    }
    if (input === 'json') {
      return { value: text, type: /^[{[]/.test(text) ? 'Json' : 'String' };
    }
    return { value: input === 'duration' ? isoDuration(text) : text, type: 'String' };
  }
}

function help({ text, allowed, input }) {
  const more = !allowed || input === 'choice' || isPlainText({ allowed }) ? '' : ` Allowed: ${allowed}.`;
  return `${text}.${input === 'duration' ? ' Such as 30min, 12h or 2d.' : ''}${more}`;
}

/** Of a list of names, or of any text, there is nothing more to say. */
function isPlainText({ allowed }) {
  return ['text', "a configured site's name"].includes(allowed);
}

/** What is wrong with what was typed, as far as can be said here; else null. */
function problemOf({ label, required, input, name, refusal, min, max }, text) {
  const wrong = `${label}: allowed is ${refusal}`;
  if (!text) {
    return required ? `${label} is missing` : null;
  }
  if (input === 'number') {
    return /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max ? null : wrong;
  }
  if (input === 'duration') {
    return isoDuration(text) ? null : `${wrong}; or such as 30min, 12h or 2d`;
  }
  if (input === 'json' && (name === 'adapt' || /^[{[]/.test(text))) {
    try {
      JSON.parse(text);
    } catch (e) {
      return `${wrong} (${e.message})`;
    }
  }
  return null;
}

/** An ISO 8601 duration of what people write; null for anything else. */
export function isoDuration(text) {
  if (/^P(?!$)(\d+D)?(T(?!$)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/i.test(text)) {
    return text.toUpperCase();
  }
  const [all, days, hours, minutes, seconds] =
    /^(?:(\d+)\s*d(?:ays?)?)?\s*(?:(\d+)\s*h(?:ours?)?)?\s*(?:(\d+)\s*m(?:in(?:utes?)?)?)?\s*(?:(\d+)\s*s(?:ec(?:onds?)?)?)?$/i.exec(
      text
    ) ?? [];
  if (!all) {
    return null;
  }
  const time = (hours ? `${hours}H` : '') + (minutes ? `${minutes}M` : '') + (seconds ? `${seconds}S` : '');
  return `P${days ? `${days}D` : ''}${time ? `T${time}` : ''}`;
}

function yesOrNo(value) {
  return { true: 'yes', false: 'no' }[value] ?? value;
}

/** An ISO 8601 duration as people say it. */
function inWords(duration) {
  const [, ...numbers] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration) ?? [];
  const words = ['day', 'hour', 'minute', 'second']
    .map((unit, i) => numbers[i] && `${numbers[i]} ${unit}${numbers[i] === '1' ? '' : 's'}`)
    .filter(Boolean);
  return words.join(' ') || duration;
}

function controlOf(variable) {
  if (variable.input === 'choice') {
    return new Choice(variable);
  }
  const offered = ['site', 'queue', 'project', 'schedulerJob', 'workerJob', 'allocation'];
  return offered.includes(variable.name) ? new Offered(variable) : new Text(variable);
}

/** A field that is written into. */
class Text {
  constructor({ input, default: usual, usual: words }) {
    this.field = element(input === 'json' ? 'textarea' : 'input', {
      className: 'form-control',
      placeholder: usual ?? words ?? '',
      autocomplete: 'off',
      spellcheck: false
    });
    if (input === 'json') {
      this.field.rows = 2;
    } else {
      this.field.type = 'text';
    }
    if (input === 'number') {
      this.field.inputMode = 'numeric';
    }
    this.node = this.field;
  }

  name(id, describedBy) {
    this.field.id = id;
    this.field.setAttribute('aria-describedby', describedBy);
  }

  text() {
    return this.field.value;
  }

  set(text) {
    this.field.value = text;
  }

  require(is) {
    this.field.setAttribute('aria-required', is);
  }

  invalid(is) {
    this.field.setAttribute('aria-invalid', is);
  }

  focus() {
    this.field.focus();
  }
}

/** One of some values, or none. */
class Choice {
  constructor({ choices = [], usual }) {
    this.select = element('select', { className: 'form-control' });
    this.node = this.select;
    this.usual = usual;
    this.list(choices);
  }

  list(choices, usual = this.usual) {
    this.select.replaceChildren(
      element('option', { value: '', textContent: usual ? `(${yesOrNo(usual)})` : '(not given)' }),
      ...choices.map((value) => element('option', { value, textContent: yesOrNo(value) }))
    );
  }

  name(id, describedBy) {
    this.select.id = id;
    this.select.setAttribute('aria-describedby', describedBy);
  }

  text() {
    return this.select.value;
  }

  set(text) {
    this.select.value = text;
  }

  require(is) {
    this.select.setAttribute('aria-required', is);
  }

  invalid(is) {
    this.select.setAttribute('aria-invalid', is);
  }

  focus() {
    this.select.focus();
  }
}

/** One of the values that are known, or what is written beside them. */
class Offered extends Choice {
  constructor(variable) {
    super(variable);
    this.other = new Text({ ...variable, default: undefined, usual: '' });
    this.other.field.hidden = true;
    this.other.field.setAttribute('aria-label', `${variable.label}, another`);
    this.node = element('div', {}, this.select, this.other.field);
    this.words = variable.input === 'json' ? 'in words of my own (JSON) …' : 'another …';
    this.select.addEventListener('change', () => this.reveal(true));
  }

  /** Takes what there is to choose from; what was chosen stays, if it can. */
  offer(values, { closed, own, usual = own ? `${own}, the site's` : this.usual }) {
    const before = this.text();
    this.values = values;
    this.list(values, usual);
    if (!closed) {
      this.select.append(element('option', { value: OTHER, textContent: this.words }));
    }
    this.set(before);
  }

  reveal(reach) {
    this.other.field.hidden = this.select.value !== OTHER;
    if (reach && !this.other.field.hidden) {
      this.other.focus();
    }
  }

  text() {
    return this.select.value === OTHER ? this.other.text() : this.select.value;
  }

  set(text) {
    const isOffered = text === '' || this.values?.includes(text);
    this.select.value = isOffered ? text : OTHER;
    if (this.select.selectedIndex < 0) {
      this.select.value = '';
    } else if (!isOffered) {
      this.other.set(text);
    }
    this.reveal(false);
  }

  name(id, describedBy) {
    super.name(id, describedBy);
    this.other.field.setAttribute('aria-describedby', describedBy);
  }

  invalid(is) {
    super.invalid(is);
    this.other.invalid(is);
  }

  focus() {
    (this.other.field.hidden ? this.select : this.other.field).focus();
  }
}
