// The page: what a caller sees and presses. The carrier on the server decides what happens on the line: see line.js.

import { Call } from "./line.js";
import { Sound } from "./sound.js";

const $ = (id) => document.getElementById(id);
const sound = new Sound();
const { zone, nowMs } = document.body.dataset;
const DATE = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const brought = new Map(); // the last values entered for each lookup, by node
const LANGUAGE_NAMES = "DisplayNames" in Intl ? new Intl.DisplayNames(["en"], { type: "language" }) : null;
let call = null;
let ticking = 0;
let meter = null;
let shownNode = "";

/** An element with a class and text. */
function element(name, className, text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function bubble(kind, text, label = "") {
  $("empty")?.remove();
  const item = element("div", `bubble ${kind}`);
  if (label) item.append(element("span", "label", label));
  item.append(element("p", "", text));
  $("transcript").append(item);
  toTheEnd();
  return item;
}

/** Scrolls to the last entry, even after the keypad has grown. */
function toTheEnd() { $("transcript").scrollTop = $("transcript").scrollHeight; }

function choices(list) {
  const place = $("choices");
  const same = [...place.children].map((button) => button.dataset.choice).join() === list.map(([choice]) => choice).join();
  if (same) return; // keep the buttons, one may be being clicked
  place.replaceChildren(...list.map(([choice, text, strong]) => {
    const button = element("button", strong ? "strong" : "", text);
    button.type = "button";
    button.dataset.choice = choice;
    button.addEventListener("click", () => call?.tell("choice", choice));
    return button;
  }));
  place.hidden = list.length === 0;
}

/** Asks for the answer of a lookup: a button for each outcome, a field for each value. */
function lookup(asked) {
  const form = $("lookup");
  if (!asked) { form.hidden = true; return; }
  if (!form.hidden && form.dataset.node === asked.name) return;
  form.dataset.node = asked.name;
  const known = brought.get(asked.name) ?? {};
  $("values").replaceChildren(...asked.values.map((name) => {
    const label = element("label", "", name);
    const input = element("input", "");
    [input.name, input.autocomplete, input.value] = [name, "off", known[name] ?? ""];
    label.append(input);
    return label;
  }));
  $("answers").replaceChildren(...asked.labels.map((label) => {
    const button = element("button", "", label.replaceAll("_", " "));
    button.type = "submit";
    button.value = label;
    if (label === asked.came_to) button.append(element("small", "", "as it is now"));
    return button;
  }));
  form.hidden = false;
  form.querySelector("input, button").focus({ preventScroll: true });
}

/** Joins sentences, each with its full stop. */
function sentences(...texts) {
  return texts.filter(Boolean).map((text) => (/[.?!]$/.test(text) ? text : `${text}.`)).join(" ");
}

function light(keys) {
  for (const key of document.querySelectorAll(".key")) key.classList.toggle("lit", keys.includes(key.dataset.key));
}

/** What the call shows on the page. */
const page = {
  show(answer) {
    for (const entry of answer.entries) this[entry.kind](entry);
    if (answer.ended) return;
    document.body.dataset.state = answer.state;
    [$("state").textContent, $("detail").textContent] = [answer.title, answer.detail];
    $("entered").textContent = answer.entered;
    light(answer.keys);
    $("speak").hidden = !answer.speech;
    $("skip").hidden = !answer.skip;
    $("skip").textContent = answer.skip || $("skip").textContent;
    choices(answer.choices);
    lookup(answer.asked);
    marks(answer.prompt?.node || answer.node);
    countdown(answer.prompt ? "" : answer.counts, answer.left_s);
    toTheEnd();
  },

  moved({ passed, node, language }) {
    for (const [each, result] of passed) leaves(each, result);
    if (node) standsAt(node);
    const name = LANGUAGE_NAMES?.of(language) ?? language;
    $("language").hidden = !language;
    $("language-name").textContent = name;
    $("language-name").title = language;
  },

  prompt({ id, text, language, node, cut }) {
    const item = bubble("line", text, node && node !== shownNode ? node : "");
    item.lang = language;
    item.dataset.prompt = id;
    item.classList.toggle("cut", cut);
    shownNode = node || shownNode;
  },

  cut({ id }) { spoken(id)?.classList.add("cut"); },

  keys({ text }) { this.deed("caller keys", text); },

  words({ text }) { this.deed("caller", `“${text}”`); },

  caller({ text }) { this.deed("caller", text); },

  other({ text, by }) {
    bubble("line", text, by);
    shownNode = "";
  },

  event({ text }) { this.deed("event", text); },

  lost({ text }) {
    if (document.querySelector("#transcript .bubble:last-child.lost")) return; // once is enough
    bubble("event lost", text);
  },

  problem({ text, hint, severity }) { bubble(`event ${severity === "error" ? "harm" : "warning"}`, hint ? `${text}. ${hint}.` : text); },

  deed(kind, text) {
    bubble(kind, text);
    shownNode = "";
  },

  playing(id) { spoken(id)?.classList.add("speaking"); },

  played(id) { spoken(id)?.classList.remove("speaking"); },

  ended(how, text, harm) {
    clearInterval(ticking);
    countdown("");
    bubble(`event ending ${harm ? "harm" : ""}`, sentences(how, text));
    document.body.dataset.state = "ended";
    $("state").textContent = "Call ended"; // the last line of the transcript says how
    $("detail").textContent = "";
    $("entered").textContent = "";
    light([]);
    choices([]);
    lookup(null);
    $("speak").hidden = $("skip").hidden = $("hangup").hidden = true;
    $("path").querySelector("[aria-current]")?.removeAttribute("aria-current");
    $("call").hidden = false;
    $("call-label").textContent = "Call again";
    $("call").focus();
    toTheEnd();
    call = null;
  },
};

function spoken(id) { return document.querySelector(`[data-prompt="${id}"]`); }

/** Marks a node as left, with its result. */
function leaves(node, result) {
  standsAt(node);
  const word = { done: "", hangup: "" }[result] ?? result.replaceAll("_", " ");
  if (word) $("path").lastElementChild.append(element("span", "visually-hidden", ": "), element("span", "result", word));
  $("path").lastElementChild.dataset.left = "yes";
}

function standsAt(node) {
  const list = $("path");
  list.querySelector(".none")?.remove();
  const last = list.lastElementChild;
  if (last?.dataset.node === node && !last.dataset.left) return;
  const item = element("li", "");
  item.dataset.node = node;
  item.append(element("span", "node", node));
  list.append(item);
}

/** Marks the node that speaks or listens now; later nodes of the path may be known already. */
function marks(node) {
  const list = $("path");
  const item = [...list.children].findLast((each) => each.dataset.node === node);
  if (!item || item.ariaCurrent === "step") return;
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  item.setAttribute("aria-current", "step");
  item.scrollIntoView({ block: "nearest", inline: "end" });
}

/** Shows the time left, and what happens then. */
function countdown(leads, seconds) {
  cancelAnimationFrame(meter);
  $("meter").hidden = !leads;
  if (!leads) return;
  const until = performance.now() + seconds * 1000;
  const detail = $("detail").textContent;
  const tick = () => {
    const left = Math.max(0, until - performance.now());
    $("meter-bar").style.inlineSize = `${(left / seconds / 10).toFixed(1)}%`;
    $("detail").textContent = `${detail} ${leads} ${Math.ceil(left / 1000)}\u00a0s`.trim();
    if (left > 0) meter = requestAnimationFrame(tick);
  };
  tick();
}

async function place() {
  if (call) return;
  shownNode = "";
  $("path").replaceChildren();
  $("transcript").replaceChildren();
  $("call").hidden = true;
  $("hangup").hidden = false;
  document.body.dataset.state = "ringing";
  $("state").textContent = "Calling";
  $("detail").textContent = document.body.dataset.line;
  call = new Call(page, sound, document.body.dataset.exchange === "yes");
  $("who").open = false;
  const clock = () => { if (call) $("clock").textContent = `${Math.floor(call.seconds / 60)}:${String(call.seconds % 60).padStart(2, "0")}`; };
  clock();
  ticking = setInterval(clock, 250);
  $("keypad").querySelector("button").focus({ preventScroll: true });
  await call.begin({ from: $("withheld").checked ? "withheld" : $("from").value.trim(), to: $("to").value.trim(), at: $("at").value });
}

function press(key) {
  const button = document.querySelector(`.key[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 160);
  sound.tone(key);
  call?.tell("key", key);
}

/** Shows the date and time on the line: of the call, as set, else now. */
function when() {
  const set = $("at").value;
  let text = "";
  if (call?.began) text = shown(call.began + call.seconds * 1000, zone);
  else if (set) text = shown(Date.parse(`${set}Z`), "UTC"); // a local time in the zone of the line
  else text = shown(Number(nowMs) + performance.now(), zone);
  if ($("when").textContent !== text) $("when").textContent = text;
}

function shown(ms, timeZone) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { ...DATE, timeZone }).formatToParts(ms).map(({ type, value }) => [type, value]));
  return `${parts.weekday} ${parts.day} ${parts.month} ${parts.year}, ${parts.hour}:${parts.minute}`;
}

when();
setInterval(when, 500);
$("at").addEventListener("input", when);
$("now").addEventListener("click", () => { $("at").value = ""; when(); });
$("open-hour")?.addEventListener("click", () => {
  $("at").value = $("open-hour").dataset.at;
  $("closed").remove();
  when();
  $("call").focus();
});
$("withheld").addEventListener("change", () => { $("from").disabled = $("withheld").checked; });
$("lookup").addEventListener("submit", (event) => {
  event.preventDefault();
  const values = Object.fromEntries([...$("values").querySelectorAll("input")].map((input) => [input.name, input.value.trim()]));
  brought.set($("lookup").dataset.node, values);
  call?.tell("answer", event.submitter?.value ?? $("answers").firstElementChild.value, values);
});
$("way").addEventListener("keydown", (event) => {
  if (event.key === "Home" || event.key === "End") { event.preventDefault(); $("way").scrollLeft = event.key === "Home" ? 0 : $("way").scrollWidth; }
});
$("call").addEventListener("click", place);
$("hangup").addEventListener("click", () => call?.tell("hangup"));
$("skip").addEventListener("click", () => call?.remark("skip"));
$("keypad").addEventListener("click", (event) => {
  const key = event.target.closest(".key")?.dataset.key;
  if (key) press(key);
});
$("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = $("words").value.trim();
  if (words) call?.tell("words", words);
  $("words").value = "";
});
$("mute").addEventListener("click", () => {
  sound.muted = !sound.muted;
  $("mute").setAttribute("aria-pressed", String(sound.muted));
  $("mute-label").textContent = sound.muted ? "Sound off" : "Sound on";
  if (sound.muted) sound.engine?.cancel();
});
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9*#]$/.test(event.key)) { event.preventDefault(); press(event.key); }
});
window.addEventListener("resize", toTheEnd);
window.addEventListener("pagehide", () => call?.leave());
