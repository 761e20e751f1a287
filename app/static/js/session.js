// Says in time that a session is about to end. Without this file the session ends all the same, and what was typed
// comes back after signing in again.
(() => {
  'use strict';

  const box = document.getElementById('session');
  if (!box) return;

  const WARN_SECONDS = 300;
  const words = box.querySelector('[data-session-words]');
  const stay = box.querySelector('[data-session-stay]');
  const clock = { left: Number(box.dataset.left), most: Number(box.dataset.most), since: Date.now() };
  let timer = 0;

  const passed = () => (Date.now() - clock.since) / 1000;
  const left = () => Math.max(0, clock.left - passed());
  const isLast = () => clock.left >= clock.most - 1;

  function set(answer) {
    Object.assign(clock, { left: answer.left, most: answer.most, since: Date.now() });
    show();
  }

  function sentence() {
    if (left() <= 0) return box.dataset.over;
    const minutes = Math.max(1, Math.ceil(left() / 60));
    const which = isLast() ? 'last' : 'soon';
    return (minutes === 1 ? box.dataset[`${which}One`] : box.dataset[`${which}Many`]).replace('{n}', minutes);
  }

  function show() {
    clearTimeout(timer);
    const near = left() <= WARN_SECONDS;
    box.hidden = !near;
    stay.hidden = isLast() || left() <= 0;
    if (near && words.textContent !== sentence()) words.textContent = sentence();
    if (left() <= 0) return;
    timer = setTimeout(near ? show : ask, 1000 * (near ? Math.min(20, left()) : left() - WARN_SECONDS));
  }

  // Another tab may have kept the session alive: the server knows.
  async function ask() {
    try {
      const answer = await fetch(box.dataset.url, { headers: { Accept: 'application/json' } });
      set(await answer.json());
    } catch {
      show();
    }
  }

  stay.addEventListener('click', async () => {
    const body = new URLSearchParams({ csrf_token: box.dataset.token });
    try {
      const answer = await fetch(box.dataset.url, { method: 'POST', body });
      if (answer.ok) set(await answer.json());
    } catch {
      // No connection: the words stay, and the button can be pressed again.
    }
  });

  // A computer that slept wakes up with an old clock.
  document.addEventListener('visibilitychange', () => { if (!document.hidden) ask(); });
  show();
})();
