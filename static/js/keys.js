/** Single keys for those who answer much: j k ] ?, and a way to switch them off. */
import { isAnswered } from "./answer.js";
import { build, word } from "./words.js";

const OFF = "duly-keys-off";
const questions = () => [...document.querySelectorAll("[data-question]")].filter((one) => !one.hidden);
const isTyping = (target) =>
  target.closest('textarea, select, dialog, [contenteditable], input:not([type="radio"], [type="checkbox"])');

const store = {
  get isOff() {
    try {
      return localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  },
  set isOff(value) {
    try {
      localStorage.setItem(OFF, value ? "1" : "0");
    } catch {
      // The choice then lasts for this page only.
    }
  },
};

function go(question) {
  if (!question) return;
  document.querySelector(".question.is-current")?.classList.remove("is-current");
  question.classList.add("is-current");
  question.tabIndex = -1;
  question.focus({ preventScroll: true });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  question.scrollIntoView({ block: "start", behavior: isCalm ? "auto" : "smooth" });
}

function current() {
  const held = document.activeElement.closest("[data-question]");
  return questions().indexOf(held ?? document.querySelector(".question.is-current"));
}

const step = (by) => go(questions()[Math.max(0, current() + by)]);

function nextOpen() {
  const all = questions();
  const from = current() + 1;
  go([...all.slice(from), ...all.slice(0, from)].find((one) => !isAnswered(one)));
}

const KEYS = [["j", "keyNext"], ["k", "keyPrevious"], ["]", "keyOpen"], ["?", "keyHelp"]];

/** Whether a key was meant for something else: a field, a command of the browser, or keys are off. */
export const isForeign = (event) =>
  event.ctrlKey || event.metaKey || event.altKey || event.isComposing || store.isOff || isTyping(event.target);

/** Shows which keys there are, and lets them be switched off. */
export function help(keys = KEYS) {
  const dialog = build("dialog");
  dialog.setAttribute("aria-label", word("keys"));
  const list = build("dl", { className: "keys" });
  for (const [key, text] of keys) {
    list.append(build("dt", {}, build("kbd", { textContent: key })), build("dd", { textContent: word(text) }));
  }
  const isOn = build("input", { type: "checkbox", id: "keys-on", checked: !store.isOff });
  isOn.onchange = () => (store.isOff = !isOn.checked);
  const label = build("label", { htmlFor: "keys-on", textContent: word("keyOn") });
  const close = build("button", { className: "button", textContent: word("close"), onclick: () => dialog.close() });
  dialog.append(
    build("h2", { textContent: word("keys") }),
    list,
    build("div", { className: "choice" }, isOn, label),
    close,
  );
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
}

const ACTS = { j: () => step(1), k: () => step(-1), "]": nextOpen, "?": () => help() };

if (questions().length) {
  document.querySelectorAll("[data-keys-help]").forEach((button) => {
    button.hidden = false;
    button.onclick = () => help();
  });
  document.addEventListener("keydown", (event) => {
    if (isForeign(event) || !Object.hasOwn(ACTS, event.key)) return;
    event.preventDefault();
    ACTS[event.key]();
  });
}
