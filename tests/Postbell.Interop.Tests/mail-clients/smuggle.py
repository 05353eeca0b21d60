"""Sends a message with a false end (hexadecimal) and a second one behind it. Arguments: PORT RECIPIENT MARK FALSE-END. Ends with 0 when the server cut it off."""
import socket, sys

port, recipient, mark, end = int(sys.argv[1]), sys.argv[2], sys.argv[3], bytes.fromhex(sys.argv[4])
s = socket.create_connection(("127.0.0.1", port), 20)
f = s.makefile("rb")


def reply():
    while True:
        line = f.readline()
        if len(line) < 4 or line[3:4] != b"-":
            return line


def say(text):
    s.sendall(text + b"\r\n")
    return reply()


assert reply().startswith(b"220 ")
assert say(b"EHLO client.partner.test").startswith(b"250 ")
assert say(b"MAIL FROM:<ann@partner.test>").startswith(b"250 ")
assert say(b"RCPT TO:<%s>" % recipient.encode()).startswith(b"250 ")
assert say(b"DATA").startswith(b"354 ")
inner = b"MAIL FROM:<ceo@example.test>\r\nRCPT TO:<%s>\r\nDATA\r\nSubject: %s inner\r\n\r\nx\r\n.\r\n" % (recipient.encode(), mark.encode())
s.sendall(b"Subject: %s outer\r\n\r\nx" % mark.encode() + end + inner)
first, second = reply(), reply()
assert first.startswith(b"521 "), first
assert second == b"", second
print("cut off")
