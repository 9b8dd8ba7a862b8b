// The live connection: hands every push to `onPush`, reconnects by itself and tells `onChange` how it stands.

const LONGEST_WAIT_MS = 5000;

export function connect({ as, onPush, onChange }) {
  let socket = null;
  let wait_ms = 250;
  let everOpen = false;
  let stopped = false;

  function open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    socket = new WebSocket(`${scheme}://${location.host}/_/live?as=${encodeURIComponent(as)}`);
    socket.addEventListener("open", () => {
      wait_ms = 250;
      onChange({ open: true, again: everOpen });
      everOpen = true;
    });
    socket.addEventListener("message", (event) => onPush(JSON.parse(event.data)));
    socket.addEventListener("close", retry);
  }

  function retry() {
    if (stopped) return;
    onChange({ open: false, again: false });
    setTimeout(open, wait_ms);
    wait_ms = Math.min(wait_ms * 2, LONGEST_WAIT_MS);
  }

  open();
  return () => {
    stopped = true;
    socket.close();
  };
}
