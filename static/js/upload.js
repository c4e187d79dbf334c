/** Uploads with a bar: the whole form goes at once, and the page that answers is shown. */
import { build, word } from "./words.js";

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
  request.onload = () => arrive(request, form);
  request.send(new FormData(form, submitter));
}

/** After a redirect go there; a page with errors is shown in place of this one. */
function arrive(request, form) {
  const isMoved = request.responseURL && request.responseURL !== form.action;
  if (request.status < 400 && isMoved) {
    location.assign(request.responseURL);
    if (new URL(request.responseURL).pathname === location.pathname) location.reload();
    return;
  }
  const parsed = new DOMParser().parseFromString(request.responseText, "text/html");
  document.title = parsed.title || document.title;
  document.querySelector("main").replaceWith(parsed.querySelector("main") ?? parsed.body);
  document.querySelector("[data-error-summary], main")?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const input = form.querySelector("input[type=file][data-upload]");
  if (event.defaultPrevented || !input?.files.length) return;
  event.preventDefault();
  send(form, input, event.submitter);
});
