/** The line that says what is saved: at once for eyes, every five seconds at most for ears. */
const QUIET = 5000;

export class Status {
  constructor(seen) {
    this.seen = seen;
    seen.removeAttribute("role");
    seen.setAttribute("aria-hidden", "true");
    this.heard = document.createElement("span");
    this.heard.className = "visually-hidden";
    this.heard.setAttribute("role", "status");
    seen.after(this.heard);
    this.last = 0;
  }

  say(text, state = "") {
    this.seen.textContent = text;
    this.seen.dataset.state = state;
    clearTimeout(this.timer);
    const wait = Math.max(0, this.last + QUIET - Date.now());
    this.timer = setTimeout(() => {
      this.last = Date.now();
      this.heard.textContent = text;
    }, wait);
  }
}
