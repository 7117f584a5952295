/**
 * What a fake of Web Bluetooth in the page does between the packets of docs/protocol.md 9.1 and a
 * virtual card's WebSocket, which has lines. Script for the page: `toCable(packet)` and
 * `fromCable(notify)`, around `window.cable`.
 */
export const PACKETS = `
  let parts = [];
  const toCable = (packet) => {
    if (packet[0] === 0x7f) return;
    if (packet[0] & 0x80) parts = [];
    parts.push(...packet.slice(1));
    if (packet[0] & 0x7f) return;
    window.cable.send(new TextEncoder().encode(btoa(String.fromCharCode(...parts)) + "\\n"));
  };
  const fromCable = (notify) => {
    let text = "";
    return ({ data }) => {
      text += new TextDecoder("latin1").decode(data);
      const lines = text.split("\\n");
      text = lines.pop();
      for (const line of lines) {
        const raw = Uint8Array.from(atob(line), (c) => c.charCodeAt(0));
        const count = Math.ceil(raw.length / 19);
        for (let i = 0; i < count; i++) {
          const head = count - 1 - i + (i ? 0 : 0x80);
          notify(Uint8Array.of(head, ...raw.slice(19 * i, 19 * i + 19)));
        }
      }
    };
  };
`;
