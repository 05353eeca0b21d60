"""A session of Python's imaplib that uses what mail programs use. Arguments: HOST PORT USER PASSWORD CA-FILE CALL-ID. Ends with 0 when all was right."""
import email, email.policy, imaplib, ssl, sys

host, port, user, password, ca, call_id = sys.argv[1:7]


def ok(answer):
    assert answer[0] == "OK", answer
    return answer[1]


m = imaplib.IMAP4(host, int(port))
context = ssl.create_default_context(cafile=ca)
context.check_hostname = False
m.starttls(context)
m.login(user, password)
assert "IDLE" in m.capabilities and "MOVE" in m.capabilities and "UIDPLUS" in m.capabilities, m.capabilities

# The voice message of the call, with everything a client asks for.
ok(m.select("INBOX", readonly=True))
uid = ok(m.uid("SEARCH", "HEADER", "X-CallID", call_id))[0].split()
assert len(uid) == 1, uid
whole = ok(m.uid("FETCH", uid[0], "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[])"))
raw = next(p[1] for p in whole if isinstance(p, tuple))
size = int(next(p[0] for p in whole if isinstance(p, tuple)).split(b"RFC822.SIZE ")[1].split()[0])
assert size == len(raw), (size, len(raw))
message = email.message_from_bytes(raw, policy=email.policy.default)
assert not message.defects and not any(p.defects for p in message.walk()), [p.defects for p in message.walk()]
audio = [p for p in message.walk() if p.get_content_maintype() == "audio"]
assert len(audio) == 1 and len(audio[0].get_content()) > 1000
assert message["X-CallID"] == call_id and message.get_body(("plain",)) and message.get_body(("html",))
part = ok(m.uid("FETCH", uid[0], "(BODY.PEEK[]<10.20>)"))
assert next(p[1] for p in part if isinstance(p, tuple)) == raw[10:30]

# Folders, appending, searching, flags, copying, expunging.
ok(m.create("work"))
ok(m.create("work/inner"))
assert any(b"work/inner" in line for line in ok(m.list()))
ok(m.subscribe("work/inner"))
for i in range(20):
    text = f"From: a{i}@example.com\r\nTo: {user}\r\nSubject: note {i}\r\nMessage-ID: <n{i}@example.com>\r\n\r\nbody {i} {'needle' if i == 7 else 'hay'}\r\n"
    ok(m.append("work", r"(\Seen)" if i % 2 else None, imaplib.Time2Internaldate(1700000000 + i * 60), text.encode()))
ok(m.select("work"))
assert len(ok(m.search(None, "UNSEEN"))[0].split()) == 10
assert ok(m.search(None, "BODY", "needle"))[0] == b"8"
assert ok(m.search(None, "SUBJECT", '"note 1"', "NOT", "SEEN"))[0].split() == [b"11", b"13", b"15", b"17", b"19"]
ok(m.store("1:3", "+FLAGS", r"(\Flagged)"))
assert ok(m.search(None, "FLAGGED"))[0] == b"1 2 3"
ok(m.copy("1:5", "work/inner"))
ok(m.store("1:5", "+FLAGS", r"(\Deleted)"))
ok(m.expunge())
assert int(ok(m.status("work", "(MESSAGES)"))[0].split(b"MESSAGES ")[1].rstrip(b")")) == 15
ok(m.select("work/inner"))
assert ok(m.search(None, "ALL"))[0] == b"1 2 3 4 5"
ok(m.rename("work/inner", "other"))
assert m.select("work/inner")[0] == "NO"
m.logout()
print("all right")
