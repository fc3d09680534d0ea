// What this window waits for is kept here, too: a server that is started again knows of nobody (pages/kit/experiment.py).

const told = new WeakMap(); // element -> what the server was told last

export default function ({ data, parentElement, setStateValue }) {
  if (data.asked === null || told.get(parentElement) === data.asked) return;
  told.set(parentElement, data.asked);
  setStateValue("asked", data.asked);
}
