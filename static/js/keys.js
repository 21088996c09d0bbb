/* Keys: rows are sealed anew in steps, and the bar moves. Without this the button does one step. */
(() => {
  for (const form of document.querySelectorAll("form[data-reseal]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const holding = form.closest(".holding");
      const bar = holding.querySelector("progress");
      const told = holding.querySelector("[data-told]");
      const button = form.querySelector("button");
      button.disabled = true;
      const body = new URLSearchParams(new FormData(form));
      body.set("do", "reencrypt");
      for (;;) {
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
        const step = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
        if (!answer.ok || !step) {
          told.textContent = step?.error ?? "It did not go on: load the page again.";
          button.disabled = false;
          return;
        }
        bar.value = bar.max - step.left;
        told.textContent = step.told;
        if (step.done) break;
      }
      form.remove();
    });
  }
})();
