// The server sends this page for any address, of any depth; so it looks for the book's root first.
const from = location.pathname.split("/").slice(0, -1);
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

/** Letters that two names share, in order: enough to guess what was meant. */
const likeness = (a, b) => {
  let row = new Array(b.length + 1).fill(0);
  for (const letter of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++)
      next.push(letter === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]));
    row = next;
  }
  return (2 * row.at(-1)) / (a.length + b.length || 1);
};
const name = (path) =>
  path
    .split("/")
    .at(-1)
    .replace(/\.\w+$/, "")
    .toLowerCase();

addEventListener("DOMContentLoaded", async () => {
  const links = [...document.querySelectorAll("a[data-page]")];
  const root = await find();
  if (root !== null) for (const link of links) link.href = root + link.dataset.page;
  document.querySelector("code").textContent = decodeURI(location.pathname);

  const asked = name(location.pathname);
  const [best] = links
    .map((link) => [likeness(asked, name(link.dataset.page)), link])
    .sort((a, b) => b[0] - a[0]);
  if (asked && best[0] > 0.6) {
    const guess = document.querySelector(".guess");
    guess.append(best[1].cloneNode(true), "?");
    guess.hidden = false;
  }
});
