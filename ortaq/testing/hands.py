"""Somebody at a keyboard, who cannot see: what is under the keys, what is read in which order, what is cut off at 200 %."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

DESK = {"width": 1280, "height": 900}
ZOOMED = {"width": 640, "height": 450}  # the desk at 200 %
TELEPHONE = {"width": 390, "height": 800}
PATIENCE = 20_000  # milliseconds, for a machine that does other things too

FIELDS = {"textbox", "searchbox", "combobox", "checkbox", "radio", "spinbutton", "Date"}
BUTTONS = {"button", "DisclosureTriangle"}

# Where the keyboard is: null if nowhere, otherwise what it is and what is wrong with how it shows.
FOCUS = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const wrong = [];
  const outlined = (part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && !/^rgba.*, 0\\)$/.test(style.outlineColor);
  };
  // A box to tick may show the focus on the label around it; a place that was led to is no control.
  const around = one.matches("input") ? one.closest("label") : null;
  if (!one.matches("[tabindex='-1']") && !outlined(one) && !(around && outlined(around))) {
    wrong.push("does not show the focus");
  }
  const lines = [...(around ?? one).getClientRects()].filter((line) => line.width > 1 && line.height > 1);
  const points = lines.flatMap((line) => [.1, .5, .9].map((part) => [line.left + line.width * part,
    (Math.max(line.top, 0) + Math.min(line.bottom, innerHeight)) / 2]));
  const hits = points.map(([x, y]) => document.elementFromPoint(x, y));
  if (!hits.some((hit) => hit && ((around ?? one).contains(hit) || hit.contains(one)))) {
    wrong.push("is out of sight");
  }
  const hidden = hits.length && !hits.some((hit) => hit && (around ?? one).contains(hit));
  if (hidden && !wrong.length) wrong.push("is covered");
  return { what: one.outerHTML.slice(0, 160), wrong };
}"""

FRAMES = "() => new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"

# What is wrong with a page as it stands now, in lines.
STANDS = """() => {
  const found = [], root = document.documentElement, width = root.clientWidth;
  if (root.scrollWidth > width) found.push(`the page scrolls sideways: ${root.scrollWidth} in ${width}`);
  const name = (one) => one.outerHTML.slice(0, 120);
  const apart = ".visually-hidden, .skip, .trap, .no-people";
  const scroller = (one) => {
    for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(at).overflow)) return at;
    }
    return null;
  };
  // Where one stands, line by line; what its own frame has scrolled away is not there.
  const lines = (one) => {
    const frame = scroller(one)?.getBoundingClientRect();
    return [...one.getClientRects()].map((line) => !frame ? line : {
      left: Math.max(line.left, frame.left), right: Math.min(line.right, frame.right),
      top: Math.max(line.top, frame.top), bottom: Math.min(line.bottom, frame.bottom),
    }).filter((line) => line.right - line.left > 1 && line.bottom - line.top > 1);
  };
  const controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter((one) => !one.closest(apart) && one.checkVisibility({ visibilityProperty: true }))
    .map((one) => [one, lines(one)]);
  for (const [one, boxes] of controls) {
    if (boxes.some((box) => box.left < -1 || box.right > width + 1)) {
      found.push(`goes beyond the edge: ${name(one)}`);
    }
  }
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
  controls.forEach(([one, boxes], at) => {
    for (const [other, others] of controls.slice(at + 1)) {
      if (one.contains(other) || other.contains(one)) continue;
      if (boxes.some((box) => others.some((each) => meet(box, each)))) {
        found.push(`overlap: ${name(one)} and ${name(other)}`);
      }
    }
  });
  for (const one of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(one);
    if (!/hidden|clip/.test(style.overflowX + style.overflowY) || one.closest(apart)) continue;
    if (one.closest("svg, .two-lines, progress, table[aria-hidden]") || !one.textContent.trim()) continue;
    if (!one.checkVisibility() || one.clientWidth <= 1) continue;
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) {
      found.push(`is cut off: ${name(one)}`);
    }
  }
  for (const one of document.querySelectorAll("input, select, textarea")) {
    const label = one.labels?.[0];
    if (!label || label.contains(one) || /checkbox|radio|hidden/.test(one.type) || one.closest(apart)) continue;
    if (one.compareDocumentPosition(label) & Node.DOCUMENT_POSITION_FOLLOWING) {
      found.push(`its label is read after it: ${name(one)}`);
    }
  }
  return [...new Set(found)];
}"""


@dataclass(frozen=True)
class Said:
    """What a screen reader says of one thing: its role, its name, the level of a heading, and where it stands."""

    role: str
    name: str
    level: int
    box: tuple[float, float, float, float] | None  # x, y, width, height
    frame: int  # what scrolls or sticks for itself and holds this; 0: the page

    def __str__(self) -> str:
        return f"{self.role} “{self.name[:60]}”"


def drawn(session: CDPSession) -> tuple[dict[int, Any], dict[int, int]]:
    """Of every node that is drawn: its box on the page, and the frame that moves it apart from the page."""
    asked = {"computedStyles": ["overflow-y", "position"]}
    found = session.send("DOMSnapshot.captureSnapshot", asked)
    page, words = found["documents"][0], found["strings"]
    ids, parents, layout = (
        page["nodes"]["backendNodeId"],
        page["nodes"]["parentIndex"],
        page["layout"],
    )
    boxes, frames, framing = {}, dict[int, int](), dict[int, int]()
    for at, box, styles in zip(
        layout["nodeIndex"], layout["bounds"], layout["styles"], strict=True
    ):
        boxes[ids[at]] = tuple(box)
        overflow, position = (words[one] for one in styles) if styles else ("", "")
        frames[ids[at]] = framing.get(parents[at], 0)
        moves = overflow in {"auto", "scroll"} or position in {"sticky", "fixed"}
        framing[at] = ids[at] if moves else frames[ids[at]]
    return boxes, frames


def read_aloud(session: CDPSession) -> list[Said]:
    """The page in the order of the tree that the browser hands to a screen reader."""
    boxes, frames = drawn(session)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    by_id = {node["nodeId"]: node for node in nodes}

    def walk(node: dict[str, Any]) -> Iterator[Said]:
        if not node.get("ignored"):
            more = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
            dom = node.get("backendDOMNodeId", 0)
            yield Said(
                node["role"]["value"],
                str(node.get("name", {}).get("value", "")).strip(),
                int(more.get("level") or 0),
                boxes.get(dom),
                frames.get(dom, 0),
            )
        for child in node.get("childIds", ()):
            if child in by_id:
                yield from walk(by_id[child])

    return list(walk(nodes[0]))


def misread(said: list[Said], *, light: bool) -> Iterator[str]:
    """What is wrong with what is read, and with its order; a light page has no link over its two links."""
    roles = [one.role for one in said]
    order = ["navigation", "main"] if light else ["link", "navigation", "main"]
    places = [roles.index(role) if role in roles else -1 for role in order]
    if -1 in places or places != sorted(places):
        yield f"not in the order of {order}: {places}"
    inside = said[roles.index("main") :]
    headings = [one for one in inside if one.role == "heading"]
    if [one.level for one in headings].count(1) != 1 or headings[0].level != 1:
        yield f"no single first heading: {[str(one) for one in headings]}"
    for before, after in pairwise(headings):
        if after.level > before.level + 1:
            yield f"a level is left out: {before} ({before.level}), {after} ({after.level})"
    for one in said:
        if one.role in FIELDS | BUTTONS | {"link", "radiogroup"} and not one.name:
            yield f"has no name: {one.role} at {one.box}"
        if one.role in BUTTONS and sum(map(str.isalpha, one.name)) < 2:
            yield f"does not say what it does: {one}"
    yield from jumps([one for one in inside if one.role in FIELDS | BUTTONS | {"heading"}])


def jumps(said: list[Said]) -> Iterator[str]:
    """What is read before something that stands above it in the same column, or left of it in the same line."""
    seen = [(one, one.box) for one in said if one.box and one.box[2] > 1 and one.box[3] > 1]
    for at, (one, (x, y, width, height)) in enumerate(seen):
        for other, (x2, y2, width2, height2) in seen[at + 1 :]:
            if one.frame != other.frame:
                continue
            if min(x + width, x2 + width2) - max(x, x2) > 3 and y2 + height2 <= y + 2:
                yield f"{one} is read before {other}, which stands above it"
            elif (
                min(y + height, y2 + height2) - max(y, y2) > min(height, height2) / 2
                and x2 + width2 <= x
            ):
                yield f"{one} is read before {other}, which stands left of it"


class Hands:
    """Somebody at a keyboard: every step is a key, and nothing is reached otherwise."""

    def __init__(self, page: Page, size: dict[str, int] = ZOOMED) -> None:
        self.page, self.size, self.wrong = page, size, list[str]()
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(reduced_motion="reduce")  # what is led to is there at once
        self.session = page.context.new_cdp_session(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, place: str) -> bool:
        return bool(self.page.evaluate("to => document.activeElement.matches(to)", place))

    def focus(self, after: str) -> None:
        """The keyboard is somewhere, and it is seen where."""
        found = self.page.evaluate(FOCUS)
        if found and found["wrong"]:  # perhaps the browser is still on its way there
            self.page.evaluate(FRAMES)
            found = self.page.evaluate(FOCUS)
        if found is None:
            self.note(f"{after}: the focus is lost")
        else:
            for each in found["wrong"]:
                self.note(f"{after}: {each}: {found['what']}")

    def note(self, what: str) -> None:
        self.wrong.append(f"{self.page.url.partition('//')[2].partition('/')[2]}: {what}")

    def tab_to(self, place: str, most: int, key: str = "Tab") -> None:
        """Go on until the keyboard is there; `most` is how often one may press for it."""
        for _time in range(most):
            self.press(key)
            self.focus(key)
            if self.at(place):
                return
        self.note(f"{place} is not reached in {most}")
        pytest.fail("\n".join(self.wrong))

    def back_and_forth(self, place: str) -> None:
        """Shift+Tab leaves it, Tab comes back to the same."""
        self.press("Shift+Tab")
        self.focus("Shift+Tab")
        if self.at(place):
            self.note(f"Shift+Tab does not leave {place}")
        self.press("Tab")
        if not self.at(place):
            self.note(f"Tab does not come back to {place}")

    def follow(self, address: str = "") -> None:
        """Enter leads to another page."""
        with self.page.expect_navigation() as answer:
            self.press("Enter")
        assert answer.value.status < 500
        assert address in self.page.url, (address, self.page.url)

    def to_the_content(self) -> None:
        """The first Tab is the link over what is on every page; a form keeps the place it was sent from."""
        if self.page.url.endswith("#main"):
            return
        self.press("Tab")
        self.focus("the first Tab")
        if not self.at(".skip"):
            self.note("the first Tab is not the way to the content")
        self.press("Enter")
        if not self.at("main"):
            self.note("the way to the content does not lead there")

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def look(self, *, light: bool = False) -> None:
        """Read this page and zoom it; then it stands as before."""
        for size in (self.size, DESK):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            for each in misread(read_aloud(self.session), light=light):
                self.note(f"at {size['width']}: {each}")
            if size is not DESK:
                self._stands(f"at {size['width']}")
        for size in (DESK, *([self.size] if light else [])):
            self.page.set_viewport_size(size)  # type: ignore[arg-type]
            self.page.evaluate("document.documentElement.style.fontSize = '200%'")
            self._stands(f"text of 200 % at {size['width']}")
            self.page.evaluate("document.documentElement.style.fontSize = ''")
        self.page.set_viewport_size(self.size)  # type: ignore[arg-type]

    def _stands(self, how: str) -> None:
        for each in self.page.evaluate(STANDS):
            self.note(f"{how}: {each}")
