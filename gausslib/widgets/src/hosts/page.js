/** Host 1, a page: its figures share this runtime. */

import runtime from "runtime:shared";
import { followHistory } from "../runtime/address.js";
import { load } from "../runtime/late.js";

/** Pages of the book bring the style of the figures, which their still pictures need too. */
function dress() {
  const style = document.querySelector("#gauss-style");
  if (style) runtime.dress(style.textContent);
  else load("look.js");
}

// A page that embeds two figures may load this script twice.
if (!globalThis.gaussRuntime) {
  globalThis.gaussRuntime = runtime;
  dress();
  followHistory();
}
