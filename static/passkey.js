/* Passkeys: the one thing on these pages that needs a script. A form with data-passkey="create" or "get" holds the
   options in data-options; the browser's answer goes into its field "credential", and the form is sent. Where the
   browser cannot do it, the form stays hidden and a code from an app remains. */
"use strict";

const able = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential;

for (const form of able ? document.querySelectorAll("form[data-passkey]") : []) {
  form.closest("[hidden]")?.removeAttribute("hidden");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    const options = JSON.parse(form.dataset.options);
    const failed = form.querySelector("[data-failed]");
    failed.hidden = true;
    try {
      const answer = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      form.elements.credential.value = JSON.stringify(answer.toJSON());
      form.requestSubmit();
    } catch (error) {
      failed.hidden = false;
    }
  });
}
