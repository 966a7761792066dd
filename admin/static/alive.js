// Typing is work: while somebody types, the server is told every few minutes, so that the log-in does not time out
// under a long text. Where it has ended all the same, says so before the text is sent and lost.
"use strict";

{
  const EVERY_MS = 4 * 60 * 1000;
  const address = document.currentScript.dataset.alive;
  let told = Date.now();

  const warn = () => {
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = "登录已结束，现在保存会失败。请先把填写的内容复制到别处，再重新登录。";
    document.querySelector("main").prepend(notice);
    notice.scrollIntoView();
  };

  const tell = async () => {
    told = Date.now();
    const answer = await fetch(address, { cache: "no-store" }).then((a) => a.json(), () => null);
    if (answer?.logged_in === false) {
      document.removeEventListener("input", heard);
      warn();
    }
  };

  const heard = () => {
    if (Date.now() - told >= EVERY_MS) tell();
  };

  document.addEventListener("input", heard);
}
