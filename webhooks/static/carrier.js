// A small carrier: it asks the webhook for TwiML and does what it says, as a telephone network would.
// Source of the rules: twilio.com/docs/voice/twiml.

import { pause } from "./sound.js";

class Gone extends Error {} // the caller hung up
export class Refused extends Error {} // the webhook did not answer with TwiML

const AVERAGE_WAIT_S = 150;

export class Call {
  /**
   * @param {object} phone what is shown and asked: see phone.js
   * @param {Sound} sound
   * @param {{from: string, to: string}} numbers
   */
  constructor(phone, sound, numbers) {
    this.phone = phone;
    this.sound = sound;
    const random = crypto.getRandomValues(new Uint8Array(16));
    this.form = {
      CallSid: "CA" + [...random].map((b) => b.toString(16).padStart(2, "0")).join(""),
      AccountSid: "AC" + "0".repeat(32), ApiVersion: "2010-04-01", Direction: "inbound",
      From: numbers.from, To: numbers.to, Caller: numbers.from, Called: numbers.to,
    };
    this.over = new AbortController();
    this.began = performance.now();
    this.wake = null; // takes what the caller or the other side does, while somebody waits for it
    this.pending = []; // what they did in between
    this.buffers = false;
    this.farewell = null;
  }

  get seconds() { return Math.floor((performance.now() - this.began) / 1000); }

  /** Runs the call to its end. */
  async run() {
    try {
      let next = { url: "/voice", form: { CallStatus: "ringing" } };
      while (next) next = await this.perform(await this.ask(next.url, next.form));
      this.phone.ended("The line hung up");
    } catch (error) {
      if (error instanceof Gone) {
        if (this.farewell) await this.ask(this.farewell.url, { ...this.farewell.form, CallStatus: "completed" }).catch(() => null);
        this.phone.ended("You hung up");
      } else {
        this.phone.failed(error instanceof Refused ? error.message : "The service does not answer. Is it still running?");
        if (!(error instanceof Refused || error instanceof TypeError)) throw error;
      }
    } finally {
      this.over.abort();
      const form = { ...this.form, CallStatus: "completed", CallDuration: String(this.seconds), SequenceNumber: "0" };
      await fetch("/status", { method: "POST", body: new URLSearchParams(form), keepalive: true }).catch(() => null);
    }
  }

  hangUp() { this.over.abort(); }

  press(key) { this.happens({ key }); }

  speak(words) { this.happens({ words }); }

  decide(choice) { this.happens({ choice }); }

  skip() { this.happens({ skip: true }); }

  happens(event) {
    if (this.wake) this.wake(event);
    else if (this.buffers && !event.skip) this.pending.push(event);
  }

  /** One request; the TwiML document it gave. */
  async ask(url, form = {}) {
    const body = new URLSearchParams({ CallStatus: "in-progress", ...this.form, ...form });
    const response = await fetch(url, { method: "POST", body, headers: { Accept: "text/xml" } });
    const text = await response.text();
    if (!response.ok) throw new Refused(`The line refused the request: ${text.trim() || response.status}`);
    const document = new DOMParser().parseFromString(text, "text/xml");
    if (document.querySelector("parsererror") || document.documentElement.nodeName !== "Response") {
      throw new Refused("The line answered with something that is not TwiML.");
    }
    const state = JSON.parse(response.headers.get("X-IVR-State") || "{}");
    this.nodes = [...(state.said ?? [])];
    this.phone.moved(state);
    return document;
  }

  /** Does the verbs of a document; where to ask next, or null when the call is over. */
  async perform(document) {
    for (const verb of document.documentElement.children) {
      this.pending = [];
      this.buffers = !["Say", "Play", "Pause"].includes(verb.nodeName);
      switch (verb.nodeName) {
        case "Say": case "Play": case "Pause":
          this.phone.state("speaking");
          await this.voice(verb);
          break;
        case "Gather": {
          const heard = await this.gather(verb);
          if (heard || verb.getAttribute("actionOnEmptyResult") === "true") {
            return { url: verb.getAttribute("action"), form: heard ?? { Digits: "" } };
          }
          break;
        }
        case "Redirect": return { url: verb.textContent };
        case "Enqueue": return this.enqueue(verb);
        case "Dial": return this.dial(verb);
        case "Record": {
          const recorded = await this.record(verb);
          if (recorded) return recorded;
          break;
        }
        case "Leave": return { leave: true };
        case "Hangup": return null;
        default: throw new Refused(`The line used a verb this phone does not know: ${verb.nodeName}`);
      }
    }
    return null;
  }

  /** Waits for the caller or the clock; throws when the caller has gone. */
  async event(seconds = Infinity, stop = null) {
    if (this.over.signal.aborted) throw new Gone();
    if (this.pending.length) return this.pending.shift();
    const done = new AbortController();
    const signals = [done.signal, this.over.signal, ...(stop ? [stop] : [])];
    let happened = null;
    this.wake = (event) => { happened = event; done.abort(); };
    await pause(Math.min(seconds, 86400), AbortSignal.any(signals));
    this.wake = null;
    if (this.over.signal.aborted) throw new Gone();
    return happened;
  }

  /** A prompt; `stop` ends it early. */
  async voice(verb, stop = null) {
    if (this.over.signal.aborted) throw new Gone();
    const skipped = new AbortController();
    const signal = AbortSignal.any([this.over.signal, skipped.signal, ...(stop ? [stop] : [])]);
    if (!stop) this.wake = (event) => { if (event.skip) skipped.abort(); };
    if (verb.nodeName === "Pause") {
      await pause(Number(verb.getAttribute("length") ?? 1), signal);
    } else {
      const said = this.shown(verb);
      if (verb.nodeName === "Play") await this.sound.play(verb.textContent, signal);
      else await this.sound.say(verb.textContent, verb.getAttribute("language") ?? "en-US", signal);
      said.done();
    }
    if (!stop) this.wake = null;
    if (this.over.signal.aborted) throw new Gone();
  }

  /** A prompt in the transcript. */
  shown(verb) {
    const language = verb.getAttribute("language") ?? "";
    return this.phone.said(verb.textContent, language, this.nodes?.shift() ?? "", verb.nodeName === "Play");
  }

  /** Prompts that a key interrupts, then keys or speech; null when nothing came. */
  async gather(verb, waiting = false) {
    const speech = (verb.getAttribute("input") ?? "dtmf").includes("speech");
    const most = Number(verb.getAttribute("numDigits") ?? Infinity);
    const finish = verb.getAttribute("finishOnKey") ?? "#";
    const timeout = Number(verb.getAttribute("timeout") ?? 5);
    const first = new AbortController();
    let event = null;
    const interrupt = (happened) => { this.wake = null; event = happened; first.abort(); };
    if (this.pending.length) interrupt(this.pending.shift());
    else this.wake = interrupt;
    if (!waiting) this.phone.state("listening", { speech });
    for (const inner of verb.children) {
      if (event?.skip) this.shown(inner).done();
      else if (!first.signal.aborted) await this.voice(inner, first.signal);
    }
    this.wake = null;
    if (event?.skip) event = null;
    let digits = "";
    for (;;) {
      if (!event) {
        if (!waiting) this.phone.countdown(timeout);
        event = await this.event(timeout);
        this.phone.countdown(0);
      }
      if (!event || event.skip) break;
      if (event.words) { this.phone.did(event.words, { speech: true }); return { SpeechResult: event.words, Confidence: "0.95" }; }
      if (event.choice) { this.decided = event.choice; return null; }
      if (event.key === finish) break;
      digits += event.key;
      this.phone.typed(digits);
      event = null;
      if (digits.length >= most) break;
    }
    this.phone.did(digits, { keys: true });
    return digits ? { Digits: digits } : null;
  }

  async enqueue(verb) {
    const url = verb.getAttribute("action");
    const began = performance.now();
    const time = () => String(Math.floor((performance.now() - began) / 1000));
    const sid = { QueueSid: "QU" + this.form.CallSid.slice(2) };
    const told = (result, more = {}) => ({ url, form: { ...sid, QueueResult: result, QueueTime: time(), ...more } });
    this.phone.state("holding", { queue: verb.textContent.trim() });
    this.farewell = { url, form: { ...sid, QueueResult: "hangup", QueueTime: "0" } };
    this.decided = null;
    let next = { url: verb.getAttribute("waitUrl") };
    while (!this.decided) {
      const place = { ...sid, QueuePosition: "2", QueueTime: time(), AvgQueueTime: String(AVERAGE_WAIT_S), CurrentQueueSize: "2" };
      const document = await this.ask(next.url, { ...place, ...next.form });
      next = await this.hold(document) ?? { url: verb.getAttribute("waitUrl") };
      if (next.leave) { this.farewell = null; return told("leave"); }
    }
    this.farewell = null;
    if (this.decided === "full") return told("queue-full");
    if (this.decided === "timeout") { this.phone.did("The wait runs out", { other: true }); return told("leave", { QueueTime: String(Math.ceil(this.phone.longestWait ?? 3600)) }); }
    await this.talk("An agent answers", "Talking to an agent", "The agent hangs up", { url, form: { ...sid, QueueResult: "bridged", QueueTime: time() } });
    return told("bridged");
  }

  /** One waiting document; where to ask next. */
  async hold(document) {
    for (const verb of document.documentElement.children) {
      if (verb.nodeName === "Leave") return { leave: true };
      if (verb.nodeName === "Redirect") return { url: verb.textContent };
      if (verb.nodeName === "Gather") {
        const heard = await this.gather(verb, true);
        return { url: verb.getAttribute("action"), form: heard ?? {} };
      }
      if (verb.nodeName === "Pause") {
        const event = await this.event(Number(verb.getAttribute("length") ?? 1));
        if (event?.choice) { this.decided = event.choice; return null; }
        continue;
      }
      const stop = new AbortController();
      this.wake = (event) => {
        if (event.choice) this.decided = event.choice;
        if (event.choice || event.skip) stop.abort();
      };
      await this.voice(verb, stop.signal);
      this.wake = null;
      if (this.decided) return null;
    }
    return null;
  }

  /** Two people talk until one of them hangs up. */
  async talk(happened, state, ends, farewell) {
    this.phone.did(happened, { other: true });
    this.phone.state("talking", { text: state, ends });
    this.farewell = farewell;
    let event = null;
    while (event?.choice !== "over") event = await this.event();
    this.farewell = null;
    this.phone.did(ends, { other: true });
  }

  async dial(verb) {
    const url = verb.getAttribute("action");
    const number = verb.textContent.trim();
    this.phone.state("dialling", { number });
    this.farewell = { url, form: { DialCallStatus: "no-answer" } };
    const event = await this.event(Number(verb.getAttribute("timeout") ?? 30));
    this.farewell = null;
    const choice = event?.choice ?? "no_answer";
    if (choice === "answered") {
      await this.talk(`${number} answers`, `Talking to ${number}`, "The other side hangs up", { url, form: { DialCallStatus: "completed" } });
      return { url, form: { DialCallStatus: "completed", DialCallDuration: "1" } };
    }
    this.phone.did({ busy: `${number} is busy`, no_answer: `${number} does not answer` }[choice] ?? "The call fails", { other: true });
    return { url, form: { DialCallStatus: { busy: "busy", no_answer: "no-answer" }[choice] ?? "failed" } };
  }

  async record(verb) {
    const url = verb.getAttribute("action");
    const began = performance.now();
    const seconds = () => String(Math.max(1, Math.round((performance.now() - began) / 1000)));
    const told = () => ({ RecordingUrl: `http://localhost/recordings/${this.form.CallSid}`, RecordingDuration: seconds() });
    this.phone.state("recording");
    this.farewell = { url, form: { ...told(), Digits: "hangup" } };
    let event = null;
    while (!event?.choice && !(event?.key && (verb.getAttribute("finishOnKey") ?? "#").includes(event.key))) {
      event = await this.event(Number(verb.getAttribute("maxLength") ?? 3600));
      if (!event) break;
    }
    this.farewell = null;
    if (event?.choice === "empty") { this.phone.did("says nothing", { silent: true }); return null; }
    this.phone.did(`leaves a message of ${seconds()} s`, { message: true });
    return { url, form: { ...told(), Digits: event?.key ?? "" } };
  }
}
