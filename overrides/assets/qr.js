// Draws an address as a QR code with its quiet zone. The page asks for it when somebody wants one, and for nothing before.
import { generate } from "./vendor/lean-qr-2.7.4.min.js"

export const draw = (into, address, title) => {
  const code = generate(address), size = code.size + 8
  let dark = ""
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (code.get(x - 4, y - 4)) dark += `M${x} ${y}h1v1h-1z`
  into.innerHTML = `<svg role="img" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${dark}"/></svg>`
  into.parentNode.classList.add("visit-code")
  into.firstChild.setAttribute("aria-label", title)
}
