// Two clients, compressed and with QRESYNC: what one changes the other hears of, and what it missed it catches up with. Arguments: HOST PORT USER PASSWORD.
import { ImapFlow } from 'imapflow';

const [host, port, user, pass] = process.argv.slice(2);
const open = async () => {
  // The demo's certificate is its own; STARTTLS is used where the server offers it.
  const client = new ImapFlow({ host, port: Number(port), secure: false, auth: { user, pass }, tls: { rejectUnauthorized: false }, logger: false, qresync: true });
  await client.connect();
  return client;
};
const until = async (condition) => {
  for (let i = 0; i < 500 && !condition(); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const folder = 'Sync & Größe';
const one = await open();
await one.mailboxCreate(folder);
for (let i = 1; i <= 5; i++) {
  await one.append(folder, `Subject: ${i}\r\n\r\n${'x'.repeat(5000)}\r\n`, i === 5 ? ['\\Flagged'] : []);
}

const first = await one.mailboxOpen(folder);
const known = { uidValidity: first.uidValidity, changedSince: first.highestModseq };
const told = [];
one.on('expunge', ({ uid }) => told.push(uid));
const idling = one.idle();
const two = await open();
await two.mailboxOpen(folder);
await two.messageDelete('2', { uid: true });
await until(() => told.length > 0);
await one.logout();
await idling;

await two.messageFlagsAdd('3', ['\\Seen'], { uid: true });
await two.messageDelete('4', { uid: true });
const stale = await two.messageFlagsAdd('3', ['\\Answered'], { uid: true, unchangedSince: known.changedSince });
const changed = [];
for await (const message of two.fetch('1:*', { uid: true, flags: true }, { changedSince: known.changedSince })) {
  changed.push(message.uid);
}

const back = await open();
const vanished = [];
const flags = [];
back.on('expunge', ({ uid }) => vanished.push(uid));
back.on('flags', ({ uid, flags: now }) => flags.push([uid, ...now].join(' ')));
await back.mailboxOpen(folder, known);
await until(() => vanished.length > 1 && flags.length > 0);
const flagged = await back.search({ flagged: true }, { uid: true });
console.log(JSON.stringify({
  compressed: back._deflate !== undefined && back._deflate !== false,
  enabled: [...back.enabled].sort(),
  names: (await back.list()).map((f) => f.path).filter((p) => p.startsWith('Sync')),
  told, changed, vanished, flags, flagged, stale,
}));
await back.mailboxClose();
await back.mailboxDelete(folder);
await back.logout();
await two.logout();
