// A telephone as SIP.js makes them for browsers, but with plain RTP where a browser has WebRTC: asks by OPTIONS, calls, speaks, presses keys by INFO, hangs up.
// Arguments: URL NUMBER USER SPEECH (a file of mu-law). Prints the status of each answer and how many packets of audio came.
import dgram from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Inviter, SessionState, UserAgent } from 'sip.js';
import { WebSocket } from 'ws';

globalThis.WebSocket = WebSocket;
const [url, number, user, file] = process.argv.slice(2);
const frame = 160;
const silence = Buffer.alloc(frame, 0xff);

class PlainAudio {
  heard = 0;
  #speech = [];
  #socket = dgram.createSocket('udp4');
  #bound = new Promise((resolve) => this.#socket.bind(0, '127.0.0.1', resolve));
  #timer;

  hasDescription(contentType) {
    return contentType === 'application/sdp';
  }

  async getDescription() {
    await this.#bound;
    const lines = ['v=0', 'o=ws 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${this.#socket.address().port} RTP/AVP 0`, 'a=rtpmap:0 PCMU/8000', 'a=sendrecv', ''];
    return { body: lines.join('\r\n'), contentType: 'application/sdp' };
  }

  async setDescription(sdp) {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)[1];
    const port = Number(/^m=audio (\d+)/m.exec(sdp)[1]);
    this.#socket.on('message', () => this.heard++);
    const begin = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      for (; sent * 20 <= performance.now() - begin; sent++) {
        this.#socket.send(this.#packet(sent), port, address);
      }
    }, 5);
  }

  async rollbackDescription() {}

  sendDtmf() {
    return false;
  }

  close() {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  async speak(samples) {
    for (let at = 0; at < samples.length; at += frame) {
      const part = Buffer.from(silence);
      samples.copy(part, 0, at, at + frame);
      this.#speech.push(part);
    }

    while (this.#speech.length > 0) {
      await delay(20);
    }
  }

  #packet(index) {
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head.writeUInt16BE(index & 0xffff, 2);
    head.writeUInt32BE(index * frame, 4);
    head.writeUInt32BE(4711, 8);
    return Buffer.concat([head, this.#speech.shift() ?? silence]);
  }
}

const answer = (send) =>
  new Promise((resolve) => {
    const done = (response) => resolve(response.message.statusCode);
    send({ onAccept: done, onReject: done });
  });

const audio = new PlainAudio();
const agent = new UserAgent({
  uri: UserAgent.makeURI(`sip:${user}@client.invalid`),
  transportOptions: { server: url },
  sessionDescriptionHandlerFactory: () => audio,
  logLevel: 'error',
});
await agent.start();
const target = UserAgent.makeURI(`sip:${number}@postbell`);
const core = agent.userAgentCore;
console.log('OPTIONS', await answer((delegate) => core.request(core.makeOutgoingRequestMessage('OPTIONS', target, agent.configuration.uri, target, {}), delegate)));

const call = new Inviter(agent, target);
const established = new Promise((resolve) => call.stateChange.addListener((state) => state === SessionState.Established && resolve()));
console.log('INVITE', await answer((requestDelegate) => call.invite({ requestDelegate })));
await established;

const press = async (key) => {
  const body = { contentDisposition: 'render', contentType: 'application/dtmf-relay', content: `Signal=${key}\r\nDuration=160\r\n` };
  console.log('INFO', key, await answer((requestDelegate) => call.info({ requestDelegate, requestOptions: { body } })));
};
await delay(1000);
await press('1'); // ends the greeting
await delay(2000);
await audio.speak(await readFile(file));
for (const key of '#11') {
  await delay(300);
  await press(key);
  await delay(700);
}

console.log('HEARD', audio.heard);
console.log('BYE', await answer((requestDelegate) => call.bye({ requestDelegate })));
await agent.stop();
process.exit(0);
