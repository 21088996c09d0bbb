/* The version editor: the leak scan is asked again whenever the writer pauses. Without a script there is a button. */
(() => {
  const form = document.querySelector("#version-form");
  if (!form) return;
  const PAUSE = 700; // milliseconds without a key before asking
  let waiting = 0;
  let asked = null;

  const search = async () => {
    asked?.abort();
    asked = new AbortController();
    const sent = new FormData(form);
    sent.set("check", "1");
    try {
      const answer = await fetch(form.action || location.href, { method: "POST", body: sent, signal: asked.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("#searched");
      if (found) document.querySelector("#searched").replaceWith(found);
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE);
  });
})();
