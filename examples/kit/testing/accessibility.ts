import type { Page } from "playwright-core";

/**
 * Looks at the page as it is and says what would keep somebody out: controls without a name, headings out of order, doubled
 * ids, texts too faint to read (WCAG AA), content wider than the window. An empty list is the aim.
 */
export function accessibilityFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const all = [...document.querySelectorAll<HTMLElement>("body *")];
    const shown = all.filter((element) => element.checkVisibility({ visibilityProperty: true }));
    const describe = (element: Element): string => element.outerHTML.slice(0, 90);
    const open = document.querySelector("dialog[open]");

    if (document.documentElement.lang === "") faults.push("the document has no language");
    if (document.title === "") faults.push("the document has no title");
    if (document.querySelectorAll("main").length !== 1) faults.push("there is not exactly one main landmark");
    if (document.querySelectorAll("h1").length !== 1) faults.push("there is not exactly one h1");
    if (document.documentElement.scrollWidth > innerWidth) faults.push("the page is wider than the window");

    let level = 1;
    for (const heading of shown.filter(({ tagName }) => /^H[1-6]$/.test(tagName))) {
      const next = Number(heading.tagName[1]);
      if (next > level + 1) faults.push(`heading skips a level: ${describe(heading)}`);
      level = next;
    }

    const ids = all.flatMap(({ id }) => id || []);
    for (const id of new Set(ids.filter((other, index) => ids.indexOf(other) !== index)))
      faults.push(`doubled id ${id}`);

    for (const control of shown.filter((element) => element.matches("input, select, textarea"))) {
      if ((control as HTMLInputElement).labels?.length === 0) faults.push(`no label: ${describe(control)}`);
    }
    for (const control of shown.filter((element) => element.matches("button, a[href], summary"))) {
      const name = control.getAttribute("aria-label") ?? control.textContent;
      if (!name?.trim()) faults.push(`no name: ${describe(control)}`);
      if (control.tabIndex > 0) faults.push(`tab order forced: ${describe(control)}`);
    }
    for (const drawing of shown.filter((element) => element.matches("svg, img"))) {
      const named = drawing.hasAttribute("aria-label") || drawing.hasAttribute("alt");
      if (!named && drawing.getAttribute("aria-hidden") !== "true")
        faults.push(`no text for ${describe(drawing)}`);
    }

    function numbers(colour: string): number[] {
      const found = (colour.match(/[\d.]+/g) ?? []).map(Number);
      // What `color-mix` makes is written as `color(srgb 0.5 0.5 0.5)`, in parts of one.
      const isInParts = colour.startsWith("color(");
      return found.map((part, index) => (isInParts && index < 3 ? part * 255 : part));
    }
    function luminance(rgb: readonly number[]): number {
      const [red, green, blue] = rgb.map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
    }
    function background(element: Element | null): number[] {
      const [red = 255, green = 255, blue = 255, alpha = 1] = element
        ? numbers(getComputedStyle(element).backgroundColor)
        : [];
      if (alpha >= 1 || !element) return [red, green, blue];
      const below = background(element.parentElement);
      return [red, green, blue].map((part, index) => part * alpha + below[index]! * (1 - alpha));
    }
    for (const element of shown) {
      const ownText = [...element.childNodes].some(
        ({ nodeType, textContent }) => nodeType === 3 && textContent?.trim(),
      );
      if (!ownText || (open && !open.contains(element)) || element.closest(".visually-hidden, svg")) continue;
      const style = getComputedStyle(element);
      const [text, behind] = [luminance(numbers(style.color).slice(0, 3)), luminance(background(element))];
      const contrast = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
      const large = Number.parseFloat(style.fontSize) >= 24;
      if (contrast < (large ? 3 : 4.5)) faults.push(`contrast ${contrast.toFixed(2)}: ${describe(element)}`);
    }
    return faults;
  });
}

/** Presses Tab until the control with this name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return (
        element?.getAttribute("aria-label") ?? element?.labels?.[0]?.textContent ?? element?.textContent ?? ""
      );
    });
    if (focused.trim() === name) return;
  }
  throw new Error(`Tab does not lead to "${name}".`);
}
