// Plotly.js, loaded when the first picture is drawn.

const FILE = "plotly-cartesian-4.1.1.min.js";

// Static: an overlay answers the pointer, so Plotly builds no hover or drag layers, and a finger scrolls.
export const CONFIG = { staticPlot: true, displayModeBar: false, displaylogo: false, responsive: false };

let loading = null; // the promise of the library

export function loadPlotly() {
  if (globalThis.Plotly) return Promise.resolve(globalThis.Plotly);
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL(FILE, import.meta.url).href;
    script.onload = () => resolve(globalThis.Plotly);
    script.onerror = () => {
      loading = null;
      reject(new Error("plotly"));
    };
    document.head.append(script);
  });
  return loading;
}
