// Runs before anything is painted: the theme that the reader chose, and the fonts of the page.
{
  // Where storage is forbidden (cookies are blocked, or the page stands in a sandboxed frame), what
  // is stored lasts as long as the page, and nothing else is amiss.
  try {
    localStorage.getItem("mode");
  } catch {
    const kept = new Map();
    const value = {
      getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, `${text}`),
      removeItem: (/** @type {string} */ key) => kept.delete(key),
    };
    Object.defineProperty(window, "localStorage", { value });
  }

  const root = document.documentElement;
  const mode = localStorage.getItem("mode");
  root.dataset.mode = mode === "light" || mode === "dark" ? mode : "auto";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const { mode } = root.dataset;
    const system = dark.matches ? "dark" : "light";
    root.dataset.theme = mode === "auto" ? system : mode;
  };
  paint();
  dark.addEventListener("change", paint);
  root.addEventListener("mode", paint);
  addEventListener("beforeprint", () => {
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", paint);

  // Asked for now and not when the style sheet is read, the fonts are there at first paint, and no
  // line moves later. On pages opened from a file, browsers refuse to load a font ahead.
  const own = /** @type {HTMLElement | null} */ (document.currentScript);
  const fonts = location.protocol === "file:" ? "" : own?.dataset.fonts;
  for (const href of (fonts ?? "").split(" ").filter(Boolean)) {
    const link = { rel: "preload", as: "font", type: "font/woff2", crossOrigin: "anonymous", href };
    document.head.append(Object.assign(document.createElement("link"), link));
  }
}
