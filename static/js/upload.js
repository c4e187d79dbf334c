/** Uploads with a bar: the whole form goes at once, and the page that answers is shown. */
import { build, word } from "./words.js";

const FLASHES = "duly-flashes";
const STILL = 4000;
const KEEP_SENT = 4000;

function send(form, input, submitter) {
  const file = input.files[0].name;
  const text = build("p", { className: "hint" });
  text.setAttribute("role", "status");
  const bar = build("progress", { max: 100, value: 0 });
  bar.setAttribute("aria-label", word("uploading", { file }));
  input.after(bar, text);
  const address = submitter?.getAttribute("formaction") ?? form.action;
  // It may wait for its turn longer than a form is kept from being sent twice.
  const held = setInterval(() => (form.dataset.sent = "1"), KEEP_SENT);
  bring({ address, body: new FormData(form, submitter), file, bar, text }, () => {
    clearInterval(held);
    delete form.dataset.sent;
  });
}

/** Send it; where there is no place for it just now, wait as long as the server says. */
function bring(parcel, over) {
  const { address, body, file, bar, text } = parcel;
  const say = (name) => (text.textContent = word(name, { file }));
  const request = new XMLHttpRequest();
  request.open("POST", address);
  bar.value = 0;
  say("uploading");
  let still;
  const moves = () => {
    clearTimeout(still);
    still = setTimeout(() => say("waiting"), STILL);
    if (text.textContent === word("waiting", { file })) say("uploading");
  };
  moves();
  request.upload.onprogress = (event) => {
    moves();
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
  };
  request.upload.onload = () => {
    clearTimeout(still);
    bar.removeAttribute("value");
    say("checking");
  };
  request.onerror = () => {
    clearTimeout(still);
    over();
    bar.remove();
    text.className = "error";
    say("failed");
  };
  request.onload = () => {
    clearTimeout(still);
    const pause = Number(request.getResponseHeader("Retry-After"));
    if (request.getResponseHeader("Duly-No-Place")) {
      say("waiting");
      setTimeout(() => bring(parcel, over), pause * 1000 * (1 + Math.random()));
      return;
    }
    over();
    arrive(request);
  };
  request.send(body);
}

/** A page with errors is shown in place of this one; otherwise go where the server sent us. */
function arrive(request) {
  const parsed = new DOMParser().parseFromString(request.responseText, "text/html");
  if (request.status >= 400 || parsed.querySelector("[data-error-summary]")) {
    document.title = parsed.title || document.title;
    document.querySelector("main").replaceWith(parsed.querySelector("main") ?? parsed.body);
    const summary = document.querySelector("[data-error-summary]");
    const prefix = summary?.dataset.prefix ?? "";
    if (!document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
    (summary ?? document.querySelector("main")).focus();
    return;
  }
  sessionStorage.setItem(FLASHES, parsed.querySelector(".flashes")?.innerHTML.trim() ?? "");
  const isHere = new URL(request.responseURL).pathname === location.pathname;
  location.assign(request.responseURL);
  if (isHere) location.reload();
}

/** The page we were sent to was read once by the request; its message is shown again here. */
function showFlashes() {
  const kept = sessionStorage.getItem(FLASHES);
  sessionStorage.removeItem(FLASHES);
  const place = document.querySelector(".flashes");
  if (kept && !place.children.length) place.innerHTML = kept;
}

showFlashes();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const input = form.querySelector("input[type=file][data-upload]");
  if (event.defaultPrevented || !input?.files.length) return;
  event.preventDefault();
  send(form, input, event.submitter);
});
