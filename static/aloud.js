/* Reads the page aloud, where the browser itself has a voice for the page's language: voices that send the text to some
   company's server are left out. Without such a voice, or without scripts, the button stays hidden. */
"use strict";

(function () {
  var button = document.querySelector("[data-aloud]"), speech = window.speechSynthesis;
  if (!button || !speech || !("SpeechSynthesisUtterance" in window)) return;
  var parts = "h1, h2, h3, p, li, legend, label, dt, dd, summary, button, .kern-btn";

  function language(tag) { return tag.toLowerCase().split(/[-_]/)[0]; }

  function voice(tag) {
    return speech.getVoices().filter(function (each) {
      return each.localService && language(each.lang) === language(tag);
    })[0];
  }

  function texts() {
    return Array.prototype.filter.call(document.querySelectorAll("main " + parts.replace(/, /g, ", main ")), function (part) {
      return part !== button && part.offsetParent && part.innerText.trim() && !part.parentElement.closest(parts);
    });
  }

  function stop() {
    speech.cancel();
    button.setAttribute("aria-pressed", "false");
  }

  function start() {
    speech.cancel();
    button.setAttribute("aria-pressed", "true");
    texts().forEach(function (part) {
      var tag = part.closest("[lang]").lang, said = new SpeechSynthesisUtterance(part.innerText.trim());
      said.voice = voice(tag) || voice(document.documentElement.lang);
      said.lang = said.voice.lang;
      speech.speak(said);
    });
    var end = new SpeechSynthesisUtterance("");
    end.onend = stop;
    speech.speak(end);
  }

  function offer() { button.hidden = !voice(document.documentElement.lang); }

  button.addEventListener("click", function () {
    if (button.getAttribute("aria-pressed") === "true") stop(); else start();
  });
  window.addEventListener("pagehide", function () { speech.cancel(); });
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offer);
  offer();
})();
