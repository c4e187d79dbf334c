/** Saves each answer by itself; without it the form's own button does the same. */
import { inputsOf, labelsOf, partOf, read, valuesFor, write } from "./answer.js";
import { close, compare } from "./compare.js";
import * as drafts from "./drafts.js";
import { showPlaces } from "./places.js";
import { Status } from "./status.js";
import { build, word } from "./words.js";

const PAUSE = 800;
const FIRST_RETRY = 2000;
const LONGEST_RETRY = 60000;
const csrf = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** Whoever came in again in another tab has a new session: take its token, so that this tab saves. */
async function renew() {
  const reply = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const fresh = page.querySelector('meta[name="csrf-token"]').content;
  document.querySelector('meta[name="csrf-token"]').content = fresh;
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => (field.value = fresh));
}

let sequence = Date.now();

class Question {
  constructor(fieldset, form, status) {
    Object.assign(this, { fieldset, form, status, retry: FIRST_RETRY });
    this.code = fieldset.dataset.question;
    this.key = form.dataset.draftKey;
    this.base = JSON.stringify(read(fieldset, true));
    fieldset.addEventListener("change", (event) => this.changed(event, 0));
    fieldset.addEventListener("input", (event) => this.changed(event, PAUSE));
    this.restore();
  }

  /** Choices count at once; text waits for a pause, and leaving the field ends the pause. */
  changed(event, wait) {
    if (!inputsOf(this.fieldset).includes(event.target)) return;
    const isTyped = event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (event.type === "input" && !isTyped) return;
    drafts.keep(this.key, this.code, { answer: read(this.fieldset), version: this.version });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  get version() {
    return this.fieldset.dataset.version;
  }

  restore() {
    const draft = drafts.find(this.key, this.code);
    if (!draft?.answer || JSON.stringify(draft.answer) === this.base) return this.save();
    write(this.fieldset, draft.answer);
    this.fieldset.dataset.version = draft.version ?? this.version;
    this.status.say(word("restored"));
    this.save();
  }

  /** One request at a time; whatever changed meanwhile goes out after it. */
  async save() {
    clearTimeout(this.timer);
    if (this.isBusy) {
      this.isWaiting = true;
      return;
    }
    const sent = read(this.fieldset);
    if (JSON.stringify(sent) === this.base && !this.isOpen) {
      drafts.drop(this.key, this.code);
      return;
    }
    this.isBusy = true;
    this.isWaiting = false;
    this.status.say(word("saving"), "busy");
    try {
      await this.heed(await this.post(sent), sent);
    } catch {
      this.later(word("offline"));
    }
    this.isBusy = false;
    if (this.isWaiting) this.save();
  }

  post(answer) {
    const body = new URLSearchParams({ code: this.code, version: this.version ?? "0" });
    body.set("sequence", String((sequence += 1)));
    answer.options.forEach((option) => body.append("options", option));
    for (const part of ["text", "not_applicable", "reason"]) {
      if (answer[part]) body.set(part, answer[part]);
    }
    const headers = { "X-CSRF-Token": csrf(), Accept: "application/json" };
    return fetch(this.form.dataset.saveUrl, { method: "POST", body, headers, redirect: "error" });
  }

  async heed(response, sent) {
    if (response.status === 401 || response.status === 403) {
      this.later(word("signedOut"));
      return renew().catch(() => {});
    }
    if (response.status !== 409 && response.status !== 422 && !response.ok) throw new Error();
    const reply = await response.json();
    this.isOpen = false;
    this.retry = FIRST_RETRY;
    if (response.ok) return this.saved(reply, sent);
    this.complain("");
    if (response.status === 409 && reply.theirs) return this.clash(reply);
    // What breaks a rule (a card number, say) must not stay on the device; what came too late may.
    if (response.status === 422) drafts.drop(this.key, this.code);
    this.complain(reply.error ?? word("refused"));
  }

  saved(reply, sent) {
    this.complain("");
    close(this.fieldset);
    this.fieldset.dataset.version = reply.version;
    this.base = JSON.stringify(sent);
    if (JSON.stringify(read(this.fieldset)) === this.base) drafts.drop(this.key, this.code);
    showPlaces(this.form, reply);
    this.status.say(word("saved", { at: reply.saved_at }), "saved");
  }

  /** A lost reply makes our own answer come back as theirs: then nothing is to choose. */
  isSame(theirs) {
    const own = read(this.fieldset);
    const labels = labelsOf(this.fieldset);
    return own.text === (theirs.text ?? "") && labels.join() === (theirs.options ?? []).join();
  }

  clash({ theirs, version }) {
    const own = read(this.fieldset);
    if (!own.not_applicable && this.isSame(theirs)) {
      return this.saved({ version, saved_at: theirs.at }, own);
    }
    this.status.say(word("conflict", theirs), "lost");
    const adopt = () => (this.fieldset.dataset.version = version);
    compare(this.fieldset, theirs, {
      keep: () => {
        adopt();
        this.isOpen = true;
        this.save();
      },
      take: () => {
        adopt();
        const options = theirs.values ?? valuesFor(this.fieldset, theirs.options ?? []);
        write(this.fieldset, { ...theirs, options });
        this.base = JSON.stringify(read(this.fieldset));
        drafts.drop(this.key, this.code);
        this.status.say(word("saved", theirs), "saved");
      },
    });
  }

  complain(sentence) {
    const id = `${this.fieldset.id || this.code}-refusal`;
    document.getElementById(id)?.remove();
    const typed = inputsOf(this.fieldset).find((input) => partOf(input) === "text");
    const target = typed ?? this.fieldset;
    if (target.dataset.described === undefined) {
      target.dataset.described = target.getAttribute("aria-describedby") ?? "";
    }
    target.setAttribute("aria-describedby", `${target.dataset.described} ${sentence ? id : ""}`.trim());
    if (!sentence) return;
    this.fieldset.append(build("p", { id, className: "error", textContent: sentence }));
    this.status.say(word("refused"), "lost");
  }

  later(text) {
    this.isOpen = true;
    drafts.keep(this.key, this.code, { answer: read(this.fieldset), version: this.version });
    this.status.say(text, "lost");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), this.retry);
    this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
  }
}

/** A browser that refills old values must not pass them off as new ones. */
function start(form) {
  if (form.getAttribute("autocomplete") !== "off") form.reset();
  const seen = form.querySelector("[data-save-status]") ?? document.querySelector("[data-save-status]");
  const line = seen ?? form.appendChild(build("p", { className: "save-line" }, build("span"))).firstChild;
  line.dataset.saveStatus = "";
  const status = new Status(line);
  const questions = [...form.querySelectorAll("[data-question]")].map(
    (fieldset) => new Question(fieldset, form, status),
  );
  addEventListener("online", () => questions.filter((one) => one.isOpen).forEach((one) => one.save()));
  form.addEventListener("submit", () => questions.forEach((one) => clearTimeout(one.timer)));
}

document.querySelectorAll("form[data-autosave]").forEach(start);
