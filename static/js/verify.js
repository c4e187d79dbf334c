// A dropped or chosen file is checked at once; without this script the button does it.
const form = document.querySelector("[data-verify]");
form?.querySelector("input[type=file]").addEventListener("change", (event) => {
  if (event.target.files.length) form.requestSubmit();
});
