/** The page's own words, translated by the server. */
const source = document.getElementById("words");

export function word(name, values = {}) {
  const text = source?.dataset[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** Build an element without ever reading text as HTML. */
export function build(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
