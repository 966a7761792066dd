// Typing is work: while somebody types, the server is told every few minutes, so that the log-in does not time out
// under a long text. A form is sent only when its writer is still logged in: a text never goes where it would be lost.
"use strict";

{
  const EVERY_MS = 4 * 60 * 1000;
  const { alive, login, user } = document.currentScript.dataset;
  const ENDED = "登录已结束，现在保存不了；填写的内容都还在这一页。请不要关掉这一页：在新页面重新登录，再回到这里按“保存”。";
  const ANOTHER = "这个浏览器里现在登录的是另一个人，不能替他保存；填写的内容都还在这一页。请在新页面退出，用自己的账号登录，再回到这里按“保存”。";
  const AWAY = "连不上服务器，没有保存；填写的内容都还在这一页。请稍等一会儿再按“保存”。";
  const notice = document.createElement("div");
  let told = Date.now();

  const warn = (sentence, isLinked) => {
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    const link = Object.assign(document.createElement("a"), { href: login, target: "_blank", textContent: "打开新页面" });
    notice.replaceChildren(sentence, ...(isLinked ? [" ", link] : []));
    document.querySelector("main").prepend(notice);
    notice.scrollIntoView({ block: "center" });
  };

  const ask = () => {
    told = Date.now();
    return fetch(alive, { cache: "no-store" }).then((answer) => answer.json()).catch(() => null);
  };

  // Whether what the page holds can be saved now; says so where it cannot.
  const isSafe = (answer) => {
    if (answer?.logged_in && String(answer.user) === user) return true;
    warn(!answer ? AWAY : answer.logged_in ? ANOTHER : ENDED, Boolean(answer));
    return false;
  };

  document.addEventListener("input", async () => {
    if (Date.now() - told < EVERY_MS) return;
    const answer = await ask();
    if (answer) isSafe(answer);
  });

  let asked = null; // the form about which the server is being asked
  let passed = null; // the form that may go

  // In the capture phase: what else listens hears only of the form that goes.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-unsaved]") || form === passed) return void (passed = null);
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form === asked) return;
    asked = form;
    const answer = await ask();
    asked = null;
    if (!isSafe(answer)) return;
    form.elements.csrf_token.value = answer.csrf_token; // another one after another log-in
    passed = form;
    form.requestSubmit(event.submitter);
  }, true);
}
