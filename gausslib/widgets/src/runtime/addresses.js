/** The address of the classic script that runs now, or "" for a module. */
export function scriptAddress() {
  return /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? "";
}

/** The address of the runtime, or "" in a notebook. */
export const runtimeAddress = scriptAddress();
