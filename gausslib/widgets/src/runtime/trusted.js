/**
 * Some pages take markup and the addresses of scripts from policies alone that they know by name
 * (Trusted Types). Ours lets everything through: all that comes to it is our own, and what others
 * wrote is escaped in it.
 */
const ours = { createHTML: String, createScriptURL: String };
export const trusted = /* @__PURE__ */ (() =>
  globalThis.trustedTypes?.createPolicy("gausslib", ours) ?? ours)();
