// The page: what a caller sees and presses. What happens on the line is decided by the carrier on the server: see line.js.

import { Call } from "./line.js";
import { Sound } from "./sound.js";

const $ = (id) => document.getElementById(id);
const sound = new Sound();
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
  const log = $("transcript");
  log.scrollTop = log.scrollHeight;
  return item;
}

function choices(list) {
  const place = $("choices");
  const same = [...place.children].map((button) => button.dataset.choice).join() === list.map(([choice]) => choice).join();
  if (same) return; // what is being clicked stays where it is
  place.replaceChildren(...list.map(([choice, text, strong]) => {
    const button = element("button", strong ? "strong" : "", text);
    button.type = "button";
    button.dataset.choice = choice;
    button.addEventListener("click", () => call?.tell("choice", choice));
    return button;
  }));
  place.hidden = list.length === 0;
}

function light(keys) {
  for (const key of document.querySelectorAll(".key")) key.classList.toggle("lit", keys.includes(key.dataset.key));
}

/** What the call tells the page. */
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
    marks(answer.prompt?.node || answer.node);
    countdown(answer.prompt ? "" : answer.counts, answer.left_s);
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
    bubble(`event ending ${harm ? "harm" : ""}`, harm ? text : `${how}. ${text}.`);
    document.body.dataset.state = "ended";
    $("state").textContent = how;
    $("detail").textContent = text;
    $("entered").textContent = "";
    light([]);
    choices([]);
    $("speak").hidden = $("skip").hidden = $("hangup").hidden = true;
    $("path").querySelector("[aria-current]")?.removeAttribute("aria-current");
    $("call").hidden = false;
    $("call-label").textContent = "Call again";
    $("call").focus();
    call = null;
  },
};

function spoken(id) { return document.querySelector(`[data-prompt="${id}"]`); }

/** A node has been left, by way of a result. */
function leaves(node, result) {
  standsAt(node);
  const word = { done: "", hangup: "" }[result] ?? result.replaceAll("_", " ");
  if (word) $("path").lastElementChild.append(element("span", "result", word));
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

/** The node that speaks or listens now; further on the way may already be decided. */
function marks(node) {
  const list = $("path");
  const item = [...list.children].findLast((each) => each.dataset.node === node);
  if (!item || item.ariaCurrent === "step") return;
  list.querySelector("[aria-current]")?.removeAttribute("aria-current");
  item.setAttribute("aria-current", "step");
  item.scrollIntoView({ block: "nearest", inline: "end" });
}

/** The time that is left, and what it leads to. */
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
  call = new Call(page, sound);
  const clock = () => { if (call) $("clock").textContent = `${Math.floor(call.seconds / 60)}:${String(call.seconds % 60).padStart(2, "0")}`; };
  clock();
  ticking = setInterval(clock, 250);
  $("keypad").querySelector("button").focus({ preventScroll: true });
  await call.begin({ from: $("from").value.trim(), to: $("to").value.trim() });
}

function press(key) {
  const button = document.querySelector(`.key[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 160);
  sound.tone(key);
  call?.tell("key", key);
}

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
window.addEventListener("pagehide", () => call?.leave());
