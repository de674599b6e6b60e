// What was filled in stays in this browser, on this device, until its owner lets it be forgotten.
const KEY = "vereda-profile";
const ONCE = new Set(["before", "show", "act", "whatif"]);

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
};

const write = (entries) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // A browser that keeps nothing still plans.
  }
};

const append = (form, name, value) => {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
};

const has = (form, name, value) =>
  [...form.querySelectorAll("input[type=hidden]")].some((f) => f.name === name && f.value === value);

const fill = (form, entries) => {
  for (const [name, value] of entries) {
    const controls = [...form.elements].filter((c) => c.name === name && c.type !== "hidden");
    const box = controls.find((c) => c.type === "checkbox" && c.value === value);
    const [field] = controls;
    if (box) box.checked = true;
    else if (!field && !has(form, name, value)) append(form, name, value);
    else if (field && field.type !== "checkbox" && (!field.value || field.tagName === "SELECT")) {
      field.value = value;
    }
  }
  for (const details of form.querySelectorAll("details")) {
    const inputs = [...details.querySelectorAll("input:not([type=hidden])")];
    if (inputs.some((i) => (i.type === "checkbox" ? i.checked : i.value))) details.open = true;
  }
};

// A listing's page adds to the route that is being made, and does not begin another.
const join = (button) => {
  const { form } = button;
  form.addEventListener("submit", () => {
    for (const [name, value] of read()) {
      if (!has(form, name, value)) append(form, name, value);
    }
  });
};

export const keep = () => {
  for (const button of document.querySelectorAll("[data-keep]")) join(button);
  const form = document.querySelector("[data-profile]");
  if (!form) return;
  const state = document.querySelector("[data-sent]");
  if (state) write([...new FormData(state)].filter(([name]) => !ONCE.has(name)));
  else fill(form, read());
  form.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    location.assign(location.pathname);
  });
};
