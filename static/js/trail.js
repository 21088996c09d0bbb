/* The trail: completing a query while it is typed, and telling how far an export is. */
(() => {
  const input = document.querySelector("#trail-query");
  const list = document.querySelector("#trail-completions");
  if (input && list) completing(input, list);
  for (const form of document.querySelectorAll("form[data-export]")) exporting(form);

  function completing(input, list) {
    const PAUSE = 120; // milliseconds without a key before asking
    let waiting = 0;
    let asked = null;
    let current = -1;
    const items = () => [...list.children];

    /* The term at the caret: where it starts, and its text so far. Blanks in quotes belong to it. */
    const term = () => {
      const text = input.value.slice(0, input.selectionStart ?? input.value.length);
      let start = 0;
      let isQuoted = false;
      for (let at = 0; at < text.length; at += 1) {
        if (text[at] === '"' && text[at - 1] !== "\\") isQuoted = !isQuoted;
        else if (!isQuoted && /\s/.test(text[at])) start = at + 1;
      }
      return { start, text: text.slice(start) };
    };
    const show = (isOpen) => {
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) {
        current = -1;
        input.removeAttribute("aria-activedescendant");
      }
    };
    const go = (to) => {
      const all = items();
      if (list.hidden || !all.length) return;
      all[current]?.classList.remove("is-current");
      all[current]?.setAttribute("aria-selected", "false");
      current = (to + all.length) % all.length;
      all[current].classList.add("is-current");
      all[current].setAttribute("aria-selected", "true");
      all[current].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", all[current].id);
    };
    const take = (item) => {
      const { start } = term();
      const end = input.selectionStart ?? input.value.length;
      const isWhole = !item.dataset.text.endsWith(":");
      const put = item.dataset.text + (isWhole ? " " : "");
      input.value = input.value.slice(0, start) + put + input.value.slice(end).trimStart();
      input.setSelectionRange(start + put.length, start + put.length);
      input.focus();
      show(false);
      if (!isWhole) ask();
    };
    const draw = (completions) => {
      list.replaceChildren(
        ...completions.map(({ text, label }, number) => {
          const item = document.createElement("li");
          item.id = `completion-${number}`;
          item.role = "option";
          item.dataset.text = text;
          item.setAttribute("aria-selected", "false");
          const code = document.createElement("code");
          code.textContent = text;
          const note = document.createElement("span");
          note.className = "note";
          note.textContent = label;
          item.append(code, note);
          item.addEventListener("mousedown", (event) => {
            event.preventDefault();
            take(item);
          });
          return item;
        }),
      );
      current = -1;
      show(completions.length > 0);
    };
    async function ask() {
      asked?.abort();
      asked = new AbortController();
      try {
        const address = `${input.dataset.complete}?term=${encodeURIComponent(term().text)}`;
        const answer = await fetch(address, { signal: asked.signal, redirect: "error" });
        if (answer.ok) draw((await answer.json()).completions);
      } catch (error) {
        if (error.name !== "AbortError") show(false);
      }
    }

    const later = () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, PAUSE);
    };
    input.addEventListener("input", later);
    input.addEventListener("focus", later);
    input.addEventListener("blur", () => {
      clearTimeout(waiting);
      asked?.abort();
      show(false);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") list.hidden ? ask() : go(current + 1);
      else if (event.key === "ArrowUp" && !list.hidden) go(current < 0 ? -1 : current - 1);
      else if (event.key === "Escape" && !list.hidden) show(false);
      else if (event.key === "Tab" && !list.hidden && current >= 0) take(items()[current]);
      else if (event.key === "Enter" && !list.hidden && current >= 0) take(items()[current]);
      else return;
      event.preventDefault();
    });
  }

  /* Reads the answer as it comes and says how much that is; without scripts the browser downloads it itself. */
  function exporting(form) {
    const line = form.querySelector(".progress-line");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const format = event.submitter?.value ?? "ndjson";
      const body = new FormData(form);
      body.set("format", format);
      const buttons = [...form.querySelectorAll("button")];
      for (const button of buttons) button.disabled = true;
      line.hidden = false;
      const pieces = [];
      let bytes = 0;
      let lines = 0;
      const said = () => `${Math.max(0, lines - (format === "csv")).toLocaleString("en")} entries, ${(bytes / 1e6).toFixed(1)} MB`;
      try {
        const answer = await fetch(form.action, { method: "POST", body, redirect: "error" });
        if (!answer.ok) throw new Error(`refused (${answer.status})`);
        const reader = answer.body.getReader();
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          pieces.push(value);
          bytes += value.length;
          for (const byte of value) lines += byte === 10;
          line.textContent = `Reading: ${said()} …`;
        }
        save(new Blob(pieces, { type: answer.headers.get("Content-Type") ?? "" }), named(answer, form, format));
        line.textContent = `Done: ${said()}.`;
      } catch (error) {
        line.textContent = `Broken off after ${said()}: ${error.message}. Nothing was saved.`;
      } finally {
        for (const button of buttons) button.disabled = false;
      }
    });
  }

  function named(answer, form, format) {
    const found = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
    return found ? found[1] : `${form.dataset.export}.${format}`;
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
})();
