// The page: what a caller sees and presses. What a carrier does is in carrier.js.

import { Call } from "./carrier.js";
import { Sound } from "./sound.js";

const $ = (id) => document.getElementById(id);
const sound = new Sound();
const LANGUAGE_NAMES = "DisplayNames" in Intl ? new Intl.DisplayNames(["en"], { type: "language" }) : null;
const OUTCOMES = {
  contained: "was served by the line", handled: "was served by an agent", abandoned: "gave up waiting",
  abandoned_in_menu: "hung up in the menu", voicemail: "left a message", callback: "will be called back",
  transferred_out: "was connected to another number", closed: "called outside opening hours", failed: "could not be helped",
};
let call = null;
let sensitive = false;
let outcome = "";
let ticking = 0;
let meter = null;

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
  place.replaceChildren(...list.map(([choice, text, strong]) => {
    const button = element("button", strong ? "strong" : "", text);
    button.type = "button";
    button.dataset.choice = choice;
    button.addEventListener("click", () => call?.decide(choice));
    return button;
  }));
  place.hidden = list.length === 0;
}

function light(keys) {
  for (const key of document.querySelectorAll(".key")) key.classList.toggle("lit", keys.includes(key.dataset.key));
}

/** What the carrier tells the page. */
const phone = {
  longestWait: null,
  shownNode: "",
  lastState: {},

  moved(state) {
    if (!("node" in state)) return;
    this.lastState = state;
    sensitive = Boolean(state.sensitive);
    if ("max_wait_s" in state) this.longestWait = state.max_wait_s;
    outcome = state.ended ?? "";
    for (const [node, result] of state.passed ?? []) this.passed(node, result);
    if (!state.ended) this.standsAt(state.node);
    const name = LANGUAGE_NAMES?.of(state.language) ?? state.language;
    $("language").hidden = false;
    $("language-name").textContent = name;
    $("language-name").title = state.language;
  },

  passed(node, result) {
    this.standsAt(node);
    const word = { done: "", hangup: "" }[result] ?? result.replaceAll("_", " ");
    if (word) $("path").lastElementChild.append(element("span", "result", word));
    $("path").lastElementChild.dataset.left = "yes";
  },

  standsAt(node) {
    const list = $("path");
    list.querySelector(".none")?.remove();
    const last = list.lastElementChild;
    if (last?.dataset.node !== node || last.dataset.left) {
      const item = element("li", "");
      item.dataset.node = node;
      item.append(element("span", "node", node));
      list.append(item);
    }
    this.marks(node);
  },

  /** The node that speaks or listens now; further on the way may already be decided. */
  marks(node) {
    const list = $("path");
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    const item = [...list.children].findLast((each) => each.dataset.node === node);
    item?.setAttribute("aria-current", "step");
    item?.scrollIntoView({ block: "nearest", inline: "end" });
  },

  state(name, about = {}) {
    document.body.dataset.state = name;
    const bound = this.lastState.keys ?? [];
    const texts = {
      speaking: ["Line speaks", "Please listen."],
      listening: ["Listening", bound.length ? "Press a lit key, or stay silent." : "Enter digits, then pound."],
      holding: ["On hold", `Queue: ${about.queue}${bound.length ? ". A lit key leaves it." : ""}`],
      talking: [about.text, "Hang up, or let the other side do it."],
      dialling: ["Ringing", `Calling ${about.number}`],
      recording: ["Recording", "Speak after the tone; pound ends it."],
    };
    [$("state").textContent, $("detail").textContent] = texts[name];
    if (name !== "speaking" && this.lastState.node) this.marks(this.lastState.node);
    $("entered").textContent = "";
    light(name === "listening" || name === "holding" ? (bound.length || name === "holding" ? bound : [..."0123456789#"]) : []);
    $("speak").hidden = !about.speech;
    $("skip").hidden = !["speaking", "listening", "holding"].includes(name);
    choices({
      holding: [["answered", "Agent answers", true], ...(this.longestWait ? [["timeout", "Wait runs out"]] : []), ["full", "Queue is full"]],
      talking: [["over", about.ends ?? ""]],
      dialling: [["answered", "They answer", true], ["busy", "Busy"], ["no_answer", "No answer"]],
      recording: [["recorded", "Done recording", true], ["empty", "Say nothing"]],
    }[name] ?? []);
  },

  said(text, language, node, recording) {
    const item = bubble("line", recording ? `Recording: ${text.split("/").pop()}` : text, node && node !== this.shownNode ? node : "");
    item.lang = language;
    this.shownNode = node || this.shownNode;
    if (node) this.marks(node);
    item.classList.add("speaking");
    return { done: () => item.classList.remove("speaking") };
  },

  typed(digits) { $("entered").textContent = sensitive ? "•".repeat(digits.length) : digits; },

  did(what, how) {
    $("entered").textContent = "";
    if (how.other) bubble("event", what);
    else if (how.speech) bubble("caller", `“${what}”`);
    else if (how.keys && !what) bubble("event", "says nothing");
    else if (how.keys) bubble("caller keys", sensitive ? "•".repeat(what.length) : [...what].join(" "));
    else bubble(how.silent ? "event" : "caller", what);
    this.shownNode = "";
  },

  countdown(seconds) {
    cancelAnimationFrame(meter);
    $("meter").hidden = !seconds;
    if (!seconds) return;
    const until = performance.now() + seconds * 1000;
    const tick = () => {
      const left = Math.max(0, until - performance.now());
      $("meter-bar").style.inlineSize = `${(left / seconds / 10).toFixed(1)}%`;
      $("detail").textContent = `Time-out in ${Math.ceil(left / 1000)} s`;
      if (left > 0) meter = requestAnimationFrame(tick);
    };
    tick();
  },

  ended(how) { over(how, outcome ? `The caller ${OUTCOMES[outcome] ?? outcome}` : "The call is over"); },

  failed(why) { over("No connection", why, "harm"); },
};

function over(how, text, kind = "") {
  clearInterval(ticking);
  phone.countdown(0);
  bubble(`event ending ${kind}`, kind ? text : `${how}. ${text}.`);
  document.body.dataset.state = "ended";
  $("state").textContent = how;
  $("detail").textContent = text;
  light([]);
  choices([]);
  $("speak").hidden = $("skip").hidden = $("hangup").hidden = true;
  $("path").querySelector("[aria-current]")?.removeAttribute("aria-current");
  $("call").hidden = false;
  $("call-label").textContent = "Call again";
  $("call").focus();
  call = null;
}

async function place() {
  if (call) return;
  outcome = "";
  phone.shownNode = "";
  $("path").replaceChildren();
  $("transcript").replaceChildren();
  $("call").hidden = true;
  $("hangup").hidden = false;
  document.body.dataset.state = "ringing";
  $("state").textContent = "Calling";
  $("detail").textContent = document.body.dataset.line;
  call = new Call(phone, sound, { from: $("from").value.trim(), to: $("to").value.trim() });
  const clock = () => { if (call) $("clock").textContent = `${Math.floor(call.seconds / 60)}:${String(call.seconds % 60).padStart(2, "0")}`; };
  clock();
  ticking = setInterval(clock, 250);
  $("keypad").querySelector("button").focus({ preventScroll: true });
  await call.run();
}

function press(key) {
  const button = document.querySelector(`.key[data-key="${CSS.escape(key)}"]`);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 160);
  sound.tone(key);
  call?.press(key);
}

$("call").addEventListener("click", place);
$("hangup").addEventListener("click", () => call?.hangUp());
$("skip").addEventListener("click", () => call?.skip());
$("keypad").addEventListener("click", (event) => {
  const key = event.target.closest(".key")?.dataset.key;
  if (key) press(key);
});
$("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  const words = $("words").value.trim();
  if (words) call?.speak(words);
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
window.addEventListener("pagehide", () => call?.hangUp());
