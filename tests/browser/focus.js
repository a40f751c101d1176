// Looks at everything that can have the focus, and returns what does not show it.
() => {
    // Each in turn; the browser shows the focus because the last thing pressed was a key.
    const rgb = text => (text.match(/[\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (one, other) => {
        const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
    };
    const behind = element => {
        for (let each = element.parentElement; each; each = each.parentElement) {
            const colour = rgb(getComputedStyle(each).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return rgb(getComputedStyle(document.documentElement).getPropertyValue("color-scheme").includes("dark") &&
            matchMedia("(prefers-color-scheme: dark)").matches ? "18 18 18" : "255 255 255");
    };
    const wrong = [];
    const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']");
    for (const each of all) {
        if (each.disabled || each.tabIndex < 0 || !each.checkVisibility()) continue;
        each.focus();
        if (document.activeElement !== each) continue;
        const name = each.outerHTML.slice(0, 90), style = getComputedStyle(each);
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push(`no ring: ${name}`);
        else if (contrast(rgb(style.outlineColor), behind(each)) < 3)
            wrong.push(`faint ring ${style.outlineColor} on ${behind(each)}: ${name}`);
        const box = each.getClientRects()[0];
        const spots = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]].map(([x, y]) =>
            document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
        const inside = spot => spot && (each.contains(spot) || spot.contains(each) || [...(each.labels || [])].includes(spot));
        if (!spots.some(inside)) wrong.push(`hidden: ${name}`);
    }
    document.activeElement?.blur();
    return wrong;
}
