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
    all("form").forEach((form) => { ["sent", "checked", "checking"].forEach((mark) => { delete form.dataset[mark]; }); });
    all(".is-busy").forEach((button) => button.classList.remove("is-busy"));
    document.getElementById("busy")?.setAttribute("hidden", "");
  }

  // A list whose choices depend on a choice before it: what does not go with it is out of the way.
  function fitChoices(select) {
    const chosen = first(`[name="${select.dataset.choicesOf}"]:checked`, select.form);
    if (!chosen) return;
    const allowed = (select.dataset[chosen.value] || "").split(" ").filter(Boolean);
    all("option", select).forEach((option) => {
      option.hidden = option.disabled = option.value !== "" && !allowed.includes(option.value);
    });
    all("optgroup", select).forEach((group) => { group.hidden = all("option", group).every((option) => option.hidden); });
    if (select.selectedOptions[0]?.disabled) select.value = "";
    select.closest(".field").hidden = allowed.length === 0;
  }

  // On a phone, what is in order is folded; the rest stays as it is.
  function foldOnNarrow() {
    if (window.innerWidth <= 640) all("details[data-fold-narrow]").forEach((part) => { part.open = false; });
  }

  // A live part is read out only when its words change, from a region that is never replaced.
  function announce(event) {
    const part = event.target.closest?.("[data-announce]") || first("[data-announce]", event.target);
    const region = document.getElementById("announcer");
    if (part && region && region.textContent !== part.dataset.announce) region.textContent = part.dataset.announce;
  }

  // What a page could not send must be heard of: the box says which trouble it is, and the draft that it is not saved.
  const TROUBLES = ["trouble", "signed-out"];
  function tell(name) {
    TROUBLES.forEach((each) => { const box = document.getElementById(each); if (box) box.hidden = each !== name; });
  }

  const savesItself = (form) => form?.matches?.("form[hx-post][hx-trigger]");
  const drafts = new Map(); // form -> whether it holds what the server has not kept: "typed" or "failed"

  function sendFailed(event) {
    tell(event.detail.xhr?.status === 401 ? "signed-out" : "trouble");
    draftFailed(event.detail.elt);
  }

  function draftFailed(form) {
    if (!savesItself(form)) return;
    drafts.set(form, "failed");
    const saved = document.getElementById("draft-saved");
    if (saved) saved.textContent = "";
    document.getElementById("draft-failed")?.removeAttribute("hidden");
  }

  function sendAnswered(event) {
    if (!event.detail.successful) return; // told by responseError, sendError or timeout; a send that was replaced is none
    tell("");
    if (!savesItself(event.detail.elt)) return;
    drafts.delete(event.detail.elt);
    document.getElementById("draft-failed")?.setAttribute("hidden", "");
  }

  function noteTyping(event) {
    const form = event.target.form;
    if (savesItself(form) && drafts.get(form) !== "failed") drafts.set(form, "typed");
  }

  // Left before the pause in which it saves: sent along. What could not be saved asks before it is left.
  function saveOnLeaving() {
    drafts.forEach((state, form) => {
      if (state === "typed" && !form.dataset.sent) fetch(form.getAttribute("hx-post"), { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true });
    });
  }

  function askOnLeaving(event) {
    drafts.forEach((state, form) => { if (state === "failed" && !form.dataset.sent) event.preventDefault(); });
  }

  // Signing in again in another window gives a new token; a page that stayed open sends that one.
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  function renewToken(event) {
    const fresh = token();
    if (!fresh) return;
    event.detail.headers["X-CSRFToken"] = fresh;
    if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = fresh;
  }

  // A form with what somebody typed leaves the page only when its answer can be had: signed in, and the server there.
  function checkSession(event) {
    const form = event.target;
    const url = document.body.dataset.session;
    if (event.defaultPrevented || !url || form.method !== "post" || !form.matches(".form") || form.hasAttribute("data-again")) return;
    if (form.dataset.checked) {
      delete form.dataset.checked;
      return;
    }
    event.preventDefault();
    if (form.dataset.checking) return;
    form.dataset.checking = "yes";
    fetch(url, { headers: { "HX-Request": "true" }, cache: "no-store" }).then((answer) => {
      delete form.dataset.checking;
      if (answer.status !== 204) {
        tell(answer.status === 401 ? "signed-out" : "trouble");
        draftFailed(form);
        return;
      }
      tell("");
      const box = first("input[name='csrfmiddlewaretoken']", form);
      if (box && token()) box.value = token();
      form.dataset.checked = "yes";
      form.requestSubmit(event.submitter);
    }).catch(() => {
      delete form.dataset.checking;
      tell("trouble");
      draftFailed(form);
    });
  }

  document.addEventListener("click", followErrorLink);
  document.addEventListener("click", closeMessage);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-print]")) window.print(); });
  document.addEventListener("change", chooseRows);
  document.addEventListener("change", tidyDate);
  document.addEventListener("input", noteTyping);
  document.addEventListener("submit", checkSession);
  document.addEventListener("submit", guardSubmit);
  window.addEventListener("pageshow", wake);
  document.addEventListener("htmx:load", announce);
  window.addEventListener("pagehide", saveOnLeaving);
  window.addEventListener("beforeunload", askOnLeaving);
  document.addEventListener("htmx:configRequest", renewToken);
  document.addEventListener("htmx:responseError", sendFailed);
  document.addEventListener("htmx:sendError", sendFailed);
  document.addEventListener("htmx:timeout", sendFailed);
  document.addEventListener("htmx:afterRequest", sendAnswered);
  document.addEventListener("keydown", (event) => {
    const menu = first(".mobile-menu[open]");
    if (event.key === "Escape" && menu) { menu.open = false; first("summary", menu).focus(); }
  });

  // On a narrow screen the tab that one is on would lie outside.
  function showCurrentTab(bar) {
    const current = first("[aria-current]", bar);
    if (current && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = current.offsetLeft - bar.offsetLeft - (bar.clientWidth - current.offsetWidth) / 2;
  }

  all(".tabs, .subnav").forEach(showCurrentTab);
  all("select[data-choices-of]").forEach((select) => {
    fitChoices(select);
    all(`[name="${select.dataset.choicesOf}"]`, select.form).forEach((choice) => choice.addEventListener("change", () => fitChoices(select)));
  });
  foldOnNarrow();
  all("[data-print]").forEach((button) => { button.hidden = false; });
  all("form.batch").forEach(countChosen);
  startMessages();
  takeFocus();
})();
