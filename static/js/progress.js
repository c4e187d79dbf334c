// Watches work that is on its way, and reloads the page when it is done.
const watched = document.querySelector("[data-progress]");
const EVERY = 1500;

async function look() {
  try {
    const answer = await fetch(watched.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    if (!told.is_on_its_way) return void location.reload();
    const line = watched.querySelector("[data-progress-text]");
    if (line.textContent !== told.text) line.textContent = told.text;
    watched.querySelector("progress").value = told.progress;
  } catch {
    // Offline: the next look tries again.
  }
  setTimeout(look, EVERY);
}

if (watched) setTimeout(look, EVERY);
