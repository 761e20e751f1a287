"""What a page must hold for every eye and hand: axe finds nothing, nothing sticks out, the keyboard reaches all."""

from typing import TYPE_CHECKING, Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

if TYPE_CHECKING:
    from tests.e2e.conftest import Demo

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE, ZOOMED = (1280, 900), (390, 844), (320, 225)  # the last: 1280 by 900 at 400 %
LIGHT, DARK = "light", "dark"
MOST_TABS = 400

# What depends on the colours alone, and what depends on the width alone.
COLOURS = ["color-contrast", "link-in-text-block"]
ROOM = ["target-size", "scrollable-region-focusable", "color-contrast"]

SIDEWAYS = """() => {
  const wide = innerWidth, out = [];
  if (document.documentElement.scrollWidth <= wide) return [];
  for (const one of document.querySelectorAll('body *')) {
    const box = one.getBoundingClientRect();
    if (box.width && box.right > wide + 1) out.push(`${one.tagName}.${one.className} ${Math.round(box.right)}`);
  }
  return [`${document.documentElement.scrollWidth} > ${wide}`, ...out.slice(0, 6)];
}"""

# Every control a keyboard must reach: of a group of radios one, of what is closed or hidden none.
CONTROLS = """() => {
  const seen = new Set();
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]');
  return [...all].filter((one) => {
    if (one.tabIndex < 0 || one.disabled || one.type === 'hidden' || !one.checkVisibility()) return false;
    const style = getComputedStyle(one);
    if (style.visibility === 'hidden' || !one.getClientRects().length) return false;
    if (one.type !== 'radio') return true;
    const group = `${one.form && one.form.id} ${one.name}`;
    return !seen.has(group) && seen.add(group);
  }).length;
}"""

# Where the focus is now, whether a ring shows it, and whether something lies over it.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  if (!one.dataset.seen) one.dataset.seen = String(document.querySelectorAll('[data-seen]').length + 1);
  const box = one.getBoundingClientRect(), style = getComputedStyle(one);
  // A card draws its ring around the whole of it, a chip around its label.
  const drawn = [style, getComputedStyle(one, '::after'), getComputedStyle(one.parentElement)];
  const ring = drawn.some((of) => of.outlineStyle !== 'none' && parseFloat(of.outlineWidth) >= 2);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  const own = [one, ...(one.labels || [])];
  const shown = box.bottom > 0 && box.top < innerHeight && !!top
    && own.some((part) => part.contains(top) || top.contains(part));
  const words = (one.innerText || one.name || '').slice(0, 40);
  return {
    key: one.dataset.seen, ring, shown, skip: one.matches('.skip'),
    name: `${one.tagName.toLowerCase()}#${one.id}.${one.className} ${words}`,
    over: top && `${top.tagName}.${top.className}`,
  };
}"""


class Eyes:
    """Looks at pages in several ways, and writes down what is wrong instead of stopping at the first."""

    def __init__(self, demo: "Demo", page: Page, troubles: list[str]) -> None:
        self.demo, self.page, self.troubles = demo, page, troubles
        self.wrong: list[str] = []

    def visit(self, path: str, status: int = 200) -> None:
        """Open a page and look at it. The console notes a page that comes with an error: that one is meant."""
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        answer = self.page.goto(f"{self.demo.url}{path}")
        assert answer is not None
        if answer.status != status:
            self.wrong.append(f"{path}: {answer.status} instead of {status}, at {self.page.url}")
        self.look(path)

    def look(self, name: str) -> None:
        """At the page that is open, in each size and each theme."""
        self.forget_meant_errors()
        for theme, size, rules in (
            (LIGHT, WIDE, None),
            (DARK, WIDE, COLOURS),
            (DARK, PHONE, None),
            (LIGHT, PHONE, COLOURS),
            (LIGHT, ZOOMED, ROOM),
        ):
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
            where = f"{name} ({theme}, {size[0]} px)"
            self.wrong += [f"{where}: {found}" for found in axe(self.page, rules)]
            if sticks_out := self.page.evaluate(SIDEWAYS):
                self.wrong.append(f"{where}: scrolls sideways: {'; '.join(sticks_out)}")

    def tab_through(self, name: str) -> None:
        """The skip link comes first, every control gets its turn, and one always sees which."""
        self.page.emulate_media(reduced_motion="reduce")  # no smooth scrolling to wait for
        expected = self.page.evaluate(CONTROLS)
        reached: set[str] = set()
        for turn in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here: dict[str, Any] | None = self.page.evaluate(FOCUSED)
            if here is None or here["key"] in reached:
                break
            if turn == 0 and not here["skip"]:
                self.wrong.append(f"{name}: the first stop is {here['name']}, not the skip link")
            reached.add(here["key"])
            if not here["ring"]:
                self.wrong.append(f"{name}: no ring on {here['name']}")
            if not here["shown"]:
                self.wrong.append(f"{name}: {here['name']} lies under {here['over']}")
        if len(reached) < expected:
            self.wrong.append(f"{name}: the keyboard reached {len(reached)} of {expected} controls")

    def forget_meant_errors(self) -> None:
        self.troubles[:] = [one for one in self.troubles if "Failed to load resource" not in one]

    def closed(self) -> None:
        """The end: nothing may have been wrong."""
        assert not self.wrong, "\n" + "\n".join(self.wrong)


def axe(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe finds wrong with this page, a line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found = page.evaluate(
        "options => axe.run(options)", {"runOnly": only, "resultTypes": ["violations"], "elementRef": False}
    )
    return [
        f"{violation['id']}: {violation['help']}: "
        + " | ".join(f"{' '.join(map(str, node['target']))} {reason(node)}" for node in violation["nodes"][:4])
        for violation in found["violations"]
    ]


def reason(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return str(checks[0]["message"])[:160] if checks else ""
