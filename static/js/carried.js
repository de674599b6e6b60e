// Routes on their way: kept on this device, copied, printed. What is kept is the link, nothing else.
const KEY = "vereda-routes";
const MOST = 12;

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEY)) || [];
  } catch {
    return [];
  }
};

const write = (kept) => {
  if (kept.length) localStorage.setItem(KEY, JSON.stringify(kept.slice(0, MOST)));
  else localStorage.removeItem(KEY);
};

const address = (payload) => `${location.pathname.split("/").slice(0, 2).join("/")}/routes/shared/${payload}`;

const save = (button) => {
  const { save: payload, title, saved } = button.dataset;
  const done = () => {
    button.textContent = saved;
    button.disabled = true;
  };
  if (read().some((each) => each.payload === payload)) done();
  button.addEventListener("click", () => {
    write([{ payload, title }, ...read().filter((each) => each.payload !== payload)]);
    done();
  });
};

// The page of a kept route knows what changed; here it is only said that something did.
const look = async (payload) => {
  const answer = await fetch(address(payload));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return !answer.ok || Number(page.querySelector("[data-changes]")?.dataset.changes) > 0;
};

const row = (section, each) => {
  const item = Object.assign(document.createElement("li"), { className: "chosen" });
  const link = Object.assign(document.createElement("a"), { href: address(each.payload), textContent: each.title });
  const state = Object.assign(document.createElement("span"), { className: "quiet small" });
  const remove = Object.assign(document.createElement("button"), { className: "bare", type: "button", textContent: section.dataset.remove });
  remove.setAttribute("aria-label", `${section.dataset.remove}: ${each.title}`);
  remove.addEventListener("click", () => {
    write(read().filter((other) => other.payload !== each.payload));
    item.remove();
    section.hidden = !read().length;
  });
  look(each.payload).then(
    (changed) => {
      state.textContent = changed ? section.dataset.changed : section.dataset.same;
      state.classList.toggle("warned", changed);
    },
    () => {},
  );
  item.append(link, state, remove);
  return item;
};

const list = (section) => {
  const kept = read();
  section.hidden = !kept.length;
  section.querySelector("ul").append(...kept.map((each) => row(section, each)));
};

const copy = (button) =>
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    } catch {
      // The link is selected: it can be copied by hand.
    }
  });

export const start = () => {
  for (const button of document.querySelectorAll("[data-save]")) save(button);
  for (const button of document.querySelectorAll("[data-copy]")) copy(button);
  for (const section of document.querySelectorAll("[data-saved-routes]")) list(section);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => print());
  }
};
