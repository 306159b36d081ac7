// Loads the page again after the next good build, and shows why a build failed. `make serve` adds
// it to what it serves.
const own = /** @type {HTMLElement | null} */ (document.currentScript);
const build = Number(own?.dataset.build);

const notice = document.createElement("pre");
notice.setAttribute("role", "status");
notice.style.cssText = `
  position: fixed; inset: auto 0 0; z-index: 9999; max-height: 40vh; margin: 0; padding: 1rem;
  overflow: auto; border-top: 4px solid #d13438; background: #1b1b1b; color: #f5f5f5;
  font: 13px/1.5 monospace; white-space: pre-wrap`;

const look = async () => {
  try {
    const now = await (await fetch("/-state")).json();
    if (now.build !== build) return location.reload();
    const message =
      now.faults && `The last build failed; this is the site before it.\n\n${now.faults}`;
    if (notice.textContent !== message) notice.textContent = message;
    if (message) document.body.append(notice);
    else notice.remove();
  } catch {
    // The server is away, perhaps for a moment.
  }
  setTimeout(look, document.hidden ? 3000 : 500);
};
look();
