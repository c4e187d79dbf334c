/** What an answer changes elsewhere on the page: questions shown or hidden, tips, progress. */
const byCode = (form, code) => form.querySelectorAll(`[data-code="${CSS.escape(code)}"]`);

export function showPlaces(form, { visible = [], hidden = [], html = {}, progress }) {
  visible.forEach((code) => byCode(form, code).forEach((place) => show(place, true)));
  hidden.forEach((code) => byCode(form, code).forEach((place) => show(place, false)));
  for (const [code, fragment] of Object.entries(html ?? {})) {
    const place = form.querySelector(`[data-slot="${CSS.escape(code)}"]`);
    if (place) place.innerHTML = fragment;
  }
  if (progress) count(progress);
}

/** A hidden question is disabled too, so that the plain form does not send it. */
function show(place, isShown) {
  place.hidden = !isShown;
  if (place.tagName === "FIELDSET") place.disabled = !isShown;
}

function count(progress) {
  for (const [name, number] of Object.entries(progress)) {
    document.querySelectorAll(`[data-progress="${name}"]`).forEach((place) => {
      place.textContent = number;
    });
  }
  document.querySelectorAll("progress[data-progress-bar]").forEach((bar) => {
    bar.max = progress.visible || 1;
    bar.value = progress.answered;
  });
}
