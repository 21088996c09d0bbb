/* The box in the top bar: Ctrl K goes there, hits appear while one types, arrows walk them, Enter opens one. */
(() => {
  const form = document.querySelector(".jump");
  if (!form) return;
  const input = form.querySelector("input");
  const hits = form.querySelector(".jump-hits");
  const PAUSE = 120; // milliseconds without a key before asking
  let waiting = 0;
  let asked = null;
  let current = -1;

  const links = () => [...hits.querySelectorAll(".hit")];
  const show = (isOpen) => {
    hits.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) {
      current = -1;
      input.removeAttribute("aria-activedescendant");
    }
  };
  const go = (to) => {
    const all = links();
    if (!all.length) return;
    all[current]?.classList.remove("is-current");
    current = (to + all.length) % all.length;
    all[current].classList.add("is-current");
    all[current].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", all[current].id);
  };

  const ask = async () => {
    asked?.abort();
    const words = input.value.trim();
    if (!words) return show(false);
    asked = new AbortController();
    try {
      const address = `${form.action}?part=hits&q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { signal: asked.signal, redirect: "error" });
      if (!answer.ok) return;
      hits.innerHTML = await answer.text();
      links().forEach((link, number) => (link.id = `hit-${number}`));
      show(true);
      go(0);
    } catch (error) {
      if (error.name !== "AbortError") show(false);
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") go(current + 1);
    else if (event.key === "ArrowUp") go(current - 1);
    else if (event.key === "Escape") show(false);
    else if (event.key === "Enter" && current >= 0 && !hits.hidden) links()[current].click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) show(false);
  });
})();
