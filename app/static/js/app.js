// Small comforts on top of pages that work without this file: no framework, no request of its own.
(() => {
  'use strict';

  const root = document.documentElement;
  const YEAR_SECONDS = 31536000;
  const GUARD_MILLISECONDS = 10000;

  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  const remember = (name, value) => {
    document.cookie = `${name}=${value};path=/;max-age=${YEAR_SECONDS};samesite=lax`;
  };

  // What a screen reader should hear, without moving the focus.
  function say(words) {
    const live = document.getElementById('live');
    if (live) live.textContent = words;
  }

  function isDark() {
    if (root.classList.contains('dark')) return true;
    if (root.classList.contains('light')) return false;
    return matchMedia('(prefers-color-scheme: dark)').matches;
  }

  // The choice goes in a cookie, so that the server can write the class and no page flashes.
  function toggleTheme() {
    const buttons = all('[data-theme-toggle]');
    const show = () => buttons.forEach((button) => button.setAttribute('aria-pressed', isDark()));

    buttons.forEach((button) => button.addEventListener('click', () => {
      const next = isDark() ? 'light' : 'dark';
      root.classList.remove('light', 'dark');
      root.classList.add(next);
      remember('theme', next);
      show();
    }));
    show();
  }

  // <button data-opens="id"> and <button data-closes="id">, for dialogs and hidden parts.
  function openAndClose() {
    all('[data-opens]').forEach((button) => button.addEventListener('click', (event) => {
      event.preventDefault();
      const target = document.getElementById(button.dataset.opens);
      if (target.showModal) target.showModal();
      else target.hidden = false;
    }));
    all('[data-closes]').forEach((button) => button.addEventListener('click', () => {
      const target = document.getElementById(button.dataset.closes);
      if (target.close) target.close();
      else target.hidden = true;
    }));
  }

  function countPicked() {
    const picks = all('.pick:not([data-pick-all])');
    const whole = all('[data-pick-all]');
    const counters = all('[data-bulk-count]');
    if (!counters.length) return;

    const recount = () => {
      const picked = picks.filter((pick) => pick.checked).length;
      whole.forEach((box) => { box.checked = picks.length > 0 && picked === picks.length; });
      counters.forEach((output) => { output.textContent = `${picked} ${output.dataset.word || 'gekozen'}`; });
    };
    picks.forEach((pick) => pick.addEventListener('change', recount));
    whole.forEach((box) => box.addEventListener('change', () => {
      picks.forEach((pick) => { pick.checked = box.checked; });
      recount();
    }));
    recount();
  }

  // Filters that read as a sentence answer at once; their button stays for who has no script.
  function answerAtOnce() {
    all('form[data-instant] select').forEach((select) => {
      select.addEventListener('change', () => select.form.requestSubmit());
    });
  }

  // A second click on a slow evening must not send a form twice. The buttons are disabled after the
  // browser has gathered the form, because a disabled button would not send its own name and value.
  // A download leaves the page where it is, so the guard also lets go by itself.
  function guardAgainstDoubleSubmit() {
    let held = [];
    const release = () => {
      held.forEach((button) => { button.disabled = false; });
      held = [];
    };
    const hold = (form) => {
      const buttons = [...form.elements].filter((element) => element.type === 'submit' && !element.disabled);
      buttons.forEach((button) => { button.disabled = true; });
      held.push(...buttons);
      setTimeout(release, GUARD_MILLISECONDS);
    };
    document.addEventListener('submit', (event) => {
      if (event.target.method !== 'post') return;
      setTimeout(() => { if (!event.defaultPrevented) hold(event.target); });
    });
    addEventListener('pageshow', release);
  }

  function focusErrors() {
    const errors = document.querySelector('.errors-top');
    if (errors) errors.focus();
  }

  // "Back" keeps what was typed; the address in the link is for who has no script.
  function goBack() {
    all('[data-back]').forEach((link) => link.addEventListener('click', (event) => {
      if (history.length < 2) return;
      event.preventDefault();
      history.back();
    }));
  }

  function isTyping(element) {
    if (!element || !element.tagName) return false;
    if (element.isContentEditable) return true;
    if (!/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) return false;
    return !/^(checkbox|radio)$/.test(element.type);
  }

  function focusSearch(event) {
    const search = document.getElementById('search');
    if (!search || !search.offsetParent) return;
    event.preventDefault();
    search.focus();
    search.select();
  }

  function showKeys(event) {
    const keys = document.getElementById('keys');
    if (!keys) return;
    event.preventDefault();
    keys.showModal();
  }

  // The next record opens, so that a letter always acts on the record that is read.
  function moveInQueue(event, step) {
    const items = all('.queue-item a');
    const here = items.findIndex((link) => link.hasAttribute('aria-current'));
    const next = items[Math.max(0, Math.min(items.length - 1, here + step))];
    if (!next || next === items[here]) return;
    event.preventDefault();
    next.click();
  }

  // From one record to the next, reading goes on at its title.
  function focusRecord() {
    const title = document.querySelector('.queue #rec');
    if (!title || !document.referrer || document.querySelector('.record [role="alert"]')) return;
    if (new URL(document.referrer).pathname === location.pathname) title.focus({ preventScroll: true });
  }

  // The words of a button, without the letter it shows.
  function wordsOf(button) {
    const copy = button.cloneNode(true);
    all('kbd', copy).forEach((key) => key.remove());
    return copy.textContent.trim();
  }

  function pressButtonOf(event) {
    const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    say(wordsOf(button));
    button.click();
  }

  // Single letters never work while typing, and each person can switch them off (WCAG 2.1.4).
  function listenToKeys() {
    document.addEventListener('keydown', (event) => {
      const chord = event.ctrlKey || event.metaKey;
      if (chord && !event.altKey && event.key.toLowerCase() === 'k') return focusSearch(event);
      if (chord || event.altKey || event.repeat || isTyping(event.target)) return undefined;
      if (root.dataset.keys === 'off' || document.querySelector('dialog[open]')) return undefined;
      if (event.key === '?') return showKeys(event);
      if (event.key === 'j') return moveInQueue(event, 1);
      if (event.key === 'k') return moveInQueue(event, -1);
      return pressButtonOf(event);
    });
  }

  // <button data-keys-toggle>: letters on or off, kept in a cookie so that the server can write data-keys.
  function switchKeys() {
    const buttons = all('[data-keys-toggle]');
    const show = () => buttons.forEach((button) => {
      button.setAttribute('aria-pressed', root.dataset.keys !== 'off');
    });
    buttons.forEach((button) => button.addEventListener('click', () => {
      root.dataset.keys = root.dataset.keys === 'off' ? 'on' : 'off';
      remember('keys', root.dataset.keys);
      show();
    }));
    show();
  }

  // <form data-at-once>: a page whose only work is to send what it holds on.
  function sendAtOnce() {
    const form = document.querySelector('form[data-at-once]');
    if (form) form.submit();
  }

  sendAtOnce();
  toggleTheme();
  openAndClose();
  countPicked();
  answerAtOnce();
  guardAgainstDoubleSubmit();
  focusErrors();
  focusRecord();
  goBack();
  listenToKeys();
  switchKeys();
})();
