// The page of somebody who answers.

import { $, STATES, act, clock, fill, listen, make, now_us, openDialog, queueName, queueRow, set, timeOfDay, toast, words } from "./page.js";

const body = document.body;
let state = null;
const offer = () => state?.call?.offer;

// --- what is shown ---------------------------------------------------------------------------------------------------

function render(next) {
  const before = state;
  state = next;
  const { me, call } = next;
  body.dataset.state = me.state;
  renderMe(me, call);
  renderCall(call, me);
  fill("queues", next.queues, queueRow);
  fill("callbacks", next.work.callbacks, callbackRow);
  fill("voicemails", next.work.voicemails, voicemailRow);
  renderDay(next.day);
  renderTargets(next);
  title();
  if (me.state === "offered" && before?.me.state !== "offered") $("call-offer").focus?.();
}

function renderMe(me, call) {
  const ends = me.state === "wrap_up" && me.until_us;
  set("state", me.state === "offered" && call?.state === "made" ? "Call for you" : STATES[me.state]);
  set("state-more", more(me));
  const clockElement = $("state-clock");
  if (ends) delete clockElement.dataset.since;
  else clockElement.dataset.since = me.since_us;
  $("wrap-meter").hidden = !ends;
  show("ready", ["paused", "signed_out"].includes(me.state) || (me.state === "talking" && me.reason));
  $("ready").textContent = me.state === "talking" ? "Ready after this call" : me.state === "signed_out" ? "Begin shift" : "Ready";
  show("wrapped", me.state === "wrap_up");
  show("pause", ["ready", "wrap_up", "talking", "paused"].includes(me.state));
  $("pause").textContent = me.state === "talking" ? "Pause after this call" : me.state === "paused" ? "Another reason" : "Pause";
}

function more(me) {
  switch (me.state) {
    case "paused": return me.reason === "missed calls" ? `After ${me.misses} missed calls. Are you there?` : me.reason === "gone" ? "This page was silent for a while." : sentence(me.reason);
    case "ready": return `Calls ring at ${me.rings_at === "browser" ? "this desk" : me.rings_at}.`;
    case "talking": return me.reason ? `Pause afterwards: ${me.reason}` : "";
    case "wrap_up": return me.reason ? `Then pause: ${me.reason}` : "Then you are ready again.";
    case "signed_out": return "Your shift is over.";
    default: return "";
  }
}

const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) : "");

function show(id, wanted) {
  const element = $(id);
  if (!wanted && element === document.activeElement) $("state").focus();
  element.hidden = !wanted;
}

const LIVE = ["made", "ringing", "answered", "accepted", "connected"];
const OFFERED = ["made", "ringing", "answered"];

function renderCall(call, me) {
  $("no-call").hidden = Boolean(call);
  $("in-hand").hidden = !call;
  set("no-call-more", me.state === "ready" ? "You are next in line. Calls come here." : "Calls come here while you are ready.");
  if (!call) return;
  const offered = OFFERED.includes(call.state);
  const talking = ["accepted", "connected"].includes(call.state);
  set("call-queue", { callback: `Callback · ${queueName(call.queue)}`, consult: `${nameOf(call.from)} asks for help · ${queueName(call.queue)}` }[call.kind] ?? queueName(call.queue));
  set("call-caller", call.name || call.caller || (call.withheld ? "Number withheld" : "Caller unknown"));
  const clockElement = $("call-clock");
  if (call.ended_us) { delete clockElement.dataset.since; clockElement.textContent = clock(call.ended_us - call.accepted_us); }
  else clockElement.dataset.since = (talking ? call.accepted_us : call.joined_us) ?? call.made_us;
  $("call-offer").hidden = !offered;
  set("call-offer", offered ? offerWords(call, me) : "");
  fill("call-facts", facts(call), (text) => make("li", {}, text));
  show("decline", offered);
  show("transfer", call.state === "connected" && !call.asked);
  show("take-back", call.state === "connected" && Boolean(call.asked));
  $("take-back").textContent = call.asked?.with_you ? "Take back" : "Stop asking";
  $("hang-up").textContent = call.asked?.with_you ? "Leave them to it" : "End my part";
  show("hang-up", talking);
  $("results").hidden = !(call.work && !offered);
  fill("way", call.way, (stop) => make("li", {}, make("b", {}, stop.words), make("code", {}, stop.node)));
  fill("values", call.values, (value) => make("div", {}, make("dt", {}, value.name.replaceAll("_", " ")), make("dd", {}, value.text)));
  fill("notes", call.notes, noteRow);
  fill("earlier", call.earlier, noteRow);
  $("earlier-box").hidden = !call.earlier.length;
}

function offerWords(call, me) {
  const at = me.rings_at === "browser" ? "Your telephone here" : `Your telephone ${me.rings_at}`;
  if (call.state === "answered") return "Press 1 on your telephone to take the call.";
  return call.state === "made" ? `${at} is about to ring.` : `${at} rings. Pick up, then press 1.`;
}

function facts(call) {
  const found = [];
  if (call.language) found.push(languageName(call.language));
  if (call.waited_us !== null && call.waited_us !== undefined) found.push(`Waited ${words(call.waited_us)}`);
  if (call.name && call.caller) found.push(call.caller);
  if (call.from && call.kind !== "consult") found.push(`From ${nameOf(call.from)}`);
  if (call.tries) found.push(`Try ${call.tries + 1}`);
  if (call.asked) found.push(call.asked.with_you ? `${nameOf(call.asked.agent)} is with you` : call.asked.agent ? `${nameOf(call.asked.agent)} is being asked` : `Asking ${queueName(call.asked.queue)}`);
  if (call.guest) found.push(call.guest);
  if (!LIVE.includes(call.state)) found.push("The call is over");
  return found;
}

function nameOf(agent) {
  if (agent === state.me.agent) return "You";
  return state.agents.find((one) => one.agent === agent)?.name ?? agent;
}

function languageName(tag) {
  try { return new Intl.DisplayNames(["en"], { type: "language" }).of(tag); } catch { return tag; }
}

function noteRow(note) {
  return make("li", {}, make("p", {}, note.text), make("small", {}, `${nameOf(note.agent)}, ${timeOfDay(note.at_us)}`));
}

const PROMISED = { now: "as soon as possible", hour: "within the hour", later: "later" };

function callbackRow(one) {
  const due = one.state === "taken" ? `${nameOf(one.agent)} calls now` : one.next_us > now_us() ? `at ${dayAndTime(one.next_us)}` : PROMISED[one.due] ?? one.due;
  const button = (how, label) => make("button", { type: "button", class: "quiet", "data-focus": `${one.call_sid} ${one.seq} ${how}`, "data-callback": how, "data-sid": one.call_sid, "data-seq": one.seq, "aria-label": `${label}: ${one.number || "callback"}` }, label);
  return make("li", {}, make("p", {}, make("b", {}, one.number || "Number unknown"), ` ${queueName(one.queue)}`),
    make("small", {}, [due, one.tries ? `tried ${one.tries === 1 ? "once" : `${one.tries} times`}` : "", one.note].filter(Boolean).join(" · ")),
    one.state === "taken" ? null : make("div", { class: "buttons" }, button("done", "Done"), button("failed", "Drop")));
}

function dayAndTime(us) {
  const day = new Date(us / 1000);
  return day.toDateString() === new Date(now_us() / 1000).toDateString() ? timeOfDay(us) : day.toLocaleString([], { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

const unheard = new Set();

function voicemailRow(one) {
  const named = `${one.call_sid} ${one.seq}`;
  const player = make("audio", { controls: true, preload: "none", src: `/desk/voicemails/${encodeURIComponent(one.call_sid)}/${one.seq}`, "aria-label": `Message of ${dayAndTime(one.at_us)}` });
  const broken = () => { unheard.add(named); player.replaceWith(make("p", { class: "soft" }, "The carrier does not give this message out now.")); };
  player.addEventListener("error", broken);
  return make("li", {}, make("p", {}, make("b", {}, one.number || "Caller unknown"), ` ${one.box ?? ""}`),
    make("small", {}, [dayAndTime(one.at_us), words(one.length_us), one.language ? languageName(one.language) : ""].filter(Boolean).join(" · ")),
    unheard.has(named) ? make("p", { class: "soft" }, "The carrier does not give this message out now.") : player,
    one.transcript ? make("p", { class: "transcript" }, one.transcript) : null,
    make("div", { class: "buttons" }, make("button", { type: "button", class: "quiet", "data-focus": named, "data-voicemail": "done", "data-sid": one.call_sid, "data-seq": one.seq, "aria-label": `Done: message of ${dayAndTime(one.at_us)}` }, "Done")));
}

function renderDay(day) {
  const figures = [["Calls", String(day.calls)], ["Talk", words(day.talk_us)], ["Occupancy", day.occupancy === null ? "–" : `${Math.round(day.occupancy * 100)} %`], ["Missed", String(day.missed)]];
  fill("figures", figures, ([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
  fill("log", day.offers, (one) => make("li", { class: one.talk_us === null ? "untaken" : null },
    make("time", {}, timeOfDay(one.at_us)), make("span", {}, queueName(one.queue)), make("span", { class: "soft" }, one.talk_us === null ? one.words : words(one.talk_us))));
}

let targets = "";
function renderTargets(next) {
  const text = JSON.stringify([next.queues.map((one) => one.queue), next.agents]);
  if (targets === text || $("transfer-dialog").open) return;
  targets = text;
  const option = (value, label) => make("option", { value }, label);
  $("to").replaceChildren(
    make("optgroup", { label: "Queues" }, ...next.queues.map((one) => option(one.queue, one.label))),
    make("optgroup", { label: "People" }, ...next.agents.filter((one) => one.state !== "signed_out").map((one) => option(one.agent, `${one.name} (${STATES[one.state].toLowerCase()})`))),
    make("optgroup", { label: "Elsewhere" }, option("+", "A number…")));
}

// The title rings too: another tab may be in front.
function title() {
  const { me, call } = state ?? {};
  const line = body.dataset.line;
  const ringing = me?.state === "offered";
  const beat = ringing && Math.floor(Date.now() / 1000) % 2;
  const said = ringing ? `${beat ? "☎ " : ""}Ringing: ${queueName(call?.queue)}` : me ? STATES[me.state] : "Desk";
  const text = `${said} · ${line}`;
  if (document.title !== text) document.title = text;
}

function run() {
  title();
  const me = state?.me;
  if (me?.state !== "wrap_up" || !me.until_us) return;
  const left_us = Math.max(0, me.until_us - now_us());
  $("state-clock").textContent = clock(left_us + 999_999);
  $("wrap-meter").firstElementChild.style.inlineSize = `${100 * left_us / Math.max(1, me.until_us - me.since_us)}%`;
}
setInterval(run, 250);

// --- what is done ----------------------------------------------------------------------------------------------------

const doing = (what, posted) => act(`/desk/do/${what}`, posted);
const does = (id, then) => $(id).addEventListener("click", then);

does("ready", () => doing("ready"));
does("wrapped", () => doing("wrapped_up"));
does("pause", () => openDialog($("pause-dialog")));
does("decline", () => doing("decline", { offer: offer() }));
does("hang-up", () => doing("hang_up", { offer: offer() }));
does("take-back", () => doing("take_back", { offer: offer() }));
does("transfer", () => { openDialog($("transfer-dialog")); numberWanted(); });
does("keys-open", () => openDialog($("keys-dialog")));

async function pause(reason) {
  $("pause-dialog").close();
  await doing("pause", { reason });
}
for (const button of document.querySelectorAll("[data-reason]")) button.addEventListener("click", () => pause(button.dataset.reason.toLowerCase()));
does("reason-ok", () => { const reason = $("reason").value.trim(); if (reason) { $("reason").value = ""; pause(reason); } else $("reason").focus(); });
$("reason").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); $("reason-ok").click(); } });

function numberWanted() { $("number-box").hidden = $("to").value !== "+"; }
$("to").addEventListener("change", numberWanted);
$("number").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
for (const button of document.querySelectorAll("[data-kind]")) {
  button.addEventListener("click", async () => {
    const to = $("to").value === "+" ? $("number").value : $("to").value;
    if (await doing("transfer", { offer: offer(), to, kind: button.dataset.kind })) {
      $("transfer-dialog").close();
      toast(button.dataset.kind === "warm" ? "They are being asked. End your part when they have the caller." : "");
    } else $("transfer-dialog").close();
  });
}

$("note-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = $("note").value.trim();
  if (text && (await doing("note", { offer: offer(), text }))) $("note").value = "";
});
$("note").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) $("note-form").requestSubmit();
  if (event.key === "Escape") $("note").blur();
});

for (const button of document.querySelectorAll("[data-how]")) {
  button.addEventListener("click", async () => {
    const [call_sid, seq] = state.call.work;
    if (await doing("callback", { call_sid, seq: String(seq), how: button.dataset.how })) toast("Noted.");
  });
}

document.addEventListener("click", (event) => {
  const callback = event.target.closest("[data-callback]");
  if (callback) doing("callback", { call_sid: callback.dataset.sid, seq: callback.dataset.seq, how: callback.dataset.callback });
  const voicemail = event.target.closest("[data-voicemail]");
  if (voicemail) doing("voicemail", { call_sid: voicemail.dataset.sid, seq: voicemail.dataset.seq });
});

const KEYS = { r: "ready", w: "wrapped", p: "pause", t: "transfer", b: "take-back", d: "decline", "?": "keys-open" };
const stored = () => { try { return localStorage; } catch { return null; } };
$("keys-on").checked = stored()?.getItem("desk keys") !== "off";
$("keys-on").addEventListener("change", () => stored()?.setItem("desk keys", $("keys-on").checked ? "on" : "off"));
document.addEventListener("keydown", (event) => {
  if (!$("keys-on").checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (key === "n" && !$("in-hand").hidden) { event.preventDefault(); $("note").focus(); return; }
  const button = KEYS[key] && $(KEYS[key]);
  if (button && !button.hidden && button.offsetParent) { event.preventDefault(); button.click(); }
});

listen("/desk/events", render);
