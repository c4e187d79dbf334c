/** Passkeys: a form appears where the browser has them, and carries what a device signs. */
const keys = window.PublicKeyCredential;
const known = keys?.parseCreationOptionsFromJSON && keys.parseRequestOptionsFromJSON;

async function signed(form) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const headers = { "X-CSRF-Token": token, Accept: "application/json" };
  const reply = await fetch(form.dataset.passkey, { method: "POST", headers });
  const asked = await reply.json();
  if (!reply.ok) throw new Error(asked.detail);
  return "makes" in form.dataset
    ? navigator.credentials.create({ publicKey: keys.parseCreationOptionsFromJSON(asked) })
    : navigator.credentials.get({ publicKey: keys.parseRequestOptionsFromJSON(asked) });
}

function carry(form) {
  const told = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    told.hidden = true;
    try {
      form.querySelector("[data-signed]").value = JSON.stringify(await signed(form));
      form.submit();
    } catch {
      told.hidden = false;
    }
  });
}

if (known) document.querySelectorAll("form[data-passkey]").forEach(carry);
