/** Unsaved answers, kept on this device until the server has them. */
const PREFIX = "duly-draft:";

const nameOf = (key, code) => `${PREFIX}${key}:${code}`;

export function keep(key, code, draft) {
  try {
    localStorage.setItem(nameOf(key, code), JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // A full or forbidden store only means that nothing is kept.
  }
}

export function find(key, code) {
  try {
    return JSON.parse(localStorage.getItem(nameOf(key, code)));
  } catch {
    return null;
  }
}

export function drop(key, code) {
  try {
    localStorage.removeItem(nameOf(key, code));
  } catch {
    // Nothing was kept.
  }
}

export function clearAll() {
  try {
    Object.keys(localStorage)
      .filter((name) => name.startsWith(PREFIX))
      .forEach((name) => localStorage.removeItem(name));
  } catch {
    // Nothing was kept.
  }
}
