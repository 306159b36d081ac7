/**
 * Bundles the figures into static/.
 *
 * - `runtime.js` and `<tag>.js`, one for each figure, are the classic scripts of a page. What the
 *   figures share is in the runtime, which has one global name, `gaussRuntime`.
 * - `<tag>.widget.js` is a figure as one module, for anywidget, which allows no imports.
 * - `stills.js` has all figures and needs no browser: the site's build uses it, and the tests.
 *
 * The figures are the files of src/figures/, each named by the tag of its element. A formula comes
 * from the registry in Python, and its TeX is made MathML here.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import katex from "katex";
import { minify } from "terser";

/**
 * @typedef {import("esbuild").Plugin} Plugin
 * @typedef {import("esbuild").BuildOptions} BuildOptions
 * @typedef {{name: string, pieces: [string | null, string][]}} RegistryEntry
 */

const HERE = dirname(fileURLToPath(import.meta.url));
const FIGURES = resolve(HERE, "src/figures");
const HOSTS = resolve(HERE, "src/hosts");
const STATIC = resolve(HERE, "static");

const figureFiles = (await readdir(FIGURES)).sort();
const tags = figureFiles.map((file) => basename(file, ".js"));

/**
 * The name by which the file of a figure exports it: `gaussPair` for `gauss-pair`.
 * @param {string} tag
 */
function exportedName(tag) {
  return tag.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

/**
 * TeX as the inside of MathML's <math>, without its source and without attributes that say what
 * is so anyway.
 * @param {string} tex
 */
function mathml(tex) {
  const html = katex.renderToString(tex, { output: "mathml", displayMode: true, strict: "error" });
  const inside = /<semantics>(.*?)<annotation/s.exec(html)?.[1] ?? "";
  return inside
    .replace(/^<mrow>(.*)<\/mrow>$/s, "$1")
    .replace(/ mathvariant="normal">(?!\p{L}<)/gu, ">") // Only single letters are slanted.
    .replace(/ (fence|separator)="\w+"| stretchy="true"/g, "")
    .replace(/="([\w.]+)"/g, "=$1");
}

/**
 * The entries of the registry of formulas, by their keys.
 * @returns {{[key: string]: RegistryEntry}}
 */
function readRegistry() {
  const python = process.env.PYTHON ?? "python";
  const printed = execFileSync(python, ["-m", "gausslib.formulas"], {
    cwd: `${HERE}/../..`,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return JSON.parse(printed);
}

/**
 * Imports of `formula:<key>` bring an entry of the registry.
 * @type {Plugin}
 */
const formulas = {
  name: "formulas",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^formula:/ }, ({ path }) => ({
      path: path.slice("formula:".length),
      namespace: "formula",
    }));
    onLoad({ filter: /.*/, namespace: "formula" }, ({ path: key }) => {
      const entry = registry[key];
      if (!entry) return { errors: [{ text: `the registry has no formula ${key}` }] };
      const pieces = entry.pieces.map(([term, tex]) => [term, mathml(tex)]);
      return { contents: JSON.stringify({ key, name: entry.name, pieces }), loader: "json" };
    });
  },
};

/**
 * Imports of style sheets bring their text.
 * @type {Plugin}
 */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const sheet = await readFile(path, "utf8");
      const { code } = await transform(sheet, { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/**
 * The import of `figures:all` brings the list of all figures.
 * @type {Plugin}
 */
const allFigures = {
  name: "all figures",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^figures:all$/ }, ({ path }) => ({ path, namespace: "figures" }));
    onLoad({ filter: /.*/, namespace: "figures" }, () => {
      const names = tags.map(exportedName);
      const imports = tags.map((tag) => `import { ${exportedName(tag)} } from "./${tag}.js";`);
      const contents = `${imports.join("\n")}\nexport default [${names.join(", ")}];`;
      return { contents, resolveDir: FIGURES };
    });
  },
};

/**
 * What figures and their parts import from src/runtime/ is that of the runtime of the page. The
 * runtime and the hosts themselves import the sources.
 * @type {Plugin}
 */
const sharedRuntime = {
  name: "shared runtime",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/runtime\/[\w-]+\.js$/ }, ({ path, importer, resolveDir }) => {
      const bringsRuntime = runtime.files.includes(importer) || dirname(importer) === HOSTS;
      if (bringsRuntime || !runtime.files.includes(resolve(resolveDir, path))) return;
      return { path: "gaussRuntime", namespace: "runtime" };
    });
    onLoad({ filter: /.*/, namespace: "runtime" }, () => {
      // A call that is marked as pure is left out where nobody uses its value.
      const lines = runtime.names.map(
        (name) => `export const ${name} = /* @__PURE__ */ (() => gaussRuntime.${name})();`,
      );
      return { contents: lines.join("\n") };
    });
  },
};

/**
 * A bundle; esbuild fails if an import has no export.
 * @param {BuildOptions} options
 */
async function bundled(options) {
  const result = await build({
    absWorkingDir: HERE,
    bundle: true,
    minify: true,
    metafile: true,
    write: false,
    outdir: STATIC,
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    plugins: [formulas, styles, allFigures],
    ...options,
  });
  const [{ exports }] = Object.values(result.metafile.outputs);
  return {
    text: result.outputFiles[0].text,
    names: exports,
    files: Object.keys(result.metafile.inputs).map((path) => resolve(HERE, path)),
  };
}

/**
 * A classic script that pages load: terser makes it a thirtieth smaller still, and markup, which is
 * indented for those who read the sources, loses its blanks.
 * @param {Promise<{text: string}>} bundle
 */
async function shortened(bundle) {
  const options = { ecma: 2022, compress: { passes: 3 }, toplevel: true };
  const { code = "" } = await minify((await bundle).text, options);
  return { text: code.replace(/>\\n +</g, "><") };
}

/**
 * A bundle of one figure, which brings no runtime but in the module of a host.
 * @param {string} contents  of the entry, which imports as from src/hosts/
 * @param {"iife" | "esm"} format
 */
function bundledFigure(contents, format) {
  const stdin = { contents, resolveDir: HOSTS, sourcefile: "figure.js" };
  return bundled({ stdin, format, plugins: [formulas, styles, sharedRuntime] });
}

/** @type {Set<string>} */
const written = new Set();

/**
 * Writes a bundle into static/ in one step, so that nobody reads half of it.
 * @param {string} name
 * @param {Promise<{text: string}>} bundle
 */
async function write(name, bundle) {
  const { text } = await bundle;
  await writeFile(`${STATIC}/${name}.new`, text);
  await rename(`${STATIC}/${name}.new`, `${STATIC}/${name}`);
  written.add(name);
}

/**
 * Writes the scripts that one figure has.
 * @param {string} tag
 */
async function writeFigure(tag) {
  const name = exportedName(tag);
  const figure = `import { ${name} } from "../figures/${tag}.js";`;
  const host = 'import { widgetOf } from "./anywidget.js";';
  const script = bundledFigure(`${figure} gaussRuntime.define(${name});`, "iife");
  await write(`${tag}.js`, shortened(script));
  await write(
    `${tag}.widget.js`,
    bundledFigure(`${host} ${figure} export default widgetOf(${name});`, "esm"),
  );
}

const registry = readRegistry();
const runtime = await bundled({ entryPoints: ["src/runtime/index.js"], format: "esm" });

await mkdir(STATIC, { recursive: true });
await Promise.all(tags.map(writeFigure));
const page = bundled({ entryPoints: ["src/hosts/page.js"], format: "iife" });
await write("runtime.js", shortened(page));
await write("stills.js", bundled({ entryPoints: ["src/hosts/stills.js"], format: "iife" }));

// What an earlier run has left, of a figure that is gone, say.
for (const name of await readdir(STATIC)) if (!written.has(name)) await rm(`${STATIC}/${name}`);
