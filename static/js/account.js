/* A theme that is saved with the account holds here too: what this device had chosen before is forgotten. */
(() => {
  document.querySelector("[data-looks]")?.addEventListener("submit", () => localStorage.removeItem("theme"));
})();
