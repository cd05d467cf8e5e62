// What the checks ask of a page, in a world that the page does not see.
globalThis.checks = {
  // WCAG 2.0 to 2.2, levels A and AA.
  async axe() {
    const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
    const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return found.violations.flatMap((rule) =>
      rule.nodes.map((node) => `axe ${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\s+/g, " ")}`),
    );
  },

  // What makes the window scroll sideways.
  overflow() {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const inside = element.closest(".wide, figure");
      return element.getBoundingClientRect().right > width + 1 && (!inside || inside === element);
    });
    return [`overflow at ${width}: ${wide.slice(0, 3).map(named).join(", ")}`];
  },

  // Marks, lines and words of charts against what lies under them: 3 to 1, words 4.5 to 1 (WCAG 1.4.11, 1.4.3).
  contrast() {
    const found = new Set();
    for (const chart of document.querySelectorAll("svg.chart")) {
      const paper = colour(getComputedStyle(chart.querySelector(".paper") ?? document.body)[chart.querySelector(".paper") ? "fill" : "backgroundColor"]);
      const drawn = "text, [class^=mark-], [class^=line-], [class^=part-], .ink, .limit, .gap, .bar, .stage, .frame, .on-time";
      for (const element of chart.querySelectorAll(drawn)) {
        const style = getComputedStyle(element);
        const words = element.tagName === "text";
        const under = words && chart.querySelector(`.${/^on-(.+)$/.exec(element.getAttribute("class"))?.[1] ?? "nothing"}`);
        const ground = under ? colour(getComputedStyle(under).fill) : paper;
        const shown = (words ? [style.fill] : [style.fill, style.stroke]).map(colour).filter((value) => value);
        const needed = words ? 4.5 : 3;
        const best = Math.max(0, ...shown.map((value) => ratio(value, ground)));
        if (best < needed) found.add(`contrast: ${element.tagName}.${element.getAttribute("class")} ${best.toFixed(2)}`);
      }
    }
    return [...found];
  },

  // What is drawn, read back from the drawing, against the table below it.
  charts() {
    return [...document.querySelectorAll("svg.chart")].flatMap((chart) => {
      const title = chart.querySelector("title").textContent;
      const kind = kinds.find((kind) => chart.matches(kind.is) || chart.querySelector(kind.is));
      if (!kind) return [`chart: nothing reads back what “${title}” draws`];
      return kind.read(chart, title).map((told) => `chart: “${title}”: ${told}`);
    });
  },

  // Every id once, in pages and in the charts on them.
  ids() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place).map((id) => `id twice: ${id}`);
  },

  // What is wrong with the page as it stands on a sheet of paper.
  paper() {
    const seen = (selector) => [...document.querySelectorAll(selector)].filter((element) => element.checkVisibility());
    const width = document.documentElement.clientWidth;
    const wide = seen("body *").filter((element) => element.getBoundingClientRect().right > width + 1);
    const black = (element) => luminance(colour(getComputedStyle(element).color)) < 0.2;
    return [
      ...wide.slice(0, 3).map((element) => `cut off at the edge: ${named(element)}`),
      ...seen("nav, form, button, .skip, header a").map((element) => `on paper: ${named(element)}`),
      ...seen("h1, h2, main p, main th, main td").filter((element) => !black(element)).slice(0, 3).map((element) => `no black ink: ${named(element)}`),
      ...(getComputedStyle(document.body).backgroundColor === "rgb(255, 255, 255)" ? [] : ["the paper is not white"]),
    ];
  },

  // Where the links of the page lead, on this register.
  links() {
    const links = [...document.querySelectorAll("a[href]")].map((link) => new URL(link.href));
    return links.filter((url) => url.origin === location.origin).map((url) => url.pathname + url.search);
  },

  // One other choice of each list of the form that chooses what is read, as an address.
  choices() {
    return [...document.querySelectorAll("form.filter select")].flatMap((list) => {
      const other = [...list.options].reverse().find((option) => !option.selected && option.value);
      return other ? [address(list.form, [[list.name, other.value]])] : [];
    });
  },

  // The same page of fewer treatments, told apart by year: an address, or none where the page has no such form.
  narrowed() {
    const lists = [...document.querySelectorAll("form.filter select")].filter((list) => ["cohort", "sex", "period"].includes(list.name));
    return lists.length ? [address(lists[0].form, lists.map((list) => [list.name, list.options[1].value]))] : [];
  },

  // Whatever the Tab key has to reach, in the order of the page.
  focusable() {
    const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
    return [...document.querySelectorAll(all)].filter((element) => element.checkVisibility());
  },

  // Which of them has the focus: its place, how it stands out, and where it lies on the page.
  focused() {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    // What is taller than the window is in it with a part only.
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const [x, y] = [Math.max(box.left, 0) + Math.min(box.width / 2, 20), top + Math.min((bottom - top) / 2, 8)];
    const over = document.elementFromPoint(x, y);
    return {
      place: checks.focusable().indexOf(element),
      name: named(element),
      outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
      uncovered: over !== null && (element.contains(over) || over.contains(element)),
      top: box.top + scrollY,
      bottom: box.bottom + scrollY,
    };
  },
};

// The kinds of charts, by what only they draw, and how each is read back.
const kinds = [
  { is: "[class^=part-]", read: parts },
  // What came in which week stands in no table of figures; the drawings' own tests hold them to their data.
  { is: ".sparkline, .on-time, .late, .silent, .paused, .nothing-expected, .before-enrolment", read: () => [] },
  { is: ".spread", read: spread },
  { is: ".stage", read: stages },
  { is: "rect.band", read: course },
  { is: ".limit", read: points },
  { is: "[class^=shade-]", read: cells },
  { is: ".mark-0", read: changes },
];

// Parts of a whole, which are counts of the table divided by all that are counted.
function parts(chart, title) {
  const waited = { sv: "Väntan", en: "Wait" }[document.documentElement.lang];
  const [heads, of] = title.startsWith(waited) ? WAITS : FAMILY;
  const counted = { sv: ", antal", en: ", number" }[document.documentElement.lang];
  const [whole, ...others] = heads[document.documentElement.lang];
  const columns = [whole, ...others.map((head) => head + counted)];
  const across = axis(chart, "x");
  return lines(chart).flatMap(({ label, boxes }) => {
    const row = row_of(label, title);
    if (!row) return [`no row of the table is of ${label}`];
    const counts = columns.map((head) => count(row, head));
    const shares = of(counts).map((part) => (100 * part) / counts[0]).filter((part) => part !== 0);
    const drawn = boxes.map((box) => across(box.x + box.width) - across(box.x));
    if (shares.some(Number.isNaN)) return drawn.length ? [`${label} is drawn, the table hides a part of it`] : [];
    const same = drawn.length === shares.length && drawn.every((part, place) => Math.abs(part - shares[place]) < 0.1);
    const told = (parts) => parts.map((part) => part.toFixed(1));
    return same ? [] : [`${label} is drawn as ${told(drawn)}, the table has ${told(shares)}`];
  });
}

// The outcome family: of those with both scores.
const FAMILY = [
  { sv: ["Med båda", "Tillförlitligt återhämtade", "Tillförlitligt bättre", "Tillförlitligt sämre"],
    en: ["With both", "Reliably recovered", "Reliably improved", "Reliably deteriorated"] },
  ([all, up, well, down]) => [up, well - up, all - well - down, down],
];
// Who waited how long: each count of the table holds the one before it.
const WAITS = [
  { sv: ["Med väntetid", "Inom 30 dagar", "Inom 90 dagar", "Inom 126 dagar"],
    en: ["With a wait", "Within 30 days", "Within 90 days", "Within 126 days"] },
  ([all, month, quarter, limit]) => [month, quarter - month, limit - quarter, all - limit],
];

// Means along the treatment: each mark's height, beside the mean of its timepoint, and how many stand below it.
function course(chart, title) {
  const place = place_of((head) => head.startsWith({ sv: "Medel", en: "Mean" }[document.documentElement.lang]));
  const up = axis(chart, "y");
  const below = [...chart.querySelectorAll("text.quiet[text-anchor=middle]")];
  const marks = [...chart.querySelectorAll("g > title")].map((title) => title.nextElementSibling.getBBox());
  if (!marks.length) return ["no mean is drawn"];
  return marks.flatMap((box) => {
    const [x, value] = [box.x + box.width / 2, up(box.y + box.height / 2)];
    const [label, n] = below.filter((text) => Math.abs(Number(text.getAttribute("x")) - x) < 2).map((text) => text.textContent);
    const row = label && row_of(label, title);
    const told = number(row?.[place] ?? "-");
    const same = Math.abs(told - value) < 0.15 && count(row, { sv: "Svarade, antal", en: "Answered, number" }[document.documentElement.lang]) === number(n);
    return same ? [] : [`${label} is drawn at ${value.toFixed(1)} of ${n}, the table has ${row?.[place]}`];
  });
}

// Points of a funnel: how many along the axis below, the value along the axis beside.
function points(chart, title) {
  const [across, up] = [axis(chart, "x"), axis(chart, "y")];
  // Name, number and value of a point follow one another.
  const first = place_of((head) => ["Punkt", "Point"].includes(head));
  const drawn = [...chart.querySelectorAll("g > title")].map((title) => {
    const box = title.nextElementSibling.getBBox();
    return { name: title.textContent, n: across(box.x + box.width / 2), value: up(box.y + box.height / 2) };
  });
  if (!drawn.length) return ["no point is drawn"];
  return drawn.flatMap(({ name, n, value }) => {
    const [label, told] = name.split(", n = ");
    const is_it = ([name, counted, share]) => name === label && Math.abs(number(counted) - n) < 0.6 && near(number(share), value);
    const row = whole(title).map((row) => row.slice(first)).find(is_it);
    return row && row[1] === told ? [] : [`${name} is drawn at ${n.toFixed(1)} and ${value.toFixed(1)}, which no row of the table has`];
  });
}

// Shares by field and region: what each cell says, beside the table's own.
function cells(chart, title) {
  // What the chart's title begins with, and the heading of the column.
  const told_of = {
    sv: [["Andel giltiga", "Giltiga%"], ["Andel som skattade", "Svarade%"], ["Kvarhållna behandlingar", "Kvarhållna"],
      ["Avvisade behandlingar", "Avvisade"], ["Kvarhållna svar", "Svarkvarhållna"], ["Avvisade svar", "Svaravvisade"],
      ["Möjliga dubbletter", "Möjligadubbletter"]],
    en: [["Share of valid", "Valid%"], ["Share who answered", "Answered%"], ["Treatments held", "Held"], ["Treatments rejected", "Rejected"],
      ["Answers held", "Answersheld"], ["Answers rejected", "Answersrejected"], ["Possible duplicates", "Possibleduplicates"]],
  }[document.documentElement.lang];
  const wanted = told_of.find(([begins]) => title.startsWith(begins))?.[1];
  const place = place_of((head) => head === wanted);
  const drawn = [...chart.querySelectorAll("g > title")].map((title) => /^(.+), (.+?): (.+)$/.exec(title.textContent));
  if (!drawn.length) return ["no cell is drawn"];
  return drawn.flatMap(([all, field, region, told]) => {
    const of = (cell) => (region === "Σ" ? cell.startsWith("Σ") : cell.startsWith(`${region} `));
    const row = whole(title).find((row) => row.includes(field) && row.some(of));
    const cell = row?.[place] ?? "";
    const same = Number.isNaN(number(told)) ? cell === "" || cell === "*" : Math.abs(number(told) - number(cell)) < 0.06;
    return same ? [] : [`${all} is drawn, the table has “${cell}”`];
  });
}

// The line before the spread: what each mark says stands in a row of the table, a share per cent.
function spread(chart) {
  const told = [...chart.querySelectorAll("g > title")].map((title) => /^(\S+?)( %)? \(n = (.+)\)$/.exec(title.textContent));
  if (!told.length) return ["no figure is drawn"];
  return told.flatMap(([all, value, percent, n]) => {
    const is_value = (cell) => Math.abs(number(cell) * (percent ? 100 : 1) - number(value)) < 0.06;
    return rows().some((row) => row.includes(n) && row.some(is_value)) ? [] : [`${all} is drawn, which no row of the table has`];
  });
}

// The stages of a flow: what each counts stands in the table under its own heading, and its bar is as long as that.
const STAGES = {
  sv: [["remissdatum känt", "Med remissdatum, antal"], ["bedömning känd", "Med bedömningsdatum, antal"], ["påbörjade", "Behandlingar"],
    ["fullföljde", "Fullföljda, antal"], ["skattade sig efter", "Skattade sig efter, antal"], ["följdes upp", "Följdes upp, antal"]],
  en: [["referral date known", "With a referral date, number"], ["assessment known", "With an assessment date, number"], ["started", "Treatments"],
    ["completed", "Completed, number"], ["answered after", "Answered after, number"], ["followed up", "Followed up, number"]],
};

function stages(chart, title) {
  const bars = [...chart.querySelectorAll("rect.stage")];
  if (!bars.length) return ["no stage is drawn"];
  const [, ...rest] = title.split(" · ");
  const row = whole(title).find((row) => rest.every((text) => row.includes(text)));
  const drawn = bars.map((bar) => {
    const text = bar.nextElementSibling;
    const label = bar.previousElementSibling.textContent;
    return { label, width: bar.getBBox().width, told: number(text.textContent) };
  });
  const longest = drawn.reduce((one, other) => (other.width > one.width ? other : one));
  return drawn.flatMap(({ label, width, told }) => {
    const head = STAGES[document.documentElement.lang].find(([name]) => name === label)?.[1];
    const counted = row ? count(row, head) : NaN;
    const same = counted === told && Math.abs(width / longest.width - told / longest.told) < 0.01;
    return same ? [] : [`${label} is drawn as ${told}, the table has ${counted}`];
  });
}

// Mean changes, a mark a row, along the axis below.
function changes(chart, title) {
  const heads = { sv: "Ändring,medel", en: "Change,mean" };
  const place = place_of((head) => head.startsWith(heads[document.documentElement.lang]));
  const across = axis(chart, "x");
  const marks = [...chart.querySelectorAll("rect.mark-0")].map((mark) => mark.getBBox());
  return lines(chart).flatMap(({ label, middle }) => {
    const mark = marks.find((box) => box.y < middle && middle < box.y + box.height);
    const row = row_of(label, title);
    if (!row) return [`no row of the table is of ${label}`];
    const [told, drawn] = [number(row[place]), mark && across(mark.x + mark.width / 2)];
    if (row[place] === "" || Number.isNaN(told)) return mark ? [`${label} is drawn, the table hides it`] : [];
    return mark && Math.abs(drawn - told) < 0.1 ? [] : [`${label} is drawn at ${drawn}, the table has ${told}`];
  });
}

// The table's row of a label and of what a chart's title names. A total stands without a label where the table is not split.
function row_of(label, title) {
  const rest = title.split(" · ").slice(1);
  const find = (wanted) => whole(title).find((row) => wanted.every((text) => row.includes(text)));
  const split = whole(title).some((row) => row.some((cell) => cell.startsWith("Σ")));
  return find([label, ...rest]) ?? (label.startsWith("Σ") && !split ? find(rest) : undefined);
}

// Where the column of a heading stands; headings without their white space.
function place_of(is) {
  return [...document.querySelectorAll("main table thead th")].findIndex((cell) => is(cell.textContent.replace(/\s/g, "")));
}

// A share of 1 is drawn in per cent.
function near(told, drawn) {
  return Math.abs(told - drawn) < 0.02 || Math.abs(100 * told - drawn) < 0.3;
}

// Where a form leads that has some of its lists chosen and the others as they are.
function address(form, chosen) {
  const hidden = [...form.querySelectorAll("input[type=hidden]")].map((field) => [field.name, field.value]);
  return `${location.pathname}?${new URLSearchParams([...hidden, ...chosen])}`;
}

// The rows that a chart of one period draws: of the period that its title ends with, or else of all together.
function whole(title) {
  const period = place_of((head) => head === "Period");
  if (period < 0) return rows();
  const named = title.split(" · ").at(-1);
  const own = rows().filter((row) => row[period] === named);
  // What sums over periods is no sum over anything else.
  return own.length ? own : rows().filter((row) => row[period].startsWith("Σ")).map((row) => row.with(period, ""));
}

// The rows of the table below the charts, a text a cell.
function rows() {
  return [...document.querySelectorAll("main table tbody tr")].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
}

// The cell below a heading.
function count(row, head) {
  const heads = [...document.querySelectorAll("main table thead th")].map((cell) => cell.textContent.trim());
  return number(row[heads.indexOf(head)] ?? "-");
}

function number(text) {
  return Number(text.replace("−", "-").replace(/\s/g, "").replace(",", "."));
}

// From a place in the drawing to a value, by the numbers along an edge.
function axis(chart, along) {
  const across = along === "x" ? "y" : "x";
  const ticks = [...chart.querySelectorAll("text.quiet")].filter((text) => /^[−\d\s,.]+$/.test(text.textContent));
  const edge = (text) => (along === "x" ? text.getAttribute("text-anchor") === "middle" : text.getAttribute("text-anchor") === "end");
  const told = ticks.filter(edge).map((text) => ({
    // Numbers beside stand a little below their line, so that they are centred on it.
    at: Number(text.getAttribute(along)) - (along === "y" ? 4 : 0),
    value: number(text.textContent),
    row: text.getAttribute(across),
  }));
  const [first, last] = [told[0], told[told.length - 1]];
  return (place) => first.value + ((place - first.at) * (last.value - first.value)) / (last.at - first.at);
}

// The rows of a chart of rows: the label, and the boxes at its height.
function lines(chart) {
  const labels = [...chart.querySelectorAll("text[text-anchor=end]:not([class])")].filter((text) => !text.hasAttribute("font-size"));
  return labels.map((label) => {
    const middle = Number(label.getAttribute("y")) - 4;
    const boxes = [...chart.querySelectorAll("rect[class^=part-]")].map((box) => box.getBBox());
    return { label: label.textContent, middle, boxes: boxes.filter((box) => box.y < middle && middle < box.y + box.height) };
  });
}

function named(element) {
  return `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""} “${element.textContent.trim().slice(0, 30)}”`;
}

function colour(text) {
  const parts = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
  return parts && parts[4] !== "0" ? parts.slice(1, 4).map(Number) : null;
}

function luminance(colour) {
  const [r, g, b] = colour.map((value) => value / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
