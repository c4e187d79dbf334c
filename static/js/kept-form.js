/** Keeps what was typed into a form on this device, until the server has it. */
import { drop, find, keep } from "./drafts.js";
import { build, word } from "./words.js";

const WHOLE = "form";
const LONGEST_KEPT = 7 * 24 * 3600 * 1000;

const done = document.querySelector("[data-kept-done]");
if (done) drop(done.dataset.keptDone, WHOLE);

/** What the server put there is not typed: it would be stale the next time. */
function typed(form) {
  const given = new Set([...form.elements].filter((item) => item.type === "hidden").map((item) => item.name));
  return [...new FormData(form)].filter(([name, value]) => !given.has(name) && typeof value === "string");
}

function fill(form, values) {
  for (const item of form.elements) {
    if (!item.name || ["hidden", "submit"].includes(item.type)) continue;
    const given = values.filter(([name]) => name === item.name).map(([, value]) => value);
    if (item.type === "checkbox" || item.type === "radio") item.checked = given.includes(item.value);
    else if (given.length) item.value = given[0];
    const folded = given[0] && item.closest("details");
    if (folded && !["radio", "checkbox"].includes(item.type)) folded.open = true;
  }
}

function restore(form, key) {
  const draft = find(key, WHOLE);
  if (!draft?.values || Date.now() - draft.at > LONGEST_KEPT) return;
  fill(form, draft.values);
  const empty = build("button", { type: "button", className: "button", textContent: word("startEmpty") });
  const note = build("div", { className: "alert info" }, build("p", { textContent: word("kept") }), empty);
  note.setAttribute("role", "status");
  empty.onclick = () => {
    drop(key, WHOLE);
    location.reload();
  };
  form.before(note);
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

document.querySelectorAll("form[data-kept]").forEach((form) => {
  const key = form.dataset.kept;
  if (form.hasAttribute("data-kept-fresh")) restore(form, key);
  form.addEventListener("input", () => keep(key, WHOLE, { values: typed(form) }));
});
