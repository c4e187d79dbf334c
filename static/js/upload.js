/** Uploads with a bar: the whole form goes at once, and the page that answers is shown. */
import { build, word } from "./words.js";

const FLASHES = "duly-flashes";

function send(form, input, submitter) {
  const file = input.files[0].name;
  const text = build("p", { className: "hint", textContent: word("uploading", { file }) });
  text.setAttribute("role", "status");
  const bar = build("progress", { max: 100, value: 0 });
  bar.setAttribute("aria-label", word("uploading", { file }));
  input.after(bar, text);
  const request = new XMLHttpRequest();
  request.open("POST", submitter?.getAttribute("formaction") ?? form.action);
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) bar.value = (event.loaded / event.total) * 100;
  };
  request.upload.onload = () => {
    bar.removeAttribute("value");
    text.textContent = word("checking", { file });
  };
  request.onerror = () => {
    bar.remove();
    text.className = "error";
    text.textContent = word("failed", { file });
    delete form.dataset.sent;
  };
  request.onload = () => arrive(request);
  request.send(new FormData(form, submitter));
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
