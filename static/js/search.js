/** The key / goes to the box that searches everything, unless somebody types or switched keys off. */
const OFF = "duly-keys-off";
const box = document.querySelector("[data-search-all]");

function isOff() {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!box || isOff() || event.target.closest("input, textarea, select, dialog, [contenteditable]")) return;
  event.preventDefault();
  box.focus();
  box.select();
});
