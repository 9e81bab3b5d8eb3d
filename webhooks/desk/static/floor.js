// The page of supervisors.

import { $, STATES, act, fill, listen, make, openDialog, queueName, queueRow, timeOfDay } from "./page.js";

const admin = document.body.dataset.admin === "yes";
let names = {};

function render(state) {
  names = Object.fromEntries(state.agents.map((one) => [one.agent, one.name]));
  fill("agents", state.agents, agentRow);
  fill("queues", state.queues, queueRow);
  fill("waiting", state.waiting, (one) => make("li", {}, make("span", { class: "clock", "data-since": one.joined_us }), make("span", {}, queueName(one.queue)),
    make("span", { class: "soft" }, [one.kind === "call" ? "" : one.kind, one.caller, one.agent ? `rings at ${one.agent}` : ""].filter(Boolean).join(" · "))));
  fill("audit", state.audit, (one) => make("li", {}, make("time", {}, timeOfDay(one.at_us)), make("span", {}, `${names[one.agent] ?? one.agent} ${one.what}${one.about ? ` ${names[one.about] ?? one.about}` : ""}`)));
  if ($("switches")) fill("switches", state.switches, switchRow);
  fill("today", figures(state.today), ([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value)));
}

function figures(today) {
  if (today.offered === undefined) return [];
  const share = (value) => (value === undefined ? "–" : `${(value * 100).toFixed(1)} %`);
  return [["Answered within 20 s", share(today.service_level)], ["Offered", String(today.offered)], ["Answered", String(today.handled ?? 0)],
    ["Hung up", String(today.abandoned ?? 0)], ["ASA", today.asa_s === undefined ? "–" : `${Math.round(today.asa_s)} s`]];
}

function agentRow(one) {
  const button = (what, label) => make("button", { type: "button", class: "quiet", "data-do": what, "data-agent": one.agent, "data-focus": `${what} ${one.agent}`, "aria-label": `${label}: ${one.name}` }, label);
  const on = one.state !== "signed_out";
  const said = one.state === "paused" && one.reason ? `${STATES.paused}: ${one.reason}` : one.queue && on ? `${STATES[one.state]} · ${queueName(one.queue)}` : STATES[one.state];
  return make("tr", { "data-state": one.state },
    make("th", { scope: "row" }, one.name, make("small", {}, one.role === "agent" ? one.group : `${one.group} · ${one.role}`)),
    make("td", {}, make("span", { class: "dot" }), said),
    make("td", {}, on ? make("span", { "data-since": one.since_us }) : "–"),
    make("td", {}, String(on ? one.calls : "–")),
    make("td", {}, make("div", { class: "buttons" },
      on && one.state !== "paused" ? button("pause", "Pause") : null,
      one.state === "paused" ? button("ready", "Make ready") : null,
      on && one.state !== "talking" ? button("sign_out", "Sign out") : null,
      admin && one.added ? button("password", "Password") : null)));
}

let whose = "";
$("agents").addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  if (button.dataset.do !== "password") { act(`/desk/floor/do/${button.dataset.do}`, { agent: button.dataset.agent }); return; }
  whose = button.dataset.agent;
  $("password-title").textContent = `New password of ${names[whose]}`;
  $("new-password").value = "";
  openDialog($("password-dialog"));
});
$("password-ok").addEventListener("click", async () => {
  const password = $("new-password").value;
  $("new-password").value = "";
  $("password-dialog").close();
  await act("/desk/floor/do/password", { agent: whose, password });
});
$("new-password").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); $("password-ok").click(); } });

function switchRow(one) {
  const label = one.on ? "Switch off" : "Switch on";
  const told = one.on ? [`on since ${timeOfDay(one.since_us)}`, one.until_us ? `until ${timeOfDay(one.until_us)}` : "", one.by, one.said].filter(Boolean).join(" · ") : "off";
  return make("li", {}, make("strong", {}, one.name), make("span", { class: one.on ? "" : "soft" }, told),
    make("button", { type: "button", class: "quiet", "data-switch": one.name, "data-on": one.on ? "yes" : "", "data-focus": `switch ${one.name}`, "aria-label": `${label}: ${one.name}` }, label));
}

let switched = "";
$("switches")?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-switch]");
  if (!button) return;
  switched = button.dataset.switch;
  if (button.dataset.on) { act("/desk/floor/do/switch", { name: switched, state: "off" }); return; }
  $("switch-title").textContent = `Switch on ${switched}`;
  $("switch-message").value = $("switch-until").value = "";
  openDialog($("switch-dialog"));
});
$("switch-ok")?.addEventListener("click", async () => {
  const asked = { name: switched, state: "on", message: $("switch-message").value, until: $("switch-until").value };
  $("switch-dialog").close();
  await act("/desk/floor/do/switch", asked);
});

listen("/desk/floor/events", render);
