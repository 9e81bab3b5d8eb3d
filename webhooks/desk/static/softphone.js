// A telephone in the page, by Twilio's Voice SDK: it registers with a token, rings, and is answered here.

import { $, csrf, make, toast } from "./page.js";

const box = $("handset");
let device = null;
let call = null;

async function token() {
  const answer = await fetch("/desk/softphone/token", { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF": csrf }, body: "{}" });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).token;
}

const button = (label, id, then, kind = "") => {
  const element = make("button", { type: "button", id, class: kind }, label);
  element.addEventListener("click", then);
  return element;
};

function show() {
  box.hidden = !call;
  if (!call) { box.replaceChildren(); return; }
  const open = call.status() === "open";
  const muted = open && call.isMuted();
  box.replaceChildren(make("div", { class: "buttons" },
    open ? null : button("Answer", "phone-answer", answer, "strong"),
    open ? button(muted ? "Unmute" : "Mute", "phone-mute", () => { call.mute(!muted); show(); }) : null,
    open ? button("Hang up", "phone-hang-up", () => call.disconnect(), "harm") : null));
}

// Who answers here takes the call: the key that a telephone is asked for, so that no mailbox takes it, is pressed for them.
function answer() {
  call.once("accept", () => setTimeout(() => call?.sendDigits("1"), 500));
  call.accept();
}

function rings(incoming) {
  call = incoming;
  for (const event of ["accept", "disconnect", "cancel", "reject", "error"]) {
    incoming.on(event, () => { if (event !== "accept" && call === incoming) call = null; show(); });
  }
  show();
}

async function begin() {
  try {
    device = new window.Twilio.Device(await token(), { logLevel: "error", codecPreferences: ["opus", "pcmu"], tokenRefreshMs: 60000, allowIncomingWhileBusy: true });
    device.on("incoming", rings);
    device.on("tokenWillExpire", async () => device.updateToken(await token()));
    device.on("error", (error) => toast(`The telephone of this page: ${error.message}`));
    await device.register();
  } catch (error) {
    toast(`The telephone of this page cannot be used: ${error.message}`);
  }
}

addEventListener("pagehide", () => device?.destroy());
begin();
