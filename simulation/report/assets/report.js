/* Draws the charts of the page from its JSON: fills in colours and number formats, follows theme, size and print. */
(function () {
  "use strict";
  var page = JSON.parse(document.getElementById("charts").textContent);
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var drawn = [];
  var PAPER = { width: 680, height: 200 };
  var printing = false;

  function duration(seconds) {
    if (seconds == null || isNaN(seconds)) return "–";
    var size = Math.abs(seconds);
    if (size < 59.5) return (size < 9.95 && size % 1 ? seconds.toFixed(1) : Math.round(seconds)) + " s";
    var minutes = Math.round(size) / 60;
    if (size < 3599.5) {
      var rest = Math.round(size) % 60;
      return Math.floor(minutes) + " min" + (rest ? " " + rest + " s" : "");
    }
    var whole = Math.round(size / 60);
    return Math.floor(whole / 60) + " h" + (whole % 60 ? " " + (whole % 60) + " min" : "");
  }
  var formats = {
    share: function (v) { return v == null ? "–" : (Math.round(v * 1000) / 10) + " %"; },
    count: function (v) { return v == null ? "–" : (Math.round(v * 10) / 10).toLocaleString("en"); },
    duration: duration,
    "after-up-to": function (v) { return v.replace(/^.*up to /, ""); }
  };

  function filled(value, colours) {
    if (Array.isArray(value)) return value.map(function (v) { return filled(v, colours); });
    if (value && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = filled(value[key], colours); });
      return copy;
    }
    if (typeof value === "string") {
      if (value.indexOf("token:") === 0) return colours[value.slice(6)];
      if (value.indexOf("format:") === 0) return formats[value.slice(7)];
    }
    return value;
  }

  function theme() {
    var asked = root.getAttribute("data-theme");
    return asked || (dark.matches ? "dark" : "light");
  }

  function draw(name, size) {
    drawn.forEach(function (chart) { chart.dispose(); });
    drawn = page.charts.map(function (one) {
      var place = document.getElementById("plot-" + one.key);
      var chart = echarts.init(place, page.themes[name], Object.assign({ renderer: "svg" }, size, size && one.height ? { height: one.height } : {}));
      var option = filled(one.option, page.colours[name]);
      option.animation = false;
      // over an axis of times the tooltip is headed by a number of seconds; write it as a duration
      if (option.xAxis.type === "value" && option.tooltip && option.tooltip.trigger === "axis") {
        option.xAxis.axisPointer = { label: { formatter: function (p) { return "at most " + duration(p.value); } } };
      }
      option.tooltip = Object.assign({ confine: true }, option.tooltip);
      chart.setOption(option);
      fit(chart);
      return chart;
    });
  }

  // With a viewBox the print style can scale a chart to any width of paper.
  function fit(chart) {
    var svg = chart.getDom().querySelector("svg");
    svg.setAttribute("viewBox", "0 0 " + chart.getWidth() + " " + chart.getHeight());
  }

  if (typeof echarts === "undefined") {
    document.body.classList.add("failed");
    document.querySelectorAll("details.data").forEach(function (d) { d.open = true; });
    return;
  }
  draw(theme());
  dark.addEventListener("change", function () { draw(theme()); });
  window.addEventListener("resize", function () { if (!printing) drawn.forEach(function (c) { c.resize(); fit(c); }); });
  var folded = [];  // paper has nothing to click on
  window.addEventListener("beforeprint", function () {
    printing = true;
    folded = Array.from(document.querySelectorAll("details.fold:not([open])"));
    folded.forEach(function (d) { d.open = true; });
    draw("light", PAPER);
  });
  window.addEventListener("afterprint", function () {
    printing = false;
    folded.forEach(function (d) { d.open = false; });
    draw(theme());
  });
  var button = document.getElementById("theme");
  if (!button) return;  // a chart alone, as in a notebook
  button.hidden = false;
  function label() { button.textContent = theme() === "dark" ? "Light colours" : "Dark colours"; }
  label();
  button.addEventListener("click", function () {
    root.setAttribute("data-theme", theme() === "dark" ? "light" : "dark");
    label();
    draw(theme());
  });
})();
