/* The sheet works without this file: the server then proposes points from the ticks on saving. With it the
   proposal follows at once, and keys give points. It carries no words: they come with the page. */
(() => {
  "use strict";

  const form = document.querySelector("form[data-sheet]");
  if (!form) return;

  // Tells the server that the points follow the ticks here already.
  const live = document.createElement("input");
  Object.assign(live, { type: "hidden", name: "live", value: "1" });
  form.append(live);

  const radios = (box) => [...box.querySelectorAll("input[type=radio]")];
  const chosen = (box) => radios(box).find((radio) => radio.checked)?.value ?? "";

  /* "0:1/1 1:2/2 … 5:6/7": for each number of ticks the points, partly and fully. */
  function proposal(box) {
    const ticks = box.querySelectorAll("input[name$=-ticks]:checked").length;
    if (!box.dataset.matched || !ticks) return "";
    const pairs = Object.fromEntries(box.dataset.matched.split(" ").map((pair) => pair.split(":")));
    const [partly, fully] = pairs[ticks].split("/");
    return box.querySelector("input[name$=-fully]")?.checked ? fully : partly;
  }

  function give(box, points) {
    const radio = radios(box).find((one) => one.value === points);
    if (!radio || radio.checked || radio.disabled) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("input", { bubbles: true }));
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }

  for (const box of form.querySelectorAll("[data-criterion]")) {
    const line = box.querySelector("[data-proposal]");
    let before = proposal(box);
    box.addEventListener("change", (event) => {
      if (event.target.type !== "checkbox") return;
      const now = proposal(box);
      const followed = chosen(box) === "" || chosen(box) === before;
      before = now;
      if (line) line.textContent = now && line.dataset.says ? line.dataset.says.replace("0", now) : "";
      if (now && followed) give(box, now);
    });
    box.addEventListener("keydown", (event) => {
      if (event.target.matches("textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^[0-7]$/.test(event.key)) { event.preventDefault(); give(box, event.key); }
      if (event.target.type !== "checkbox") return; // arrows move radios by themselves
      const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const values = radios(box).map((radio) => radio.value);
      const at = values.indexOf(chosen(box));
      give(box, values[Math.min(values.length - 1, Math.max(0, at + step))]);
    });
  }
})();
