// A virtual telephone: rings, is answered, shows what is heard and takes keys and words. The exchange on the server
// decides everything else. It fills #handset, on its own page (data-who) and in the desk's (whose events say who).

const EVERY_MS = 400;
const place = document.getElementById("handset");
let who = place.dataset.who ?? "";
const alone = Boolean(who); // the desk has buttons of its own to decline and to end a call
let known = { call: "", next: 0 };
let shownState = "";

/** An element with a class, text and further properties. */
function element(name, className, text = "", more = {}) {
  const made = Object.assign(document.createElement(name), more);
  made.className = className;
  made.textContent = text;
  return made;
}

const phone = element("div", "handset");
const title = element("p", "handset-title", "", { role: "status" });
const said = element("ol", "handset-said", "", { tabIndex: 0 });
said.setAttribute("aria-label", "What is said");
const acts = element("div", "handset-acts");
const keys = element("div", "handset-keys");
keys.setAttribute("role", "group");
keys.setAttribute("aria-label", "Keys of the telephone");
const say = element("form", "handset-say");
const words = element("input", "", "", { autocomplete: "off", maxLength: 1000, placeholder: "what you say" });
words.setAttribute("aria-label", "What you say");

function button(text, className, act, value = "") {
  const made = element("button", className, text, { type: "button" });
  made.addEventListener("click", () => tell(act, value));
  return made;
}

const answer = button("Answer", "strong", "answer");
const decline = button("Decline", "harm", "decline");
const hangUp = button("Hang up", "harm", "hangup");
acts.append(answer, decline, hangUp);
for (const key of "123456789*0#") {
  const made = button(key, "", "key", key);
  made.setAttribute("aria-label", { "*": "star", "#": "pound" }[key] ?? key);
  keys.append(made);
}
say.append(words, element("button", "", "Say", { type: "submit" }));
phone.append(title, said, say, keys, acts);
place.replaceChildren(phone);
if (!document.querySelector('link[href$="handset.css"]')) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/handset/static/handset.css" }));
}

async function tell(what, value = "") {
  await fetch("/handset", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ who, what, value }),
  }).catch(() => null);
  look();
}

function show(now) {
  if (now.call !== known.call) said.replaceChildren();
  for (const { kind, text, by } of now.entries) {
    const item = element("li", `said-${kind}`, kind === "keys" ? `Key ${text}` : text);
    if (by) item.prepend(element("b", "", by));
    said.append(item);
  }
  if (now.entries.length) said.scrollTop = said.scrollHeight;
  known = { call: now.call, next: now.next };
  const named = now.state === "ringing" && !alone ? "Your telephone rings" : now.title; // the desk says who calls
  if (title.textContent !== named) title.textContent = named;
  if (now.state === shownState) return;
  shownState = phone.dataset.state = now.state;
  const inHand = now.state === "listening" || now.state === "talking";
  answer.hidden = now.state !== "ringing";
  decline.hidden = answer.hidden || !alone;
  keys.hidden = now.state !== "listening";
  hangUp.hidden = !inHand || (now.state === "talking" && !alone);
  acts.hidden = answer.hidden && decline.hidden && hangUp.hidden;
  say.hidden = now.state !== "talking";
  if (now.state === "ringing") {
    place.hidden = false;
    if (!document.activeElement?.matches("input, textarea, select")) answer.focus({ preventScroll: true });
  }
  if (now.state === "listening" && !document.activeElement?.matches("input, textarea, select")) keys.firstElementChild.focus({ preventScroll: true });
  if (now.state === "talking") words.focus({ preventScroll: true });
}

let looking = false;

async function look() {
  if (!who || looking) return;
  looking = true;
  try {
    const asked = new URLSearchParams({ who, ...known, since: known.next });
    const response = await fetch(`/handset?${asked}`);
    if (response.ok) show(await response.json());
  } catch {
    title.textContent = "The service does not answer";
  }
  looking = false;
}

say.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (text) tell("words", text);
  words.value = "";
});
phone.addEventListener("keydown", (event) => {
  if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^[0-9*#]$/.test(event.key) && !keys.hidden) { event.preventDefault(); event.stopPropagation(); tell("key", event.key); }
});
document.addEventListener("desk:state", ({ detail }) => {
  who = detail.me?.agent ?? who;
  place.hidden = false;
});
setInterval(look, EVERY_MS);
look();
