// The server sends this page for any address, of any depth; so it looks for the book's root first.
const from = location.pathname.split("/").slice(0, -1);

/** The address of the book, or null where there is none. */
const find = async () => {
  for (let depth = 1; depth <= from.length; depth++) {
    const root = `${from.slice(0, depth).join("/")}/`;
    try {
      if ((await fetch(`${root}objects.inv`, { method: "HEAD" })).ok) return root;
    } catch {
      return null;
    }
  }
  return null;
};

/**
 * The share of letters that two names have in common, in order: enough to guess what was meant.
 * @param {string} a
 * @param {string} b
 */
const likeness = (a, b) => {
  let row = new Array(b.length + 1).fill(0);
  for (const letter of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++)
      next.push(letter === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]));
    row = next;
  }
  return (2 * row[b.length]) / (a.length + b.length || 1);
};

/**
 * The name of a page.
 * @param {string} path
 */
const name = (path) => {
  const file = path.split("/").at(-1) ?? "";
  return file.replace(/\.\w+$/, "").toLowerCase();
};

addEventListener("DOMContentLoaded", async () => {
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const found = document.querySelectorAll("a[data-page]");
  const links = [...found];
  const root = await find();
  if (root !== null) for (const link of links) link.href = root + link.dataset.page;
  const address = document.querySelector("code");
  if (address) address.textContent = decodeURI(location.pathname);

  const asked = name(location.pathname);
  const [best] = links
    .map((link) => ({ link, likeness: likeness(asked, name(link.dataset.page ?? "")) }))
    .sort((a, b) => b.likeness - a.likeness);
  const guess = document.querySelector(".guess");
  if (guess && asked && best.likeness > 0.6) {
    guess.append(best.link.cloneNode(true), "?");
    guess.removeAttribute("hidden");
  }
});
