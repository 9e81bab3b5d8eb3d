// What a caller hears: speech if the browser has a voice, else silence of the same length.

const GRACE_S = 4;
const LONGEST_RECORDING_S = 600;

/** Waits; ends early, without an error, when the signal fires. */
function pause(seconds, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

export class Sound {
  constructor() {
    this.muted = false;
    this.engine = "speechSynthesis" in window ? window.speechSynthesis : null;
    this.engine?.getVoices();
  }

  /** A voice of this machine; a remote voice would send the texts of the line to another service. */
  voice(language) {
    const voices = (this.engine?.getVoices() ?? []).filter((voice) => voice.localService);
    const wanted = language.toLowerCase();
    const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
    return voices.find((v) => tag(v) === wanted) ?? voices.find((v) => tag(v).split("-")[0] === wanted.split("-")[0]);
  }

  /** Plays a prompt; returns at its end, or when the signal fires. */
  async prompt({ text, audio, language, seconds }, signal) {
    if (audio) await this.play(audio, signal);
    else if (text) await this.say(text, language, seconds, signal);
    else await pause(seconds, signal);
  }

  /** Speaks a text; returns at its end, or when it is long overdue. */
  async say(text, language, seconds, signal) {
    const voice = this.muted ? undefined : this.voice(language);
    if (!voice) return pause(seconds, signal);
    const over = new AbortController();
    const end = () => over.abort();
    signal?.addEventListener("abort", end, { once: true });
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = voice;
    utterance.lang = language;
    utterance.onend = end;
    utterance.onerror = end;
    this.engine.speak(utterance);
    await pause(seconds * 1.6 + GRACE_S, over.signal);
    utterance.onend = utterance.onerror = null;
    this.engine.cancel();
  }

  /** Plays a recording; a missing one is skipped. */
  async play(url, signal) {
    const audio = new Audio(url);
    audio.muted = this.muted;
    const over = new AbortController();
    const end = () => over.abort();
    for (const event of ["ended", "error", "stalled"]) audio.addEventListener(event, end, { once: true });
    signal?.addEventListener("abort", end, { once: true });
    audio.play().catch(end);
    await pause(LONGEST_RECORDING_S, over.signal);
    audio.pause();
  }

  /** The two tones of a key (ITU-T Q.23). */
  tone(key) {
    if (this.muted || !("AudioContext" in window)) return;
    this.context ??= new AudioContext();
    const at = "123456789*0#".indexOf(key);
    const pitches = [[697, 770, 852, 941][Math.floor(at / 3)], [1209, 1336, 1477][at % 3]];
    const gain = this.context.createGain();
    const now = this.context.currentTime;
    gain.gain.setValueAtTime(0.06, now);
    gain.gain.setTargetAtTime(0, now + 0.12, 0.015);
    gain.connect(this.context.destination);
    for (const hertz of pitches) {
      const oscillator = this.context.createOscillator();
      oscillator.frequency.value = hertz;
      oscillator.connect(gain);
      oscillator.start(now);
      oscillator.stop(now + 0.25);
    }
  }
}
