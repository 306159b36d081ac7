/** The runtime and the styles of a notebook, which has them once for all its figures. */
import runtime from "runtime:shared";
import { plainNotation, readSamples } from "../parts/reading.js";
import { share } from "../runtime/copies.js";
import style from "../runtime/figure.css";
import palette from "../runtime/palette.css";
import { fillNumbers } from "../runtime/typed.js";
import look from "../walks/walk.css";

// The notebook imports a module for each widget, each time from another address: they share the
// runtime of the first, so that figures of several kinds can be linked.
if (!globalThis.gaussRuntime) {
  globalThis.gaussRuntime = runtime;
  runtime.dress(palette + style);
  const plain = plainNotation;
  Object.assign(runtime.late, { share, numbers: fillNumbers, plain, samples: readSamples });
  document.head.append(Object.assign(document.createElement("style"), { textContent: look }));
}
