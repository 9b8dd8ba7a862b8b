// A classic script in the head, so that the first paint already has the right colours.
(function () {
  const KEY = "workspace.theme";
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  function read() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null;
    }
  }
  function show() {
    document.documentElement.dataset.theme = read() || (dark.matches ? "dark" : "light");
  }
  window.toggleTheme = function () {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    const follows = next === (dark.matches ? "dark" : "light");
    try {
      follows ? localStorage.removeItem(KEY) : localStorage.setItem(KEY, next);
    } catch {
      /* private mode */
    }
    document.documentElement.dataset.theme = next;
    return next;
  };
  dark.addEventListener("change", show);
  show();
})();
