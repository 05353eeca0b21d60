"""Asks by OPTIONS and makes a call over SIP on WebSocket (RFC 7118): call.py URL NUMBER. Prints the status of each answer, and the answer's body."""
import asyncio
import sys
import uuid

import websockets

URL, NUMBER = sys.argv[1], sys.argv[2]
HOST = "client.invalid"
CALL = uuid.uuid4().hex
OFFER = "\r\n".join([
    "v=0", "o=ws 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio 9 RTP/AVP 0", "a=rtpmap:0 PCMU/8000", "a=sendrecv", ""])


def request(method, number, uri, to_tag="", body=""):
    lines = [
        f"{method} {uri} SIP/2.0",
        f"Via: SIP/2.0/WS {HOST};branch=z9hG4bK{uuid.uuid4().hex}",
        "Max-Forwards: 70",
        f"From: <sip:browser@{HOST}>;tag=w",
        f"To: <sip:{NUMBER}@postbell>" + (f";tag={to_tag}" if to_tag else ""),
        f"Call-ID: {CALL}-{'o' if method == 'OPTIONS' else 'i'}",
        f"CSeq: {number} {method}",
        f"Contact: <sip:browser@{HOST};transport=ws>",
    ]
    if body:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join(lines + [f"Content-Length: {len(body)}", "", body])


async def answer(socket):
    """The next final response: status, headers by name, body."""
    while True:
        text = await asyncio.wait_for(socket.recv(), 15)
        head, _, body = text.partition("\r\n\r\n")
        lines = head.split("\r\n")
        status = int(lines[0].split(" ")[1])
        if status >= 200:
            return status, {n.strip().lower(): v.strip() for n, v in (l.split(":", 1) for l in lines[1:])}, body


async def main():
    async with websockets.connect(URL, subprotocols=["sip"]) as socket:
        target = f"sip:{NUMBER}@postbell"
        await socket.send(request("OPTIONS", 1, target))
        print("OPTIONS", (await answer(socket))[0])
        await socket.send(request("INVITE", 1, target, body=OFFER))
        status, headers, body = await answer(socket)
        print("INVITE", status, body)
        tag = headers["to"].split(";tag=")[1]
        contact = headers["contact"].split("<")[1].split(">")[0]
        await socket.send(request("ACK", 1, contact, tag))
        await socket.send(request("BYE", 2, contact, tag))
        print("BYE", (await answer(socket))[0])


asyncio.run(main())
