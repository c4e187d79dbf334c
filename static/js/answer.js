/** One question on the page: reads and writes its inputs. */
const PARTS = ["options", "text", "not_applicable", "reason"];

export const inputsOf = (question) =>
  [...question.querySelectorAll("input, textarea, select")].filter(
    (input) => input.type !== "file" && input.type !== "hidden" && !input.closest(".compare"),
  );

/** Which part of the answer an input holds: data-part, the end of its name, or its kind. */
export function partOf(input) {
  if (input.dataset.part) return input.dataset.part;
  const named = PARTS.find((part) => input.name.endsWith(part));
  if (named) return named;
  return /^(radio|checkbox|select-one|select-multiple)$/.test(input.type) ? "options" : "text";
}

const isChoice = (input) => input.type === "radio" || input.type === "checkbox";

/** The answer as it stands, or, with "printed", as the server printed it. */
export function read(question, printed = false) {
  const answer = { options: [], text: "", not_applicable: "", reason: "" };
  for (const input of inputsOf(question)) {
    const part = partOf(input);
    if (isChoice(input) && !(printed ? input.defaultChecked : input.checked)) continue;
    if (part === "options") answer.options.push(...valuesOf(input, printed));
    else if (isChoice(input)) answer[part] = input.value || "1";
    else answer[part] = valuesOf(input, printed)[0] ?? "";
  }
  return answer;
}

function valuesOf(input, printed) {
  if (!input.options) {
    const value = printed && !isChoice(input) ? input.defaultValue : input.value;
    return [value].filter(Boolean);
  }
  const chosen = [...input.options].filter((one) => (printed ? one.defaultSelected : one.selected));
  const shown = !chosen.length && !input.multiple ? [...input.options].slice(0, 1) : chosen;
  return shown.map((option) => option.value).filter(Boolean);
}

export function write(question, answer) {
  for (const input of inputsOf(question)) {
    const part = partOf(input);
    if (part === "options") choose(input, answer.options);
    else if (isChoice(input)) input.checked = Boolean(answer[part]);
    else input.value = answer[part] ?? "";
  }
}

function choose(input, options) {
  if (input.selectedOptions) {
    for (const option of input.options) option.selected = options.includes(option.value);
  } else if (isChoice(input)) {
    input.checked = options.includes(input.value);
  } else {
    input.value = options[0] ?? "";
  }
}

/** The words a person sees for the chosen options. */
export function labelsOf(question) {
  return inputsOf(question)
    .filter((input) => partOf(input) === "options")
    .flatMap((input) => {
      if (input.selectedOptions) return [...input.selectedOptions].map((option) => option.label);
      return input.checked ? [input.labels?.[0]?.textContent.trim() ?? input.value] : [];
    });
}

/** Values whose visible words are among the given labels. */
export function valuesFor(question, labels) {
  return inputsOf(question)
    .filter((input) => partOf(input) === "options")
    .flatMap((input) => [...(input.options ?? [input])])
    .filter((choice) => labels.includes(choice.labels?.[0]?.textContent.trim() ?? choice.label))
    .map((choice) => choice.value);
}

export const isAnswered = (question) => {
  const { options, text, not_applicable } = read(question);
  return Boolean(options.length || text.trim() || not_applicable);
};
