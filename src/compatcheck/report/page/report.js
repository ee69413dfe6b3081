"use strict";
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const by = (id) => document.getElementById(id);

  // Light and dark
  const theme = by("theme"), wantsDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (wantsDark.matches ? "dark" : "light")) === "dark";
  const named = () => { theme.textContent = isDark() ? "Light" : "Dark"; };
  theme.hidden = false;
  theme.addEventListener("click", () => { document.documentElement.dataset.theme = isDark() ? "light" : "dark"; named(); });
  wantsDark.addEventListener("change", named);
  named();

  // Folders of the table
  const rows = all(".heat tbody tr");
  const depth = (row) => Number(row.dataset.depth);
  const fold = (at) => {
    const button = rows[at].querySelector(".fold"), open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    let closed = Infinity;
    for (let i = at + 1; i < rows.length && depth(rows[i]) > depth(rows[at]); i++) {
      if (depth(rows[i]) <= closed) closed = Infinity;
      rows[i].hidden = !open || depth(rows[i]) > closed;
      const inner = rows[i].querySelector(".fold");
      if (inner && inner.getAttribute("aria-expanded") !== "true") closed = Math.min(closed, depth(rows[i]));
    }
  };
  rows.forEach((row, at) => row.querySelector(".fold")?.addEventListener("click", () => fold(at)));

  // Everything is printed
  let opened = [];
  addEventListener("beforeprint", () => { opened = all("details:not([open])"); opened.forEach((one) => { one.open = true; }); });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));

  // Filter and order
  const form = by("filters");
  if (!form) return;
  form.hidden = false;
  const words = by("words"), version = by("version"), kind = by("kind"), order = by("order"), shown = by("shown");
  const groups = all(".group").map((box) => ({
    box, data: box.dataset, title: box.querySelector("summary").textContent.toLowerCase(), count: box.querySelector(".count"),
    found: all("li", box).map((item) => ({ item, s: item.dataset.s, v: ` ${item.dataset.v} `, p: item.dataset.p, text: null })),
  }));
  const total = groups.reduce((sum, group) => sum + group.found.length, 0);
  let path = null;

  const apply = () => {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    const severities = new Set(all("[name=severity]:checked", form).map((box) => box.value));
    const at = version.value && ` ${version.value} `;
    let sum = 0;
    for (const group of groups) {
      const wanted = !kind.value || group.data.kind === kind.value;
      let count = 0;
      for (const one of group.found) {
        let fits = wanted && severities.has(one.s) && (!at || one.v.includes(at));
        if (fits && path !== null) fits = one.p === path || (path.endsWith("/") && one.p.startsWith(path));
        if (fits && asked.length) {
          one.text ??= `${group.title} ${one.item.textContent.toLowerCase()}`;
          fits = asked.every((word) => one.text.includes(word));
        }
        if (one.item.hidden === fits) one.item.hidden = !fits;
        count += fits;
      }
      group.box.hidden = !count;
      group.count.textContent = count.toLocaleString("en");
      sum += count;
    }
    by("nothing").hidden = sum > 0;
    const where = path === null ? "" : ` in ${path}`;
    shown.textContent = `${sum.toLocaleString("en")} of ${total.toLocaleString("en")} findings${where}`;
    return sum;
  };
  const sorted = () => {
    const name = (a, b) => (a.data.rule < b.data.rule ? -1 : 1);
    const ways = {
      worst: (a, b) => a.data.worst - b.data.worst || b.data.count - a.data.count || name(a, b),
      count: (a, b) => b.data.count - a.data.count || name(a, b),
      rule: name,
      path: (a, b) => (a.data.path === b.data.path ? name(a, b) : a.data.path < b.data.path ? -1 : 1),
    };
    by("groups").append(...groups.sort(ways[order.value]).map((group) => group.box));
  };
  const openAll = (open) => groups.forEach((group) => { if (!group.box.hidden) group.box.open = open; });
  let timer = 0;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target === order) return sorted();
    clearTimeout(timer);
    timer = setTimeout(() => { if (apply() <= 50) openAll(true); }, event.target === words ? 120 : 0);
  });
  form.addEventListener("reset", () => setTimeout(() => { path = null; apply(); sorted(); }));
  by("open").addEventListener("click", () => openAll(true));
  by("close").addEventListener("click", () => openAll(false));
  all(".heat a").forEach((link) => link.addEventListener("click", () => {
    path = link.dataset.path;
    if (apply() <= 200) openAll(true);
  }));
  addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); words.focus(); }
    if (event.key === "Escape" && event.target === words) form.reset();
  });
  apply();
})();
