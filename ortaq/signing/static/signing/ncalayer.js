/* Signing with NCALayer, the program of the national certification authority on the reader's own
   machine. A form with data-ncalayer gets its button here; without this file the way of a chosen file
   stays. It carries no words: those stand in the page (data-say), in the reader's language. */

const PURPOSES = {
  sign: { oid: "1.3.6.1.5.5.7.3.4", old: "SIGNATURE" },
  authenticate: { oid: "1.3.6.1.5.5.7.3.2", old: "AUTHENTICATION" },
};
const BASICS = "kz.gov.pki.knca.basics";
const OLD = "kz.gov.pki.knca.commonUtils";
const STORAGES = [
  "PKCS12", "AKKaztokenStore", "AKKZIDCardStore", "AKEToken72KStore", "AKEToken5110Store",
  "AKJaCartaStore", "AKAKEYStore", "JKS",
];
const CANCELLED = ["action.canceled", "USER_CANCELED"];

// A browser that asks for permission holds the connection until its reader has answered.
const CONNECT_MS = 8_000;
const PERMISSION_MS = 60_000;
const GREETING_MS = 1_500;
// Somebody looks for a token, then for its password.
const SIGN_MS = 5 * 60_000;

/* What stands in the way. `name` is the data-say that explains it; `details` what NCALayer wrote. */
class Trouble extends Error {
  constructor(name, details = "") {
    super(`${name} ${details}`);
    Object.assign(this, { name, details });
  }
}

/* --- The connection ----------------------------------------------------------------------------- */

// Chrome and its kin ask before a page may reach this machine; others know no such permission.
async function permission() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      return (await navigator.permissions.query({ name })).state;
    } catch { /* the next name, or none */ }
  }
  return "granted";
}

// A page that comes from this very machine is asked nothing.
const atHome = ["127.0.0.1", "localhost", "[::1]"].includes(location.hostname);

async function whyClosed() {
  if (atHome) return new Trouble("absent");
  if (!isSecureContext) return new Trouble("insecure");
  const state = await permission();
  return new Trouble({ denied: "denied", prompt: "unasked" }[state] ?? "absent");
}

class Line {
  static async open(address, onAsked) {
    const asked = !atHome && (await permission()) === "prompt";
    if (asked) onAsked();
    const line = new Line(address);
    try {
      await within(asked ? PERMISSION_MS : CONNECT_MS, line.opened, "absent");
      // The version comes first; an installation that sends none is used all the same.
      await within(GREETING_MS, line.greeted, "silent").catch(() => {});
      return line;
    } catch {
      line.close();
      throw await whyClosed();
    }
  }

  constructor(address) {
    try {
      this.socket = new WebSocket(address);
    } catch { // an address that this page must not reach
      throw new Trouble("insecure");
    }
    this.waiting = null;
    this.opened = new Promise((resolve, reject) => {
      this.socket.onopen = resolve;
      this.socket.onerror = this.socket.onclose = () => { reject(new Trouble("absent")); this.fail("lost"); };
    });
    this.greeted = new Promise((resolve) => { this.greet = resolve; });
    this.socket.onmessage = ({ data }) => this.hear(data);
  }

  hear(data) {
    let answer;
    try { answer = JSON.parse(data); } catch { return; /* a heartbeat */ }
    if (answer?.result?.version) { this.greet(); return; }
    if (!answer || !Object.keys(answer).length) return;
    this.waiting?.resolve(answer);
    this.waiting = null;
  }

  fail(name) {
    this.waiting?.reject(new Trouble(name));
    this.waiting = null;
  }

  ask(request) {
    if (this.socket.readyState !== WebSocket.OPEN) throw new Trouble("lost");
    const answered = new Promise((resolve, reject) => { this.waiting = { resolve, reject }; });
    this.socket.send(JSON.stringify(request));
    return within(SIGN_MS, answered, "late");
  }

  close() {
    this.socket.onerror = this.socket.onclose = null;
    this.socket.close();
  }
}

function within(ms, promise, name) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Trouble(name)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/* --- Signing -------------------------------------------------------------------------------------- */

// What is signed goes inside the CMS, so that it can be read and checked on its own.
async function signed(line, wish) {
  const answer = await line.ask({
    module: BASICS,
    method: "sign",
    args: {
      allowedStorages: STORAGES,
      format: "cms",
      data: wish.content,
      signingParams: { decode: true, encapsulate: true, digested: false },
      // Only what the reader is offered to choose from: who may sign is judged by the server.
      signerParams: { extKeyUsageOids: [PURPOSES[wish.purpose].oid], iin: wish.iin, bin: wish.bin },
      locale: wish.language,
    },
  });
  if (answer.status === undefined) return signedByOld(line, wish);
  if (answer.status !== true) throw refusal(answer);
  return only(answer.body?.result);
}

// Installations that do not know the present module.
async function signedByOld(line, wish) {
  const tokens = await line.ask({ module: OLD, method: "getActiveTokens" });
  if (tokens.code === undefined) throw new Trouble("outdated");
  const storage = tokens.responseObject?.[0] ?? "PKCS12";
  const answer = await line.ask({
    module: OLD,
    method: "createCAdESFromBase64",
    args: [storage, PURPOSES[wish.purpose].old, wish.content, true],
  });
  if (answer.code !== "200") throw refusal(answer);
  return only(answer.responseObject);
}

function refusal(answer) {
  if (CANCELLED.includes(answer.message) || CANCELLED.includes(answer.code)) return new Trouble("cancelled");
  return new Trouble("error", [answer.code, answer.message].filter(Boolean).join(": "));
}

// One text was signed: the answer is a string, a list, or an object with `signatures`. A window that
// was closed answers well, with nothing in it.
function only(result) {
  const found = [result?.signatures ?? result].flat().filter((text) => typeof text === "string" && text);
  if (!found.length) throw new Trouble("cancelled");
  return found[0];
}

// NCALayer has one window: of several tabs of this site one may wait for it.
function alone(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("ortaq-ncalayer", { ifAvailable: true }, (lock) => {
    if (!lock) throw new Trouble("busy");
    return work();
  });
}

/* --- The form ------------------------------------------------------------------------------------- */

function prepare(form) {
  const start = form.querySelector("[data-start]");
  const stop = form.querySelector("[data-stop]");
  let line = null;

  function say(name, details = "") {
    for (const words of form.querySelectorAll("[data-say]")) {
      words.hidden = words.dataset.say !== name;
      const place = words.hidden ? null : words.querySelector("[data-details]");
      if (place) { place.textContent = details; place.parentElement.hidden = !details; }
    }
    form.dataset.state = name;
  }

  async function sign() {
    say("connecting");
    line = await Line.open(form.dataset.ncalayer, () => say("asked"));
    say("waiting");
    stop.hidden = false;
    const { content, purpose, bin = "", language } = form.dataset;
    const iin = form.elements.signer?.value ?? form.dataset.iin ?? "";
    form.elements.cms.value = await signed(line, { content, purpose, iin, bin, language });
    say("sending");
  }

  start.addEventListener("click", async () => {
    start.disabled = true;
    try {
      await alone(sign);
      form.submit();
    } catch (trouble) {
      const known = trouble instanceof Trouble;
      say(known ? trouble.name : "error", known ? trouble.details : String(trouble));
      start.disabled = false;
      start.focus();
    } finally {
      stop.hidden = true;
      line?.close();
      line = null;
    }
  });
  stop.addEventListener("click", () => line?.fail("stopped"));
  // Back from the next page: the button works again.
  addEventListener("pageshow", () => { start.disabled = false; say(""); });
  start.hidden = false;
}

for (const form of document.querySelectorAll("form[data-ncalayer]")) prepare(form);
