/** Two people answered at once: both answers side by side, and a choice. */
import { labelsOf, read } from "./answer.js";
import { build, word } from "./words.js";

const lines = (labels, text) =>
  [labels.join(", "), text].filter(Boolean).join("\n") || word("nothing");

export function compare(question, theirs, { keep, take }) {
  close(question);
  const box = build("div", { className: "compare", tabIndex: -1 });
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", word("compare"));
  const choose = (act) => () => {
    close(question);
    act();
    (question.querySelector("input:checked") ?? question.querySelector("input, textarea"))?.focus();
  };
  const own = read(question);
  box.append(
    build("strong", { textContent: word("compare") }),
    build(
      "div",
      { className: "compare-sides" },
      side(word("yours"), lines(labelsOf(question), own.text || own.reason)),
      side(word("theirs", theirs), lines(theirs.options ?? [], theirs.text)),
    ),
    build(
      "div",
      { className: "row" },
      build("button", { type: "button", className: "button", textContent: word("keep"), onclick: choose(keep) }),
      build("button", { type: "button", className: "button", textContent: word("take"), onclick: choose(take) }),
    ),
  );
  question.append(box);
}

const side = (title, text) =>
  build("div", {}, build("strong", { textContent: title }), build("p", { textContent: text, dir: "auto" }));

export const close = (question) => question.querySelector(".compare")?.remove();
