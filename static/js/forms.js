/** Small comforts for every form: error focus, no double sending, confirming, copying, live parts. */
import { clearAll } from "./drafts.js";
import { build, word } from "./words.js";

const LIVE_PAUSE = 300;
const RESEND_AFTER = 5000;

const summary = document.querySelector("[data-error-summary]");
if (summary) {
  const prefix = summary.dataset.prefix;
  if (!document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
  summary.focus();
}

function confirmFirst(form, submitter, question) {
  const dialog = build("dialog", { id: "confirm" });
  dialog.setAttribute("aria-label", word("sure"));
  const yes = build("button", { type: "button", className: "button primary", textContent: word("yes") });
  const no = build("button", { type: "button", className: "button", textContent: word("cancel") });
  yes.onclick = () => {
    dialog.close();
    form.dataset.confirmed = "1";
    form.requestSubmit(submitter);
  };
  no.onclick = () => dialog.close();
  dialog.onclose = () => dialog.remove();
  dialog.append(
    build("h2", { textContent: word("sure") }),
    build("p", { textContent: question }),
    build("div", { className: "row" }, yes, no),
  );
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !form.dataset.confirmed) {
    event.preventDefault();
    return confirmFirst(form, event.submitter, question);
  }
  delete form.dataset.confirmed;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, RESEND_AFTER);
  if (form.matches("[data-clear-drafts]")) clearAll();
});

/** A page taken from the back/forward cache may send its forms again. */
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form").forEach((form) => delete form.dataset.sent);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    const source = document.querySelector(button.dataset.copy);
    const before = button.textContent;
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.textContent = button.dataset.done ?? word("copied");
    setTimeout(() => (button.textContent = before), 2000);
  }
  document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/** A part of the page that follows the form while it is filled in. */
function live(form) {
  const target = document.querySelector(form.dataset.liveTarget);
  let timer;
  let running;
  const ask = async () => {
    running?.abort();
    running = new AbortController();
    const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    try {
      const headers = { "X-CSRF-Token": token, Accept: "text/html" };
      const reply = await fetch(form.dataset.live, { method: "POST", body, headers, signal: running.signal });
      if (reply.ok) target.innerHTML = await reply.text();
    } catch {
      // The server says the same after sending; nothing is lost.
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, LIVE_PAUSE);
  });
}

document.querySelectorAll("form[data-live]").forEach(live);

document.addEventListener("change", (event) => {
  if (!event.target.matches("form[data-send-on-file] input[type=file]")) return;
  if (event.target.files.length) event.target.form.requestSubmit();
});

/** An answer that stands alone takes the others off, and the others take it off. */
document.addEventListener("change", ({ target }) => {
  const group = target.checked && target.closest("[data-alone]");
  if (!group) return;
  const alone = group.dataset.alone.split(" ");
  group.querySelectorAll("input:checked").forEach((other) => {
    const clash = alone.includes(target.value) || alone.includes(other.value);
    if (other !== target && clash) other.checked = false;
  });
});

/** A code is sent with its last character; the page says so before anybody types. */
function goOn(input) {
  const count = () => input.value.replace(/[^0-9a-z]/gi, "").length;
  let before = count();
  input.addEventListener("input", (event) => {
    const isFull = count() === Number(input.dataset.goesOnAt) && before !== count();
    before = count();
    if (isFull && !event.isComposing) input.form.requestSubmit();
  });
}

document.querySelectorAll("input[data-goes-on-at]").forEach(goOn);
document.querySelectorAll("[data-goes-on]").forEach((told) => (told.hidden = false));
