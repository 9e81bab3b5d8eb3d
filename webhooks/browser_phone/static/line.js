// A call as the page drives it: reports what happens, and carries out the answers of the carrier on the server: what to
// speak, how long to wait. The meaning of TwiML is decided there (webhooks/carrier).

const ALIVE_EVERY_MS = 60_000;
const NEWS_EVERY_MS = 500; // where others are on the line too
const SILENT = "The service does not answer. Is it still running?";
const STRANGE = "This page does not understand the answer of the service. Was it updated? Reload the page.";

class Refused extends Error {}

export class Call {
  /**
   * @param {object} page shows the call: `show(answer)`, `playing(id)`, `played(id)`, `ended(how, text, harm)`
   * @param {Sound} sound
   * @param {boolean} shared whether others are on the line too, and may move the call
   */
  constructor(page, sound, shared = false) {
    this.page = page;
    this.shared = shared;
    this.sound = sound;
    this.reports = [];
    this.busy = false;
    this.over = false;
    this.answer = { turn: 0, at_s: 0, left_s: 0 };
    this.answered = performance.now();
    this.timer = 0;
    this.prompt = null; // the prompt being spoken: its number, and what stops it
  }

  /** Begins the call; `told` holds the caller's number, the number called, and the time. */
  begin(told) {
    this.address = "/phone/calls";
    this.reports.push({ body: told });
    return this.send();
  }

  /** Length of the call by the carrier's clock, which stops while a voice takes longer than estimated. */
  get seconds() {
    const passed = (performance.now() - this.answered) / 1000;
    return Math.floor(this.answer.at_s + Math.min(passed, this.answer.left_s ?? 0));
  }

  /** Reports an action; `values` come with the answer of a lookup. */
  tell(what, value = "", values = {}) {
    if (this.over) return;
    this.reports.push({ body: { what, value, values }, happened: performance.now() });
    this.send();
  }

  /** Reports on the current answer of the carrier; dropped once there is a newer one. */
  remark(what) {
    this.reports.push({ body: { what }, turn: this.answer.turn, happened: performance.now() });
    this.send();
  }

  /** Hangs up when the page is left. */
  leave() {
    if (!this.over && this.sid) this.post({ what: "hangup" }, { keepalive: true }).catch(() => null);
    this.close();
    this.page.ended("You hung up", "", false);
  }

  async send() {
    if (this.busy) return;
    this.busy = true;
    while (this.reports.length && !this.over) {
      const { body, turn, happened } = this.reports.shift();
      if (turn !== undefined && turn !== this.answer.turn) continue;
      const after = Math.max(0, ((happened ?? 0) - this.answered) / 1000);
      try {
        const answer = await this.post(happened ? { ...body, after_s: after, turn: this.answer.turn } : body);
        if (!this.over && answer.turn !== undefined) this.take(answer); // without a turn there is no news
      } catch (error) {
        if (this.over) break;
        this.close();
        this.page.ended("No connection", error instanceof Refused ? error.message : SILENT, true);
        if (!(error instanceof Refused || error instanceof TypeError)) throw error;
      }
    }
    this.busy = false;
  }

  async post(body, options = {}) {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(this.address, { method: "POST", headers, body: JSON.stringify(body), ...options });
    const answer = await response.json().catch(() => null);
    if (!response.ok || answer === null) throw new Refused(answer?.error ?? STRANGE);
    return answer;
  }

  take(answer) {
    if (answer.call) {
      this.sid = answer.call;
      this.began = answer.began_ms;
      this.address = `/phone/calls/${answer.call}`;
      if (this.shared) this.news = setInterval(() => { if (!this.busy) this.remark("news"); }, NEWS_EVERY_MS);
      this.alive = setInterval(() => this.post({ what: "here" }).catch(() => null), ALIVE_EVERY_MS);
    }
    this.answer = answer;
    this.answered = performance.now();
    clearTimeout(this.timer);
    if (this.prompt?.id !== answer.prompt?.id) this.prompt?.stop.abort();
    this.page.show(answer);
    if (answer.ended) {
      this.close();
      this.page.ended(answer.ended.title, answer.ended.text, answer.ended.harm);
    } else if (answer.asked) {
      this.prompt = null; // the call waits until an answer is chosen for the lookup
    } else if (!answer.prompt) {
      this.prompt = null;
      this.timer = setTimeout(() => this.remark("time"), answer.left_s * 1000);
    } else if (this.prompt?.id !== answer.prompt.id) {
      this.speak(answer.prompt);
    } else if (this.prompt.heard) {
      this.remark("spoken"); // the report on the previous answer no longer counted
    }
  }

  async speak(prompt) {
    const stop = new AbortController();
    this.prompt = { id: prompt.id, stop, heard: false };
    this.page.playing(prompt.id);
    await this.sound.prompt(prompt, stop.signal);
    this.page.played(prompt.id);
    if (stop.signal.aborted) return;
    this.prompt.heard = true;
    this.remark("spoken");
  }

  close() {
    this.over = true;
    clearTimeout(this.timer);
    clearInterval(this.alive);
    clearInterval(this.news);
    this.prompt?.stop.abort();
  }
}
