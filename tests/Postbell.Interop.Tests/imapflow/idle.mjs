// Waits in IDLE for a new message and says which one came. Arguments: HOST PORT USER PASSWORD.
import { ImapFlow } from 'imapflow';

const [host, port, user, pass] = process.argv.slice(2);
// The demo's certificate is its own; STARTTLS is used all the same.
const client = new ImapFlow({ host, port: Number(port), secure: false, auth: { user, pass }, tls: { rejectUnauthorized: false }, logger: false });

await client.connect();
if (!client.secureConnection) {
  throw new Error('the connection was not upgraded to TLS');
}

await client.mailboxOpen('INBOX');
client.on('exists', async ({ count, prevCount }) => {
  const seen = [];
  for await (const message of client.fetch(`${prevCount + 1}:${count}`, { uid: true, envelope: true, bodyStructure: true, headers: ['x-callid'] })) {
    const audio = (message.bodyStructure.childNodes ?? []).filter((part) => part.type.startsWith('audio/'));
    seen.push({ uid: message.uid, subject: message.envelope.subject, callId: message.headers.toString().split(':')[1]?.trim(), audioParts: audio.length });
  }

  console.log(JSON.stringify({ arrived: seen }));
  await client.logout();
  process.exit(0);
});
console.log(JSON.stringify({ waiting: true, messages: client.mailbox.exists }));
await client.idle();
