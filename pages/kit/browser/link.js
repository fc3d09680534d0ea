// The address says what is chosen on the page (pages/kit/choices.py).

import { writeAddress } from "./address.js";

export default function ({ data }) {
  writeAddress(data.codes);
}
