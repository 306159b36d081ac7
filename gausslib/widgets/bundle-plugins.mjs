/**
 * What imports bring that are not plain scripts, as plugins of the bundler.
 *
 * @typedef {import("esbuild").Plugin} Plugin
 *
 * @typedef {object} RegistryEntry  an entry of the registry of formulas
 * @property {string} name
 * @property {[string | null, string][]} pieces  each the name of a term or null, and its TeX
 *
 * @typedef {object} Shared  what all scripts of a page take from the runtime
 * @property {string[]} names  the names that `index.js` exports
 * @property {string[]} files  the files that they come from
 */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";
import katex from "katex";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, "../..");
const FIGURES = resolve(HERE, "src/figures");
const RUNTIME = resolve(HERE, "src/runtime");
const HOSTS = resolve(HERE, "src/hosts");

/**
 * The name by which the file of a figure exports it: `gaussPair` for `gauss-pair`.
 * @param {string} tag
 */
export function exportedName(tag) {
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
  return (
    inside
      .replace(/^<mrow>(.*)<\/mrow>$/s, "$1")
      .replace(/ mathvariant="normal">(?!\p{L}<)/gu, ">") // Only single letters are slanted.
      // A function stands off what it is applied to, unless that is in brackets.
      .replace(/<mo>\u2061<\/mo>(?!<mo[^>]*>[([|])/g, '<mo rspace="0.1667em">\u2061</mo>')
      .replace(/ (fence|separator)="\w+"| stretchy="true"/g, "")
      .replace(/="([\w.]+)"/g, "=$1")
  );
}

/**
 * The entries of the registry of formulas, by their keys.
 * @returns {{[key: string]: RegistryEntry}}
 */
function readRegistry() {
  const python = process.env.PYTHON ?? "python";
  const printed = execFileSync(python, ["-m", "gausslib.formulas"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return JSON.parse(printed);
}

const registry = readRegistry();

/**
 * Imports of `formula:<key>` bring an entry of the registry.
 * @type {Plugin}
 */
export const formulas = {
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
export const styles = {
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
 * @param {string[]} tags
 * @returns {Plugin}
 */
export const allFigures = (tags) => ({
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
});

/**
 * The runtime that all scripts of a page share. Hosts bring it, by the import of `runtime:shared`;
 * what figures and their parts import from its files is taken from the global `gaussRuntime`.
 * @param {Shared} shared
 * @returns {Plugin}
 */
export const sharedRuntime = (shared) => ({
  name: "shared runtime",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^runtime:shared$/ }, ({ path }) => ({ path, namespace: "shared" }));
    onLoad({ filter: /.*/, namespace: "shared" }, () => {
      const names = shared.names.join(", ");
      const contents = `import { ${names} } from "./index.js"; export default { ${names} };`;
      return { contents, resolveDir: RUNTIME };
    });
    onResolve({ filter: /\/runtime\/[\w-]+\.js$/ }, ({ path, importer, resolveDir }) => {
      const isOfRuntime = [HOSTS, RUNTIME].includes(dirname(importer));
      if (isOfRuntime || !shared.files.includes(resolve(resolveDir, path))) return;
      return { path: "gaussRuntime", namespace: "global" };
    });
    onLoad({ filter: /.*/, namespace: "global" }, () => {
      // A call that is marked as pure is left out where nobody uses its value.
      const lines = shared.names.map(
        (name) => `export const ${name} = /* @__PURE__ */ (() => gaussRuntime.${name})();`,
      );
      return { contents: lines.join("\n") };
    });
  },
});
