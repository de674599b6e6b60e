// What was filled in stays in this browser, on this device, until its owner lets it be forgotten.
const KEY = "vereda-profile";
const KEPT = "vereda-kept";

const read = (key) => {
  try {
    return JSON.parse(localStorage.getItem(key)) || null;
  } catch {
    return null;
  }
};

const write = (key, value) => {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still plans.
  }
};

const fill = (form, entries) => {
  for (const control of form.elements) {
    if (!control.name || control.type === "hidden" || control.tagName === "BUTTON") continue;
    const values = entries.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox") control.checked = values.includes(control.value);
    else if (values.length && !control.value) [control.value] = values;
    else if (values.length && control.tagName === "SELECT") [control.value] = values;
  }
  for (const details of form.querySelectorAll("details")) {
    const filled = [...details.querySelectorAll("input")].some((i) => (i.type === "checkbox" ? i.checked : i.value));
    if (filled) details.open = true;
  }
};

export const keep = () => {
  const form = document.querySelector("[data-profile]");
  const before = read(KEY);
  const planned = document.querySelector(".route");
  if (before && !planned) fill(form, before);
  form.addEventListener("submit", (event) => {
    const entries = [...new FormData(form)].filter(([name]) => name !== "drop");
    if (!event.submitter?.name) write(KEY, entries);
  });
  form.querySelector("[data-forget]").addEventListener("click", () => {
    localStorage.removeItem(KEY);
    localStorage.removeItem(KEPT);
    location.assign(form.action);
  });
};
