// Runs before anything is painted: the theme that the reader chose, and the fonts of the page.
{
  const root = document.documentElement;
  let mode = null;
  try {
    mode = localStorage.getItem("mode");
  } catch {
    // Storage is forbidden: the page follows the system.
  }
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
