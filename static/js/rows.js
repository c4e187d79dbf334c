/** Single keys for long lists: j and k go to the next line and the one before, ? tells of them. */
import { help, isForeign } from "./keys.js";

const KEYS = [["j", "keyNextRow"], ["k", "keyPreviousRow"], ["?", "keyHelp"]];
const rows = () => [...document.querySelectorAll("[data-row]")].filter((one) => one.checkVisibility());

function step(by) {
  const all = rows();
  const held = all.indexOf(document.activeElement.closest("tr")?.querySelector("[data-row]"));
  all[held < 0 ? 0 : Math.min(Math.max(held + by, 0), all.length - 1)]?.focus();
}

const ACTS = { j: () => step(1), k: () => step(-1), "?": () => help(KEYS) };

document.querySelectorAll("[data-keys-help]").forEach((button) => {
  button.hidden = false;
  button.onclick = () => help(KEYS);
});
document.addEventListener("keydown", (event) => {
  if (isForeign(event) || !Object.hasOwn(ACTS, event.key)) return;
  event.preventDefault();
  ACTS[event.key]();
});
