/* A token that is shown goes again; without this the page is loaded anew by itself. */
(() => {
  const panel = document.querySelector("[data-seconds]");
  const left = panel.querySelector("[data-left]");
  let seconds = Number(panel.dataset.seconds);
  const forget = () => {
    panel.remove();
    history.replaceState(null, "", panel.dataset.back);
  };
  const timer = setInterval(() => {
    seconds -= 1;
    left.textContent = String(seconds);
    if (seconds > 0) return;
    clearInterval(timer);
    forget();
  }, 1000);
  addEventListener("pagehide", forget); // not kept for the back button
})();
