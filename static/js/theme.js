/* Loaded before the page is drawn, so that a chosen theme does not flash. "system" leaves it to the browser. What was
   chosen here holds on this device; else what the account says. */
(() => {
  const root = document.documentElement;
  const next = { system: "light", light: "dark", dark: "system" };
  const chosen = () => localStorage.getItem("theme") || root.dataset.preferred || "system";

  const apply = (theme) => {
    if (theme === "system") root.removeAttribute("data-theme");
    else root.dataset.theme = theme;
    for (const button of document.querySelectorAll(".theme-button")) {
      button.dataset.theme = theme;
      button.setAttribute("aria-label", `Theme: ${theme}. Change to ${next[theme]}.`);
    }
  };

  apply(chosen());
  document.addEventListener("DOMContentLoaded", () => {
    apply(chosen());
    for (const button of document.querySelectorAll(".theme-button")) {
      button.addEventListener("click", () => {
        localStorage.setItem("theme", next[chosen()]);
        apply(chosen());
      });
    }
  });
})();
