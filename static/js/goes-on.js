/** A form that needs nobody: it goes on by itself, once; its button stays for who comes back to it. */
const form = document.querySelector("form[data-goes-on]");
const came = performance.getEntriesByType("navigation")[0]?.type;
if (form && came !== "back_forward") form.requestSubmit();
