// What pages cannot say in HTML: keys, dialogs, focus, copying, and telling that something runs or failed.
// Everything works without it. Listeners stand on the document, so they outlive every htmx swap.

const find = (selector, root = document) => root.querySelector(selector);
const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, listener, capture = false) => document.addEventListener(type, listener, capture);

function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${document.body.dataset.icons}#${name}`);
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

// Saying something

/** For screen readers only. */
function announce(text) {
  const live = find('#live');
  if (live) live.textContent = text;
}

/** Shows a failure where it is seen: in the open dialog, else in #flash. */
function complain(text) {
  const place = placeInDialog() ?? placeOfFlash();
  place.replaceChildren(element('div', { class: 'flash bad', role: 'alert' }, icon('circle-alert'), element('p', {}, text)));
  addButtons(place);
}

/** Buttons that only work with script are made by it: elsewhere they would be dead. */
function addButtons(root = document) {
  const button = (label, name, data) => {
    const attributes = { type: 'button', class: 'button ghost icon small', 'aria-label': label, ...data };
    return element('button', attributes, icon(name));
  };
  for (const flash of findAll('.flash:not(.keeps, :has([data-dismiss]))', root))
    flash.append(button('Dismiss', 'x', { 'data-dismiss': '' }));
  for (const field of findAll('.reveals > input:only-child', root))
    field.after(button('Show password', 'eye', { 'data-reveal': field.id, 'aria-pressed': 'false' }));
}

function placeInDialog() {
  const dialog = find('#dialog[open]');
  if (!dialog) return null;
  const place = find('.dialog-flash', dialog) ?? element('div', { class: 'dialog-flash' });
  dialog.prepend(place);
  return place;
}

/** A secret that is shown only once stays where it is: what is said next is said above it. */
function placeOfFlash() {
  const flash = find('#flash');
  if (!find('.secret', flash)) return flash;
  const place = find('#flash + .dialog-flash') ?? element('div', { class: 'dialog-flash' });
  flash.after(place);
  return place;
}

// Focus

/** Makes anything focusable by script and focuses it. */
function focusOn(target) {
  target?.focus();
  if (!target || document.activeElement === target) return;
  target.setAttribute('tabindex', '-1');
  target.focus();
}

const firstProblem = (root = document) => find('.problems', root);

// The dialog: opens when htmx puts something into it, closes on Escape, backdrop or [data-close].

let opener = null;

function openDialog() {
  const dialog = find('#dialog');
  const heading = find('h1, h2', dialog);
  if (heading) {
    heading.id ||= 'dialog-heading';
    dialog.setAttribute('aria-labelledby', heading.id);
  }
  if (!dialog.open) dialog.showModal();
  const field = find('input:not([type="hidden"], :disabled), select, textarea', dialog);
  focusOn(firstProblem(dialog) ?? find('[autofocus]', dialog) ?? field ?? heading);
}

function dialogClosed() {
  const dialog = find('#dialog');
  dialog.replaceChildren();
  const again = opener?.isConnected ? opener : newer(opener);
  opener = null;
  if (again) focusOn(inSight(again));
}

on('close', (event) => event.target.id === 'dialog' && dialogClosed(), true);

on('click', (event) => {
  const dialog = find('#dialog[open]');
  if (!dialog) return;
  if (event.target === dialog && outside(event, dialog)) dialog.close();
  const closer = event.target.closest('#dialog [data-close]');
  if (!closer) return;
  event.preventDefault(); // A Cancel link leads back for those without script.
  dialog.close();
});

function outside({ clientX: x, clientY: y }, target) {
  const box = target.getBoundingClientRect();
  return x < box.left || x > box.right || y < box.top || y > box.bottom;
}

const help = [
  [['/'], 'Search'],
  [['j', 'k'], 'Next row, previous row'],
  [['x'], 'Select the row'],
  [['a'], 'To the acts for the selected rows'],
  [['o'], 'Open the row'],
  [['+'], 'Show or hide the row’s details'],
  [['Esc'], 'Close a menu or a dialog'],
  [['?'], 'This help'],
];

function showHelp() {
  if (find('#dialog[open]')) return;
  opener = document.activeElement;
  const known = help.filter(([[name]]) => !['x', 'a'].includes(name) || find('.list .pick'));
  const lines = known.map(([names, text]) => {
    const shown = names.flatMap((name) => [element('kbd', {}, name), ' ']);
    return element('div', {}, element('dt', {}, ...shown), element('dd', {}, text));
  });
  const close = element('button', { class: 'button', type: 'button', 'data-close': '' }, 'Close');
  const heading = element('h1', {}, 'Keys');
  find('#dialog').replaceChildren(
    element('section', {}, heading, element('dl', { class: 'keys' }, ...lines), element('p', { class: 'formfoot' }, close)),
  );
  openDialog();
}

// Menus (details that float): one at a time; Escape and outside close; arrows walk.

const openMenus = () => findAll('details.rowmenu[open], details.more[open]');

on('click', (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

on('focusin', (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

function menuKey(event) {
  const menu = event.target.closest('details.rowmenu[open], details.more[open]') ?? openMenus()[0];
  if (!menu) return;
  if (event.key === 'Escape') {
    menu.open = false;
    find('summary', menu).focus();
  }
  if (menu.matches('.rowmenu') && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
    event.preventDefault();
    walk(findAll('summary, summary + * :is(a, button)', menu), event.key === 'ArrowDown' ? 1 : -1);
  }
}

function walk(stops, step) {
  const seen = stops.filter((stop) => stop.offsetParent !== null || stop.matches('summary'));
  seen.at((seen.indexOf(document.activeElement) + step) % seen.length)?.focus();
}

// A link to a field goes into it, also when it stands in a closed part or is a set of choices.
on('click', (event) => {
  const link = event.target.closest('.problems a[href^="#"]');
  const place = link && document.getElementById(link.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  const closed = place.closest('details:not([open])');
  if (closed) closed.open = true;
  const field = place.matches('fieldset') ? (find('input:checked', place) ?? find('input', place)) : place;
  focusOn(field ?? place);
});

// A link that opens beside where it stands says so in a word: on each of many rows htmx's attributes would double a list.

const opensIn = {
  dialog: () => ({ target: '#dialog', select: '#confirm' }),
  row: (link) => ({ target: link.closest('tbody'), select: `#${link.closest('tbody').id}`, swap: 'outerHTML' }),
  menu: (link) => ({ target: link.closest('.menu'), select: '.menu', swap: 'outerHTML' }),
};

function openBeside(link) {
  htmx.ajax('GET', link.getAttribute('href'), { source: link, ...opensIn[link.dataset.opens](link) });
}

on('click', (event) => {
  const link = event.target.closest('a[data-opens]');
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openBeside(link);
});

// A menu asks for what it offers when it is opened.
on('toggle', ({ target }) => target.open && findAll('[data-opens="menu"]', target).forEach(openBeside), true);

// Keys

const rows = () => findAll('table.list > tbody > tr:not(.details)').filter((row) => row.offsetParent !== null);
const rowInHand = () => document.activeElement?.closest('table.list > tbody > tr:not(.details)');

function moveRow(step) {
  const all = rows();
  const at = all.indexOf(rowInHand());
  const row = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step];
  focusOn(row);
  row?.scrollIntoView({ block: 'nearest' });
}

function inRow(selector) {
  const target = find(selector, rowInHand() ?? document.createElement('tr'));
  target?.click();
}

/** Into the bar, which stands below rows of many stops. */
function toSelectbar() {
  const stops = findAll('.selectbar :is(input:not([type="hidden"]), button, summary)');
  focusOn(stops.find((stop) => stop.offsetParent !== null));
}

const keys = {
  '/': () => (find('main .filters [type="search"]') ?? find('.topsearch [type="search"]'))?.select(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  x: () => inRow('.pick input'),
  a: toSelectbar,
  o: () => inRow('th a, td:not(.pick, .plus) a'),
  '+': () => inRow('.plus a, .plus button'),
  '?': showHelp,
};

on('keydown', (event) => {
  menuKey(event);
  const writing = event.target.closest('input:not([type="checkbox"], [type="radio"]), select, textarea, [contenteditable]');
  if (writing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !keys[event.key]) return;
  if (find('#dialog[open]')) return;
  event.preventDefault();
  keys[event.key]();
});

// Selection: the box in the head ticks all rows, the bar says how many there are, those on other pages included.

const boxes = (root = document) => findAll('.list tbody .pick input:enabled', root);

function countSelection() {
  const all = find('.list thead .pick input');
  const ticked = boxes().filter((box) => box.checked).length;
  if (all) {
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
  sayAllExactly();
  const everybody = find('.selectbar [name="all"]:checked + span')?.textContent;
  for (const place of findAll('[data-count]'))
    place.textContent = everybody ?? `${(ticked + Number(place.dataset.elsewhere)).toLocaleString('en')} selected`;
}

/** How many match a long list is counted after it is shown: the bar says it too. */
function sayAllExactly() {
  const [exact] = find('#count')?.textContent.split(' ') ?? [];
  const label = find('.selectbar [name="all"] + span');
  if (exact && label) label.textContent = label.textContent.replace('All that', `All ${exact} that`);
}

on('change', ({ target }) => {
  if (!target.matches('.list .pick input, .selectbar [name="all"]')) return;
  if (target.closest('thead')) for (const box of boxes(target.closest('table'))) box.checked = target.checked;
  countSelection();
  announce(find('[data-count]')?.textContent ?? '');
});

on('reset', () => setTimeout(countSelection));

// What is ticked is kept by the server when the list turns to other rows: it goes along, and the answer is the page asked for.
on('htmx:config:request', ({ detail: { ctx } }) => {
  const form = find('#selection');
  if (ctx.target?.id !== 'users' || !form || boxes().every((box) => box.checked === box.defaultChecked)) return;
  const ticks = new URLSearchParams(new FormData(form));
  ctx.fetch = (go, request) => {
    ticks.set('go', go);
    return fetch(form.action, { ...request, method: 'POST', body: ticks });
  };
});

// The whole cell is the box's target.
on('click', ({ target }) => target.matches('.list .pick') && find('input', target)?.click());

// Of a form that asks something while it is filled in, only what the question is about leaves the page.
on('htmx:config:request', ({ detail: { ctx } }) => {
  const sends = ctx.sourceElement.dataset?.sends;
  if (!sends) return;
  const names = ['_csrf', ...sends.split(' ')];
  for (const name of [...ctx.request.body.keys()]) if (!names.includes(name)) ctx.request.body.delete(name);
  ctx.request.form = null;
});

// Forms that change something can be sent once; a second press waits for the first.

const waiting = new Map();
const asked = new WeakSet();

function hold(form, submitter) {
  const buttons = submitter ? [submitter] : findAll('button:not([type="button"])', form);
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  // A download or a stopped load leaves the page standing: then the form must work again.
  waiting.set(form, { buttons, timer: setTimeout(() => release(form), 10_000) });
}

function release(form) {
  const held = waiting.get(form);
  if (!held) return;
  clearTimeout(held.timer);
  for (const button of held.buttons) button.removeAttribute('aria-disabled');
  waiting.delete(form);
}

on(
  'submit',
  (event) => {
    const form = event.target;
    if (form.method !== 'post' || asked.has(form) || form.matches('[data-theme-form], [data-again]')) return;
    if (!waiting.has(form)) return hold(form, event.submitter);
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

// A form that leaves the page goes only when the server can be reached: else what was typed would be lost with the page.
on('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post' || form.matches('[data-theme-form]') || asked.delete(form)) return;
  event.preventDefault();
  ifReached(form, () => {
    asked.add(form);
    form.requestSubmit(event.submitter);
  });
});

async function ifReached(form, go) {
  const reached = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(5000) }).catch(() => null);
  if (reached) return go();
  release(form);
  complain(lost);
}

const lost = 'The server could not be reached. Nothing you typed is lost. Try again in a moment.';

addEventListener('pageshow', () => {
  for (const form of [...waiting.keys()]) release(form);
  countSelection(); // The browser may have restored ticks.
});

// Small acts on the page

async function copy(button) {
  const text = button.dataset.copy;
  const label = find('span', button);
  const word = label.textContent;
  try {
    await navigator.clipboard.writeText(text);
    label.textContent = 'Copied';
  } catch {
    label.textContent = 'Select and copy it';
  }
  announce(label.textContent);
  setTimeout(() => {
    label.textContent = word;
  }, 2000);
}

function reveal(button) {
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === 'text';
  field.type = shown ? 'password' : 'text';
  button.setAttribute('aria-pressed', String(!shown));
}

on('click', (event) => {
  const button = event.target.closest('[data-copy], [data-reveal], [data-dismiss]');
  if (!button) return;
  if ('copy' in button.dataset) copy(button);
  if ('reveal' in button.dataset) reveal(button);
  if ('dismiss' in button.dataset) button.closest('.flash').remove();
});

on('click', ({ target }) => target.closest('[data-print]') && print());

// The script for passkeys is loaded when one is asked for; a press while the browser asks counts for nothing.
on('click', async (event) => {
  const button = event.target.closest('[data-passkey]');
  if (!button) return;
  event.preventDefault();
  if (button.matches('[aria-disabled]')) return;
  button.setAttribute('aria-disabled', 'true');
  try {
    const { usePasskey } = await import(button.dataset.script);
    await usePasskey(button);
  } catch (error) {
    complain(error instanceof TypeError ? lost : error.message);
  }
  button.removeAttribute('aria-disabled');
});

// The theme changes at once; the server only remembers it.
on('submit', async (event) => {
  const form = event.target;
  if (!form.matches('[data-theme-form]')) return;
  event.preventDefault();
  const chosen = event.submitter;
  const body = new URLSearchParams(new FormData(form, chosen));
  document.documentElement.dataset.theme = chosen.value;
  for (const button of findAll('[name="theme"]', form)) button.setAttribute('aria-pressed', String(button === chosen));
  const answer = await fetch(form.action, { method: 'post', body, redirect: 'manual' }).catch(() => null);
  if (!answer || answer.status >= 400) complain('The theme could not be saved. Try again when you are connected.');
});

// How long a connection still lasts: minutes, then seconds in the last two of them; at its end what to do next.
for (const time of findAll('[data-countdown]')) {
  const end = Date.now() + Number(time.dataset.countdown) * 1000;
  let before = Infinity;
  const ticking = setInterval(count, 1000);
  function count() {
    const left = Math.max(Math.ceil((end - Date.now()) / 1000), 0);
    time.textContent = left > 120 ? `${Math.ceil(left / 60)} min left` : left > 0 ? `${left} s left` : 'ended';
    if (left <= 120 && before > 120 && left > 0) announce('Your connection ends in two minutes.');
    before = left;
    if (left > 0) return;
    clearInterval(ticking);
    time.closest('.connection').classList.add('ended');
    complain(
      `Your connection to ${time.dataset.name} has ended. What stands here can still be read and copied; press Disconnect to go back to where you came from.`,
    );
  }
  count();
}

// A table that fits its frame needs no scrolling of its own, and then its head can stick to the page.
const fitting = new ResizeObserver((entries) => {
  for (const { target } of entries) target.classList.toggle('fits', target.scrollWidth <= target.clientWidth);
});

function arrived(root = document) {
  for (const frame of findAll('.tablewrap', root)) fitting.observe(frame);
  addButtons(root);
  countSelection();
}

arrived();
focusOn(firstProblem());
// Where the address names a part of the page, the browser goes there when all is loaded, and the focus is lost on the way.
if (location.hash) window.addEventListener('load', () => focusOn(firstProblem()));

// htmx

let running = 0;
let timer = 0;
let heldFocus = null;
let heldTick = false;
let heldMenu = -1;
const menusIn = (place) => findAll('details.rowmenu', place);

function started() {
  running += 1;
  if (running > 1) return;
  timer = setTimeout(() => document.body.append(element('div', { class: 'busy', 'aria-hidden': 'true' })), 300);
}

function finished() {
  running = Math.max(0, running - 1);
  if (running > 0) return;
  clearTimeout(timer);
  for (const bar of findAll('.busy')) bar.remove();
}

// Under which connection the page was opened: another tab may have changed it since.
on('htmx:config:request', ({ detail: { ctx } }) => {
  ctx.request.headers['Roster-Connection'] = document.body.dataset.connection;
});

on('htmx:config:request', (event) => {
  const { ctx } = event.detail;
  if (ctx.target) return;
  event.preventDefault(); // What it would change is not on this page (a dialog's form shown as a page): the browser's turn.
  goNatively(ctx);
});

function goNatively({ sourceElement: source, request: { submitter } }) {
  if (!source.matches('form')) return location.assign(source.href);
  if (submitter?.name) source.append(element('input', { type: 'hidden', name: submitter.name, value: submitter.value }));
  ifReached(source, () => source.submit());
}

on('htmx:before:request', ({ detail: { ctx } }) => {
  started();
  if (ctx.target?.id === 'dialog' && !find('#dialog[open]')) opener = ctx.sourceElement;
});

on('htmx:finally:request', ({ detail: { ctx } }) => {
  finished();
  if (ctx.request.form) release(ctx.request.form);
});

on('htmx:error', ({ detail: { ctx, error } }) => {
  if (!ctx) return;
  const isLost = error instanceof TypeError || ctx.request.signal.reason === 'timeout';
  complain(isLost ? lost : 'The answer could not be shown. Reload the page to see what is there now.');
});

on('htmx:before:swap', (event) => {
  const { ctx, tasks } = event.detail;
  const main = tasks.find((task) => task.type === 'main');
  heldFocus = document.activeElement;
  heldTick = main?.target?.matches?.('tbody') && find('.pick input', main.target)?.checked;
  heldMenu = main?.target?.matches
    ? menusIn(main.target).findIndex((menu) => menu.open && !menu.contains(ctx.sourceElement))
    : -1;
  if (main?.target?.id === 'flash') main.target = placeInDialog() ?? placeOfFlash(); // Under a dialog it can't be read.
  if (!main || main.swapSpec.style === 'delete' || main.swapSpec.style === 'none') return;
  // Without its target or its part the answer belongs to another page: the sign-in, say.
  if (ctx.target && main.target && (main.fragment.childElementCount > 0 || !ctx.select)) return;
  if (hasLeftList(main.target, ctx)) return;
  event.preventDefault();
  goThere(ctx);
});

/** A row that the list does not show any more since the act: it goes, and the message with its Undo stays. */
const hasLeftList = (target, { response }) =>
  target?.matches('.list > tbody') && response.raw.redirected && response.raw.url === location.href.split('#')[0];

function goThere({ request, response }) {
  if (request.method === 'GET' || response.raw.redirected) location.assign(response.raw.url);
  else complain('The server answered with something unexpected. Reload the page to see what is there now.');
}

on('htmx:after:swap', ({ detail: { ctx } }) => {
  const dialog = find('#dialog');
  const target = typeof ctx.target === 'string' ? find(ctx.target) : newer(ctx.target);
  const box = heldTick && target && find('.pick input', target);
  if (box) box.checked = true; // A row that is shown anew stays selected.
  const menu = target && menusIn(target)[heldMenu];
  if (menu) menu.open = true; // What arrives by itself closes no menu that was opened meanwhile.
  const inDialog = dialog?.contains(target);
  if (inDialog) openDialog();
  else if (dialog?.contains(ctx.sourceElement) && target?.id !== 'flash') dialog.close();
  arrived();
  if (inDialog || document.activeElement !== document.body || heldFocus === document.body) return;
  focusOn(firstProblem() ?? (menu && find('summary', menu)) ?? newer(heldFocus) ?? target ?? find('#flash button'));
});

/** What lies in a closed menu cannot be focused: its button can. */
function inSight(target) {
  const menu = target.closest('details:not([open])');
  return menu ? find('summary', menu) : target;
}

/** The element that took an element's place: the same id, else the nearest id around it. */
function newer(old) {
  for (let at = old; at; at = at.parentElement) {
    const again = at.id && document.getElementById(at.id);
    if (again) return again.matches('tbody') ? again.rows[0] : inSight(again);
  }
  return null;
}
