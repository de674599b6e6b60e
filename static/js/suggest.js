// A combobox: what may be meant, while somebody types.
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

const make = (properties, attributes = {}, name = "div") => {
  const made = Object.assign(document.createElement(name), properties);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const option = ({ label, url, language, note = "" }, id) => {
  const made = make({ id, className: "option" }, { role: "option", "data-url": url });
  const words = make({ textContent: label }, language && { lang: language }, "bdi");
  made.append(words, " ", make({ className: "quiet small", textContent: note }, {}, "span"));
  return made;
};

const group = (name, heading, found) => {
  const id = `q-${name}`;
  const made = make({}, { role: "group", "aria-labelledby": id });
  const title = make({ id, className: "quiet small", textContent: heading }, { role: "presentation" });
  made.append(title, ...found.map((each, n) => option(each, `${id}-${n}`)));
  return made;
};

export const suggest = (box) => {
  const input = box.querySelector("input");
  const list = make({ id: "q-list" }, { role: "listbox", "aria-label": box.dataset.label });
  const status = make({ className: "hidden" }, { role: "status" });
  box.append(list, status);
  const state = (name, value) => input.setAttribute(`aria-${name}`, value);
  let [options, chosen, timer, asking] = [[]];

  const choose = (next) => {
    chosen?.removeAttribute("aria-selected");
    chosen = next;
    state("activedescendant", next?.id ?? "");
    next?.setAttribute("aria-selected", "true");
    next?.scrollIntoView({ block: "nearest" });
  };
  const show = (groups, said) => {
    list.replaceChildren(...groups);
    options = [...list.querySelectorAll(".option")];
    list.hidden = !options.length;
    state("expanded", !list.hidden);
    choose();
    status.textContent = said;
  };
  const forget = () => {
    clearTimeout(timer);
    asking?.abort();
  };
  const close = () => {
    forget();
    show([], "");
  };
  const ask = async () => {
    const { signal } = (asking = new AbortController());
    try {
      const answer = await fetch(`${box.dataset.suggest}&q=${encodeURIComponent(input.value)}`, { signal });
      const found = await answer.json();
      const names = ["topics", "spaces", "opportunities"].filter((name) => found[name].length);
      show(names.map((name) => group(name, box.dataset[name], found[name])), found.said);
    } catch {
      if (!signal.aborted) close();
    }
  };
  const begin = () => {
    forget();
    const text = input.value.trim();
    if (navigator.onLine && ([...text].length > 1 || UNSPACED.test(text))) timer = setTimeout(ask, 150);
    else close();
  };

  const go = (to) => to && location.assign(to.dataset.url);
  // Beyond either end one is back in the text.
  const keys = {
    ArrowDown: () => (list.hidden ? begin() : choose(options[options.indexOf(chosen) + 1])),
    ArrowUp: () => choose(options[(chosen ? options.indexOf(chosen) : options.length) - 1]),
    Escape: () => (list.hidden ? (input.value = "") : close()),
  };
  const keysOfChosen = {
    Home: () => choose(options[0]),
    End: () => choose(options.at(-1)),
    Enter: () => go(chosen),
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const act = keys[event.key] ?? (chosen && keysOfChosen[event.key]);
    if (act) event.preventDefault();
    (act ?? choose)();
  });
  input.addEventListener("input", begin);
  input.addEventListener("blur", close);
  // The text keeps the focus while somebody points.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => go(event.target.closest(".option")));

  // A search field may not be a combobox; a text field may.
  input.setAttribute("type", "text");
  input.setAttribute("role", "combobox");
  state("autocomplete", "list");
  state("controls", list.id);
  close();
};
