// What pages do beyond plain HTML. Everything works without this file, except the live progress that htmx brings.
"use strict";

(() => {
  const SUCCESS_STAYS_MS = 8000; // long enough to be read; failures stay until they are closed
  const BUSY_AFTER_MS = 2000;

  const first = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // Errors and confirmations take the focus, so that keyboard and screen reader start there.
  function takeFocus() {
    const summary = first("[data-take-focus]");
    if (!summary) return;
    summary.focus();
    const prefix = summary.dataset.titlePrefix;
    if (prefix && !document.title.startsWith(prefix)) document.title = `${prefix} ${document.title}`;
  }

  // A link of the error summary puts the cursor into its field, with the label in view.
  function followErrorLink(event) {
    const link = event.target.closest(".error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".field") || field).scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  }

  // 20191208, 2019/12/8 and 2019.12.8 are dates too: written out the one way that the rest of the page has.
  function tidyDate(event) {
    if (!event.target.matches?.("[data-date]")) return;
    const parts = event.target.value.trim().match(/^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))$/);
    if (parts) event.target.value = [parts[1], (parts[2] || parts[4]).padStart(2, "0"), (parts[3] || parts[5]).padStart(2, "0")].join("-");
  }

  function closeMessage(event) {
    const button = event.target.closest("[data-close]");
    if (button) button.closest(".message").remove();
  }

  function startMessages() {
    all("[data-close]").forEach((button) => { button.hidden = false; });
    all("[data-fade]").forEach((message) => {
      setTimeout(() => message.classList.add("is-gone"), SUCCESS_STAYS_MS);
    });
  }

  // Batch bar: how many rows are chosen, and one box for all of them.
  function countChosen(form) {
    const boxes = all("tbody .select input", form);
    const chosen = boxes.filter((box) => box.checked).length;
    all("[data-batch-count]", form).forEach((place) => { place.textContent = chosen; });
    const every = first("thead .select input", form);
    if (every) {
      every.checked = chosen > 0 && chosen === boxes.length;
      every.indeterminate = chosen > 0 && chosen < boxes.length;
    }
  }

  function chooseRows(event) {
    const form = event.target.closest("form.batch");
    if (!form || !event.target.matches(".select input")) return;
    if (event.target.closest("thead")) {
      all("tbody .select input", form).forEach((box) => { box.checked = event.target.checked; });
    }
    countChosen(form);
  }

  // One press sends a form once; after two seconds the page says that it is working.
  function guardSubmit(event) {
    const form = event.target;
    const sentByHtmx = form.hasAttribute("hx-post") && !form.hasAttribute("hx-trigger"); // with a trigger it only saves drafts
    if (event.defaultPrevented || form.method !== "post" || sentByHtmx || form.hasAttribute("data-again")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    all("button[type='submit']", form).forEach((button) => button.classList.add("is-busy"));
    setTimeout(() => { if (form.dataset.sent) document.getElementById("busy")?.removeAttribute("hidden"); }, BUSY_AFTER_MS);
  }

  // Coming back with the browser's button must not find dead forms.
  function wake() {
    all("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
    all(".is-busy").forEach((button) => button.classList.remove("is-busy"));
    document.getElementById("busy")?.setAttribute("hidden", "");
  }

  // A live part is read out only when its words change, from a region that is never replaced.
  function announce(event) {
    const part = event.target.closest?.("[data-announce]") || first("[data-announce]", event.target);
    const region = document.getElementById("announcer");
    if (part && region && region.textContent !== part.dataset.announce) region.textContent = part.dataset.announce;
  }

  const trouble = (shown) => { const box = document.getElementById("trouble"); if (box) box.hidden = !shown; };

  document.addEventListener("click", followErrorLink);
  document.addEventListener("click", closeMessage);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
  document.addEventListener("change", chooseRows);
  document.addEventListener("change", tidyDate);
  document.addEventListener("submit", guardSubmit);
  window.addEventListener("pageshow", wake);
  document.addEventListener("htmx:load", announce);
  document.addEventListener("htmx:responseError", () => trouble(true));
  document.addEventListener("htmx:sendError", () => trouble(true));
  document.addEventListener("htmx:afterOnLoad", () => trouble(false));
  document.addEventListener("keydown", (event) => {
    const menu = first(".mobile-menu[open]");
    if (event.key === "Escape" && menu) { menu.open = false; first("summary", menu).focus(); }
  });

  all("[data-print]").forEach((button) => { button.hidden = false; });
  all("form.batch").forEach(countChosen);
  startMessages();
  takeFocus();
})();
