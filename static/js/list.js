/* Lists: j and k walk the rows, Enter opens one, x selects it; selecting all, and what is done with the selected. */
(() => {
  const frame = document.querySelector(".table-frame");
  const rows = [...document.querySelectorAll(".rows tbody tr")];
  if (!rows.length) return;

  let current = rows.findIndex((row) => row.classList.contains("is-here"));
  if (current >= 0) rows[current].scrollIntoView({ block: "center" });

  const go = (to) => {
    rows[current]?.classList.remove("is-current");
    current = Math.max(0, Math.min(rows.length - 1, to));
    rows[current].classList.add("is-current");
    rows[current].scrollIntoView({ block: "nearest" });
    rows[current].querySelector(".row-link").focus({ preventScroll: true });
  };

  const boxes = [...document.querySelectorAll('.rows tbody .pick input')];
  const all = document.querySelector(".pick-all");
  const bar = document.querySelector(".bulk");
  const update = () => {
    const picked = boxes.filter((box) => box.checked).length;
    bar.classList.toggle("is-active", picked > 0);
    bar.querySelector(".bulk-count").textContent = `${picked} selected:`;
    all.checked = picked === boxes.length;
    all.indeterminate = picked > 0 && picked < boxes.length;
  };
  if (bar) {
    document.documentElement.classList.add("has-scripts");
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      update();
    });
    let last = null;
    for (const [number, box] of boxes.entries()) {
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last !== null) {
          const [from, to] = [Math.min(last, number), Math.max(last, number)];
          for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
        }
        last = number;
        update();
      });
    }
    update();
  }

  const isTyping = (target) => target.closest("input:not([type=checkbox]), select, textarea, dialog");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "j") go(current + 1);
    else if (event.key === "k") go(current - 1);
    else if (event.key === "x" && boxes[current]) boxes[current].click();
    else if (event.key === "n") document.querySelector('.pager [rel="next"]')?.click();
    else if (event.key === "p") document.querySelector('.pager [rel="prev"]')?.click();
    else if (event.key === "/") document.querySelector(".list-search")?.focus();
    else return;
    event.preventDefault();
  });

  /* Only one open card, and none once the reader goes on. */
  const tools = [...document.querySelectorAll(".tool")];
  document.addEventListener("click", (event) => {
    for (const tool of tools) if (tool.open && !tool.contains(event.target)) tool.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const tool of tools) tool.open = false;
  });
  frame?.addEventListener("focusout", () => rows[current]?.classList.remove("is-current"));
})();
