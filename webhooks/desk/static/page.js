// What both pages of the desk share: events, actions, clocks, and texts that are never read as HTML.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// Rebuilds a list only when what it shows has changed, so that nobody loses their place in it.
const shown = new Map();
export function fill(id, data, row) {
  const text = JSON.stringify(data);
  if (shown.get(id) === text) return false;
  shown.set(id, text);
  const list = $(id);
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  list.replaceChildren(...data.map(row));
  if (focused) list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
  const none = $(`no-${id}`);
  if (none) none.hidden = data.length > 0;
  return true;
}

export function set(id, text) {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}

// --- time: the server's clock, whatever this machine's says ----------------------------------------------------------

let ahead_ms = 0;
export const now_us = () => (Date.now() + ahead_ms) * 1000;

export function clock(us) {
  const s = Math.max(0, Math.floor(us / 1e6));
  const two = (n) => String(n).padStart(2, "0");
  return s < 3600 ? `${Math.floor(s / 60)}:${two(s % 60)}` : `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}`;
}

export function words(us) {
  const s = Math.round(us / 1e6);
  if (s < 60) return `${s} s`;
  const m = Math.round(s / 60);
  return m < 60 ? `${m} min` : `${Math.floor(m / 60)} h ${m % 60} min`;
}

export const timeOfDay = (us) => new Date(us / 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

// Elements with data-since or data-until run by themselves.
export function tick() {
  for (const element of document.querySelectorAll("[data-since]")) {
    const text = clock(now_us() - Number(element.dataset.since));
    if (element.textContent !== text) element.textContent = text;
  }
}
setInterval(tick, 250);

// --- events and actions ----------------------------------------------------------------------------------------------

const LOST_MS = 6000;
let labels = {};
export const queueName = (queue) => labels[queue] ?? queue ?? "";

export function listen(address, render) {
  let heard = Date.now();
  const source = new EventSource(address);
  source.onopen = () => { heard = Date.now(); $("lost").hidden = true; };
  source.onmessage = (event) => {
    heard = Date.now();
    $("lost").hidden = true;
    const state = JSON.parse(event.data);
    ahead_ms = state.now_us / 1000 - Date.now();
    labels = Object.fromEntries((state.queues ?? []).map((one) => [one.queue, one.label]));
    set("notice", state.notice ?? "");
    $("notice").hidden = !state.notice;
    render(state);
    tick();
    document.dispatchEvent(new CustomEvent("desk:state", { detail: state }));
  };
  const over = () => { source.close(); location.assign("/desk/sign-in"); };
  source.addEventListener("over", over);
  source.onerror = async () => {
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    const answer = await fetch(address, { method: "GET", headers: { Accept: "text/event-stream" } }).catch(() => null);
    answer?.body?.cancel();
    if (answer && answer.status === 401) over();
    else setTimeout(() => listen(address, render), 2000);
  };
  const watch = setInterval(() => {
    if (source.readyState === EventSource.CLOSED) clearInterval(watch);
    if (Date.now() - heard > LOST_MS && source.readyState !== EventSource.OPEN) $("lost").hidden = false;
  }, 1000);
}

let toasting;
export function toast(text) {
  const box = $("toast");
  clearTimeout(toasting);
  box.textContent = text;
  box.hidden = !text;
  if (text) toasting = setTimeout(() => { box.hidden = true; }, 6000);
}

export const csrf = document.querySelector('meta[name="csrf"]').content;
export async function act(address, posted = {}) {
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF": csrf },
      body: JSON.stringify(posted),
    });
    if (answer.status === 401) { location.assign("/desk/sign-in"); return false; }
    const said = answer.headers.get("Content-Type")?.includes("json") ? (await answer.json()).said : await answer.text();
    toast(answer.ok ? "" : said);
    return answer.ok;
  } catch {
    toast("The line cannot be reached; nothing was done.");
    return false;
  }
}

export function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
}

export const STATES = {
  signed_out: "Signed out", ready: "Ready", offered: "Ringing", talking: "On a call", wrap_up: "Wrap-up", paused: "Paused",
};

export function queueRow(queue) {
  return make("tr", { class: queue.mine === false ? "others" : null },
    make("th", { scope: "row" }, queue.label),
    make("td", {}, queue.waiting ? make("b", {}, String(queue.waiting)) : "0"),
    make("td", {}, queue.since_us ? make("span", { "data-since": queue.since_us }) : "–"));
}
