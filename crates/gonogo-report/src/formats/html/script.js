'use strict';
(() => {
  const by = (id) => document.getElementById(id);
  const root = document.documentElement;
  const rows = [...document.querySelectorAll('details.check')];
  const lists = [...document.querySelectorAll('.list')];

  // Theme: the system's, until somebody chooses.
  const theme = by('theme');
  const system = matchMedia('(prefers-color-scheme: dark)');
  const isDark = () => (root.dataset.theme || (system.matches ? 'dark' : 'light')) === 'dark';
  const nameTheme = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
  const kept = (action) => { try { return action(); } catch { return null; } };
  const chosen = kept(() => localStorage.getItem('gonogo-theme'));
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  theme.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    kept(() => localStorage.setItem('gonogo-theme', root.dataset.theme));
    nameTheme();
  });
  system.addEventListener('change', nameTheme);
  nameTheme();
  theme.hidden = false;

  // The details of a check are text until somebody opens it. Their markup is ours: what others wrote
  // was escaped when the page was made.
  const fill = (row) => {
    const source = row.querySelector(':scope > noscript');
    if (!source) return;
    const made = document.createElement('template');
    made.innerHTML = source.textContent;
    source.replaceWith(made.content);
  };
  document.addEventListener('toggle', (event) => {
    if (event.target.open && event.target.matches('details.check')) fill(event.target);
  }, true);
  const open = (row) => { fill(row); row.open = true; };
  let closed = [];
  addEventListener('beforeprint', () => {
    closed = rows.filter((row) => !row.hidden && !row.open);
    closed.forEach(open);
  });
  addEventListener('afterprint', () => { closed.forEach((row) => { row.open = false; }); });

  // What is searched: everything that is written of a check, made of its text when it is first needed.
  const signs = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };
  const texts = new Map();
  const text = (row) => {
    let known = texts.get(row);
    if (known === undefined) {
      const details = row.lastElementChild;
      const markup = details.localName === 'noscript' ? details.textContent : details.innerHTML;
      // Headings of ours are in every check: to find them helps nobody.
      const bare = markup.replace(/<thead>.*?<tbody>|<h4>.*?<\/h4>|<[^>]*>/g, ' ')
        .replace(/&(?:lt|gt|quot|#39|amp);/g, (sign) => signs[sign]);
      known = `${row.firstElementChild.textContent} ${bare}`.toLowerCase();
      texts.set(row, known);
    }
    return known;
  };

  // Search and filters, kept in the address.
  const query = by('q');
  const selects = ['severity', 'kind', 'phase', 'tag', 'change'].map(by).filter(Boolean);
  const picks = [...document.querySelectorAll('input[name="outcome"]')];
  const keys = { severity: 's', kind: 'k', phase: 'p', tag: 't', change: 'c' };
  const belongs = (row, select) => {
    const value = row.dataset[keys[select.id]];
    // A check without phases belongs to all of them.
    if (value === undefined) return select.id === 'phase';
    return value.split('\n').includes(select.value);
  };
  const apply = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const outcomes = picks.filter((pick) => pick.checked).map((pick) => pick.value);
    const chosenIn = selects.filter((select) => select.value);
    let found = 0;
    for (const row of rows) {
      const fits = (!outcomes.length || outcomes.includes(row.dataset.o))
        && chosenIn.every((select) => belongs(row, select))
        && words.every((word) => text(row).includes(word));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) found += 1;
    }
    root.classList.toggle('few', found < 500);
    for (const list of lists) {
      const fitting = list.querySelectorAll('details.check:not([hidden])').length;
      list.hidden = !fitting;
      list.querySelector('.n').textContent = fitting;
    }
    by('none').hidden = found > 0;
    const all = `${rows.length} check${rows.length === 1 ? '' : 's'}`;
    by('found').textContent = found === rows.length ? all : `${found} of ${all}`;
    by('clear').hidden = !(words.length || outcomes.length || chosenIn.length);
  };
  const keep = () => {
    const state = new URLSearchParams();
    if (query.value) state.set('q', query.value);
    for (const pick of picks) if (pick.checked) state.append('outcome', pick.value);
    for (const select of selects) if (select.value) state.set(select.id, select.value);
    kept(() => history.replaceState(null, '', `#${state}`));
  };
  const change = () => { apply(); keep(); };
  let waiting = 0;
  query.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(change, 60); });
  for (const field of [...picks, ...selects]) field.addEventListener('change', change);
  const clear = () => {
    query.value = '';
    for (const pick of picks) pick.checked = false;
    for (const select of selects) select.value = '';
    change();
  };
  by('clear').addEventListener('click', () => { clear(); query.focus(); });
  const shown = () => rows.filter((row) => !row.hidden);
  by('open').addEventListener('click', () => shown().forEach(open));
  by('close').addEventListener('click', () => shown().forEach((row) => { row.open = false; }));

  // The address names a check, a place of the page, or what is searched.
  const go = () => {
    const name = kept(() => decodeURIComponent(location.hash.slice(1))) || '';
    if (name.includes('=')) {
      const state = new URLSearchParams(location.hash.slice(1));
      query.value = state.get('q') || '';
      for (const pick of picks) pick.checked = state.getAll('outcome').includes(pick.value);
      for (const select of selects) select.value = state.get(select.id) || '';
      apply();
      by('checks').scrollIntoView();
      return;
    }
    const row = by(name);
    if (!row) return;
    if (!row.matches('details.check')) { row.scrollIntoView(); return; }
    if (row.hidden) { clear(); kept(() => history.replaceState(null, '', `#${name}`)); }
    open(row);
    row.scrollIntoView();
    row.firstElementChild.focus({ preventScroll: true });
  };
  addEventListener('hashchange', go);

  // Keys, which a box turns off.
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (event.key === 'Escape') { if (!by('clear').hidden) clear(); return; }
    if (!by('keys').checked || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName) && at.type !== 'checkbox') return;
    if (event.key === '/') {
      event.preventDefault();
      query.focus();
      query.select();
    } else if (event.key === 'j' || event.key === 'k') {
      const visible = shown();
      const here = visible.indexOf(at.closest('details.check'));
      const next = visible[event.key === 'j' ? here + 1 : here < 0 ? visible.length - 1 : here - 1];
      if (next) {
        event.preventDefault();
        next.firstElementChild.focus();
        next.scrollIntoView({ block: 'nearest' });
      }
    }
  });

  by('tools').hidden = false;
  apply();
  go();
})();
