/* Pages work without this file. With it they save while somebody types, keep what could not be
   saved, ask before unsaved text is left behind, and close menus.
   It carries no words: those stand in the page, in the reader's language. */
(() => {
  "use strict";

  const RETRY_MS = 5000;

  /* --- Forms that save themselves: see components/autosave.html ---------------------------- */

  const indicator = (form) => form.querySelector("#autosave");

  function say(form, state) {
    const line = indicator(form);
    if (!line) return;
    line.dataset.state = state;
    const words = line.dataset[state];
    if (words) line.querySelector(".autosave-text").textContent = words;
  }

  // Where this browser keeps what could not be saved: by address of saving, without files.
  const key = (form) => `ortaq:${form.getAttribute("hx-post")}`;

  function fields(form) {
    const hidden = ["csrfmiddlewaretoken", "version"];
    return [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && !hidden.includes(name));
  }

  // What the server has, as far as this page knows: the text on which typing began.
  const base = new WeakMap();

  function keep(form, sent = false) {
    const kept = { base: base.get(form), sent, fields: fields(form) };
    try {
      localStorage.setItem(key(form), JSON.stringify(kept));
    } catch { /* a full or forbidden store: the page itself still holds the text */ }
  }

  function forget(form) {
    try { localStorage.removeItem(key(form)); } catch { /* nothing was kept */ }
  }

  // The fields that differ from what was kept, each with its kept value.
  function differing(form, kept) {
    const values = new Map();
    for (const [name, value] of kept) values.set(name, [...(values.get(name) ?? []), value]);
    const found = [];
    for (const field of form.elements) {
      if (!field.name || ["hidden", "file", "submit", "button"].includes(field.type)) continue;
      if (field.type === "checkbox" || field.type === "radio") {
        const ticked = (values.get(field.name) ?? []).includes(field.value);
        if (field.checked !== ticked) found.push([field, ticked]);
      } else {
        const value = (values.get(field.name) ?? []).shift();
        if (value !== undefined && field.value !== value) found.push([field, value]);
      }
    }
    return found;
  }

  function restore(form) {
    base.set(form, JSON.stringify(fields(form)));
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key(form))); } catch { return; }
    if (!Array.isArray(kept?.fields)) return;
    const found = differing(form, kept.fields);
    const same = kept.base === base.get(form);
    if (!found.length || (!same && kept.sent)) { forget(form); return; }
    if (!same) { showKept(form, found); return; }
    for (const [field, value] of found) {
      if (typeof value === "boolean") field.checked = value; else field.value = value;
    }
    form.dataset.unsaved = "";
    say(form, "found");
    form.dispatchEvent(new Event("autosave"));
  }

  // The draft has moved on since: nothing is overwritten, the text is there to be copied.
  function showKept(form, found) {
    say(form, "stale");
    const line = indicator(form);
    for (const [field, value] of found) {
      if (!line || typeof value === "boolean" || !value.trim()) continue;
      const copy = document.createElement("textarea");
      copy.readOnly = true;
      copy.rows = 3;
      copy.className = "kept";
      copy.value = value;
      copy.setAttribute("aria-label", field.labels?.[0]?.textContent ?? field.name);
      line.after(copy);
    }
    forget(form);
  }

  const saving = (event) => {
    const form = event.detail.elt;
    return form instanceof HTMLFormElement && form.hasAttribute("data-autosave") ? form : null;
  };

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && (form.hasAttribute("data-autosave") || form.hasAttribute("data-guard"))) {
      form.dataset.unsaved = "";
      form.dataset.typed = String(Number(form.dataset.typed ?? 0) + 1);
      if (form.hasAttribute("data-autosave")) { keep(form); say(form, "waiting"); }
    }
  });

  const sending = new WeakMap();

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = saving(event);
    if (!form) return;
    if ("leaving" in form.dataset) { event.preventDefault(); return; }
    form.dataset.sent = form.dataset.typed ?? "0";
    sending.set(form, JSON.stringify(fields(form)));
    say(form, "saving");
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = saving(event);
    if (!form || !event.detail.successful) return;
    base.set(form, sending.get(form));
    // What was typed while the answer was on its way is not saved yet.
    if (form.dataset.sent !== (form.dataset.typed ?? "0")) { keep(form); say(form, "waiting"); return; }
    // The answer put its words into the line, which stays: a screen reader reads what changes in it.
    delete indicator(form)?.dataset.state;
    delete form.dataset.unsaved;
    forget(form);
  });

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      const form = saving(event);
      if (!form) return;
      say(form, "failed");
      setTimeout(() => form.isConnected && form.dispatchEvent(new Event("autosave")), RETRY_MS);
    });
  }

  document.addEventListener("htmx:responseError", (event) => {
    const form = saving(event);
    if (!form) return;
    const overloaded = event.detail.xhr.status >= 500;
    say(form, overloaded ? "failed" : "refused");
    if (overloaded) setTimeout(() => form.isConnected && form.dispatchEvent(new Event("autosave")), RETRY_MS);
  });

  addEventListener("online", () => {
    for (const form of document.querySelectorAll("form[data-autosave][data-unsaved]")) {
      form.dispatchEvent(new Event("autosave"));
    }
  });

  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-unsaved]")) event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    // The browser sends everything now; a native submit is no loss.
    if (event.defaultPrevented) return;
    delete event.target.dataset.unsaved;
    if (!event.target.hasAttribute("data-autosave")) return;
    // Saving by itself a moment later would change what the next page is about.
    event.target.dataset.leaving = "";
    keep(event.target, true);
  });

  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-leaving]")) delete form.dataset.leaving;
  });

  /* --- Forms that are sent whole (data-keep): a line that drops takes no text with it ----------- */

  // Kept in this tab only, with the mark against a second sending; files have to be chosen again.
  const tabKey = () => `ortaq:tab:${location.pathname}`;
  const SENT = "ortaq:tab:sent";

  function inTab(use) {
    try { return use(sessionStorage); } catch { return null; /* forbidden: the page holds the text */ }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.hasAttribute("data-keep")) return;
    inTab((tab) => tab.setItem(tabKey(), JSON.stringify(fields(form))));
  });

  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-keep")) inTab((tab) => tab.setItem(SENT, tabKey()));
  });

  function bringBack(form) {
    const kept = inTab((tab) => JSON.parse(tab.getItem(tabKey())));
    // What the server sent back with its findings is newer than what was kept.
    if (!Array.isArray(kept) || form.querySelector("[aria-invalid], .errors")) return;
    for (const [field, value] of differing(form, kept)) {
      if (typeof value === "boolean") field.checked = value; else field.value = value;
    }
    const once = new Map(kept).get("once");
    if (once && form.elements.once) form.elements.once.value = once;
  }

  // A step that was taken says so on the next page; a page that merely opens again says nothing.
  function arrived() {
    const sent = inTab((tab) => tab.getItem(SENT));
    if (sent && document.querySelector("#messages > *")) {
      inTab((tab) => { tab.removeItem(sent); tab.removeItem(SENT); });
    }
  }

  /* --- Menus, confirmations, keys ------------------------------------------------------------- */

  const opened = () => document.querySelectorAll("details.menu[open], details.confirm[open]");

  document.addEventListener("click", (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of opened()) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    // Ctrl+Enter sends the form one is in: data-key="send" marks its button.
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const button = event.target.form?.querySelector("button[data-key=send]");
      if (button) { event.preventDefault(); button.click(); }
    }
  });

  /* --- Lists that follow what somebody looks for ---------------------------------------------- */

  // Words were asked for while they were typed: leaving their field asks for nothing more.
  document.addEventListener("change", (event) => {
    if (event.target.matches("form[hx-get] input[type=search]")) event.stopPropagation();
  }, true);

  // A list swapped under the keyboard: it goes on at the same link, or where the new list begins.
  let held = null;
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    const at = document.activeElement;
    held = target.contains(at) ? { href: at.getAttribute("href"), id: target.id } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const place = held?.id && document.activeElement === document.body && document.getElementById(held.id);
    if (!place) return;
    const same = [...place.querySelectorAll("a")].find((one) => one.getAttribute("href") === held.href);
    if (!same) place.tabIndex = -1;
    (same ?? place).focus();
    held = null;
  });

  /* A second press of a button that is already sending changes nothing. */
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || event.target.method !== "post" || event.defaultPrevented) return;
    setTimeout(() => { button.setAttribute("aria-busy", "true"); button.disabled = true; });
  });
  addEventListener("pageshow", () => {
    for (const button of document.querySelectorAll("button[aria-busy]")) {
      button.removeAttribute("aria-busy");
      button.disabled = false;
    }
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-autosave]")) restore(form);
    arrived();
    for (const form of document.querySelectorAll("form[data-keep]")) bringBack(form);
    document.querySelector("[data-focus]")?.focus();
  });
})();
