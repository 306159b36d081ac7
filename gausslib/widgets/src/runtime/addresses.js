/** The address of the classic script that runs now; "" for a module, or where there is no page. */
export function scriptAddress() {
  const script = /** @type {HTMLScriptElement | null} */ (globalThis.document?.currentScript);
  return script?.src ?? "";
}

/** The address of the runtime, or "" in a notebook. */
export const runtimeAddress = scriptAddress();
