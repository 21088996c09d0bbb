/* The menu on narrow screens, closing the account card, and telling the server the reader's time zone. */
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const secure = location.protocol === "https:" ? "; secure" : "";
  if (zone) document.cookie = `nds_zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;

  const button = document.querySelector(".menu-button");
  button?.addEventListener("click", () => {
    const open = document.documentElement.classList.toggle("menu-is-open");
    button.setAttribute("aria-expanded", String(open));
  });

  const account = document.querySelector(".account");
  document.addEventListener("click", (event) => {
    if (account?.open && !account.contains(event.target)) account.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && account?.open) account.open = false;
  });

  /* Filters stay folded on narrow screens unless one is in force. */
  const filters = document.querySelector(".filter-fold");
  if (filters && !filters.querySelector(".is-active") && window.matchMedia("(max-width: 44rem)").matches) {
    filters.open = false;
  }
})();
