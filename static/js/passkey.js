// Passkeys: the page holds what the browser is asked, a form carries its answer.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const listed = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const make = async (options) => {
  const user = { ...options.user, id: bytes(options.user.id) };
  const { id, type, response } = await navigator.credentials.create({
    publicKey: {
      ...options,
      user,
      challenge: bytes(options.challenge),
      excludeCredentials: listed(options.excludeCredentials),
    },
  });
  return {
    id,
    rawId: id,
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
    },
  };
};

const show = async (options) => {
  const { id, type, response } = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: listed(options.allowCredentials),
    },
  });
  return {
    id,
    rawId: id,
    type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle && text(response.userHandle),
    },
  };
};

export const offer = (form) => {
  if (!window.PublicKeyCredential) {
    form.hidden = true;
    return;
  }
  const said = form.querySelector("[role=status]");
  const ask = form.dataset.passkey === "make" ? make : show;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      form.elements.answer.value = JSON.stringify(await ask(JSON.parse(form.dataset.options)));
    } catch {
      said.textContent = form.dataset.refused;
      return;
    }
    form.submit();
  });
};
