/**
 * Bundles the figures for their three hosts into static/: a classic script for pages, a module for anywidget, and a script
 * without any browser for the site's build and the tests. A formula comes from the registry in Python, its TeX made MathML here.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import katex from "katex";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { minify } from "terser";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** TeX as the inside of MathML's <math>, without its source and without attributes that say what is so anyway. */
function mathml(tex) {
  const html = katex.renderToString(tex, { output: "mathml", displayMode: true, strict: "error" });
  return html
    .match(/<semantics>(.*?)<annotation/s)[1]
    .replace(/^<mrow>(.*)<\/mrow>$/s, "$1")
    .replace(/ mathvariant="normal">(?!\p{L}<)/gu, ">") // only single letters are slanted
    .replace(/ (fence|separator)="\w+"| stretchy="true"/g, "")
    .replace(/="([\w.]+)"/g, "=$1");
}

const formulas = {
  name: "formulas",
  setup({ onResolve, onLoad }) {
    const python = process.env.PYTHON ?? "python";
    const registry = JSON.parse(
      execFileSync(python, ["-m", "gausslib.formulas"], {
        cwd: here("../.."),
        encoding: "utf8",
        maxBuffer: 1e8,
      }),
    );
    onResolve({ filter: /^formula:/ }, ({ path }) => ({
      path: path.slice("formula:".length),
      namespace: "formula",
    }));
    onLoad({ filter: /.*/, namespace: "formula" }, ({ path: key }) => {
      const entry = registry[key];
      if (!entry) return { errors: [{ text: `the registry has no formula ${key}` }] };
      return {
        contents: JSON.stringify({
          key,
          name: entry.name,
          pieces: entry.pieces.map(([term, tex]) => [term, mathml(tex)]),
        }),
        loader: "json",
      };
    });
  },
};

const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), {
        loader: "css",
        minify: true,
      });
      return { contents: code, loader: "text" };
    });
  },
};

/**
 * Names of properties that only figures and their runtime know; the scripts for browsers have shorter ones. None is a property
 * of an element or event that is used here, or a word of a figure (a field, value, term, preset or option: test_look.py).
 */
const INTERNAL = [
  "backdrop",
  "bare",
  "captions",
  "check",
  "clamped",
  "columns",
  "constrain",
  "controls",
  "coupled",
  "cov",
  "draw",
  "drawn",
  "excess",
  "fault",
  "follow",
  "formulas",
  "fraction",
  "fromPixels",
  "handles",
  "hint",
  "keeps",
  "kind",
  "look",
  "members",
  "onBell",
  "panels",
  "place",
  "play",
  "position",
  "presets",
  "python",
  "reach",
  "readout",
  "remark",
  "rest",
  "rounded",
  "rows",
  "scene",
  "seconds",
  "shaded",
  "shown",
  "sources",
  "spoken",
  "start",
  "symbol",
  "table",
  "terms",
  "ticks",
  "toPixels",
  "turns",
  "unit",
  "when",
  "whole",
  "write",
];
const shorter = { mangleProps: new RegExp(`^(${INTERNAL.join("|")})$`) };

/** Esbuild joins the modules, and terser makes the result smaller than esbuild does. */
async function bundle(entry, target, options) {
  const { outputFiles } = await build({
    entryPoints: [here(`src/${entry}`)],
    write: false,
    bundle: true,
    minify: true,
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    plugins: [formulas, styles],
    ...options,
  });
  const { code } = await minify(outputFiles[0].text, {
    ecma: 2022,
    compress: { passes: 3 },
    mangle: true,
    toplevel: true,
    module: options.format === "esm",
  });
  // In one step, so that nobody reads half a script. Markup is indented for those who read the sources.
  await writeFile(here(`static/${target}.new`), code.replace(/>\\n +</g, "><"));
  await rename(here(`static/${target}.new`), here(`static/${target}`));
}

await mkdir(here("static"), { recursive: true });
await Promise.all([
  bundle("hosts/page.js", "figures.js", { format: "iife", ...shorter }),
  bundle("hosts/anywidget.js", "widget.js", { format: "esm", ...shorter }),
  bundle("hosts/stills.js", "stills.js", {
    format: "iife",
    globalName: "gaussStills",
    footer: { js: "globalThis.gaussStills = gaussStills;" },
  }),
]);
